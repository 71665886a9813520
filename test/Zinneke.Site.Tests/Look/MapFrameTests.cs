using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Site.Tests.Look;

/// <summary>The map without JavaScript: a click on the drawn picture means the place that is drawn there.</summary>
public class MapFrameTests
{
    private static readonly MapFrame Start = new(4.3517, 50.8466, 15);

    [Fact]
    public void Tile_corners_are_where_web_maps_have_them()
    {
        // Tile 12/2097/1373 begins at these degrees: x/2^z·360-180 and atan(sinh(π(1-2y/2^z))).
        var frame = new MapFrame(2097 / 4096.0 * 360 - 180, Math.Atan(Math.Sinh(Math.PI * (1 - 2 * 1373 / 4096.0))) * 180 / Math.PI, 12, 512, 512);
        var (lon, lat) = frame.At(512, 512);
        lon.ShouldBe(2098 / 4096.0 * 360 - 180, 1e-9);
        lat.ShouldBe(Math.Atan(Math.Sinh(Math.PI * (1 - 2 * 1374 / 4096.0))) * 180 / Math.PI, 1e-9);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(160, 160)]
    [InlineData(319, 7)]
    public void There_and_back(double x, double y)
    {
        var (lon, lat) = Start.At(x, y);
        var (backX, backY) = Start.ToPixels(lon, lat);
        backX.ShouldBe(x, 1e-6);
        backY.ShouldBe(y, 1e-6);
    }

    [Theory]
    [InlineData(4.2, 50.75, 4.5, 50.92)] // A region: its height decides.
    [InlineData(4.35, 50.80, 4.36, 50.84)]
    [InlineData(2.5, 49.5, 6.4, 51.5)]
    public void A_frame_of_a_box_shows_all_of_it_and_little_else(double west, double south, double east, double north)
    {
        var frame = MapFrame.Of(new Box(west, south, east, north));
        var (left, top) = frame.ToPixels(west, north);
        var (right, bottom) = frame.ToPixels(east, south);
        Math.Min(left, top).ShouldBeGreaterThan(4);
        Math.Min(frame.Width - right, frame.Height - bottom).ShouldBeGreaterThan(4);
        Math.Max(right - left, bottom - top).ShouldBeGreaterThan(280);
    }

    [Fact]
    public void A_point_is_no_reason_to_go_closer_than_maps_go() => MapFrame.Of(new Box(4.35, 50.85, 4.35, 50.85)).Zoom.ShouldBe(MapFrame.MaxZoom);

    [Fact]
    public void A_frame_survives_its_hidden_field()
    {
        MapFrame.TryParse(Start.ToString(), out var read).ShouldBeTrue();
        read.ShouldBe(Start);
        foreach (var bad in (string[])["", "4,50,15,320", "4,50,15,320,999999", "4,91,15,320,320", "4,50,99,320,320", "NaN,50,15,320,320", "<svg>"])
        {
            MapFrame.TryParse(bad, out _).ShouldBeFalse(bad);
        }
    }

    [Fact]
    public void A_click_gives_the_place_and_shows_the_form_again()
    {
        var place = PlaceInput.Read(Form(("frame", Start.ToString()), ("pick.x", "200"), ("pick.y", "100"), ("lon", "1"), ("lat", "2")), default);
        place.Again.ShouldBeTrue();
        var (lon, lat) = Start.At(200, 100);
        place.Lon!.Value.ShouldBe(lon, 1e-6);
        place.Lat!.Value.ShouldBe(lat, 1e-6);
        place.Frame.Zoom.ShouldBe(16);
    }

    [Fact]
    public void Moving_keeps_the_place_and_shows_the_form_again()
    {
        var place = PlaceInput.Read(Form(("frame", Start.ToString()), ("move", "north"), ("lon", "4.35"), ("lat", "50.84")), default);
        place.Again.ShouldBeTrue();
        place.Lon.ShouldBe(4.35);
        place.Frame.Lat.ShouldBeGreaterThan(Start.Lat);
    }

    [Fact]
    public void Typed_coordinates_go_on_also_with_a_comma()
    {
        var place = PlaceInput.Read(Form(("lon", " 4,35 "), ("lat", "50.84"), ("accuracy", "12")), Start);
        (place with { Typed = default }).ShouldBe(new PlaceInput(4.35, 50.84, 12, Start.Around(4.35, 50.84), false) { Typed = default });
        (place.IsLonWrong, place.IsLatWrong).ShouldBe((false, false));
        foreach (var (lon, lat) in new[] { ("east", "91"), ("181", "fifty"), ("NaN", "1e400") })
        {
            var wrong = PlaceInput.Read(Form(("lon", lon), ("lat", lat)), Start);
            (wrong.Lon, wrong.Lat, wrong.IsLonWrong, wrong.IsLatWrong, wrong.Typed).ShouldBe((null, null, true, true, (lon, lat)), "it is shown again");
        }
        PlaceInput.Read(Form(("lat", "86")), Start).Lat.ShouldBe(86, "north of what a map shows");
    }

    private static FormCollection Form(params (string Name, string Value)[] fields) => new(fields.ToDictionary(field => field.Name, field => new StringValues(field.Value)));
}
