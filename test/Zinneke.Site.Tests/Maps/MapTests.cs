using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Maps;

/// <summary>Tiles and drawn pictures of the layers (kernel.md K25).</summary>
public sealed class MapTests
{
    private static readonly LonLat Centre = new(4.35, 50.85);

    [Fact]
    public async Task Areas_are_drawn_as_tiles_and_sent_again_only_when_they_changed()
    {
        await using var site = await TestSite.NewAsync();
        var (x, y) = Mercator.TileOf(Centre, 12);
        var address = $"/tiles/areas/12/{x}/{y}.mvt";
        (await site.Client.GetByteArrayAsync(address)).ShouldBeEmpty();

        await AddAreaAsync(site, "21004", 0.02);
        using var first = await WhenAsync(() => site.Client.GetAsync(address), answer => answer.Content.Headers.ContentLength > 0);
        first.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.mapbox-vector-tile");
        Words(await first.Content.ReadAsByteArrayAsync()).ShouldBe(["areas", "id", "kind", "name_fr", "name_nl", "21004", "municipality", "Ville 21004", "Stad 21004"], ignoreOrder: true);

        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await site.Client.SendAsync(again);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        await AddAreaAsync(site, "21005", 0.01);
        using var changed = await WhenAsync(() => site.Client.GetAsync(address), answer => !Equals(answer.Headers.ETag, first.Headers.ETag));
        Words(await changed.Content.ReadAsByteArrayAsync()).ShouldContain("21005");
    }

    [Theory]
    [InlineData("/tiles/areas/3/8/0.mvt")]
    [InlineData("/tiles/areas/17/0/0.mvt")]
    [InlineData("/tiles/areas/25/0/0.mvt")]
    [InlineData("/tiles/nothing/3/1/1.mvt")]
    [InlineData("/tiles/areas/3/-1/1.mvt")]
    public async Task What_is_no_tile_is_not_found(string address)
    {
        await using var site = await TestSite.NewAsync();
        using var answer = await site.Client.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_picture_shows_areas_in_the_language_asked_and_a_pin()
    {
        await using var site = await TestSite.NewAsync();
        await AddAreaAsync(site, "21004", 0.05);
        var address = $"/map.svg?frame={new MapFrame(4.35, 50.85, 11)}&layers=areas&lang=nl&pin=4.35,50.85";
        using var answer = await WhenAsync(() => site.Client.GetAsync(address), answer => answer.Content.ReadAsStringAsync().Result.Contains("text>", StringComparison.Ordinal));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ShouldBe(["Stad 21004"]);
        svg.Descendants().Select(e => (string?)e.Attribute("class")).ShouldContain("pin");
    }

    [Fact]
    public void Points_lie_above_names_and_one_for_many_says_how_many()
    {
        var surface = new MapFigure(Shape.Of(new Box(4.2, 50.75, 4.5, 50.95)), "Ville");
        var svg = XDocument.Parse(MapPicture.Draw(new MapFrame(4.35, 50.85, 11), [new MapFigure(Shape.Point(Centre)) { Count = 23 }, surface, new MapFigure(Shape.Point(new LonLat(4.3, 50.85)))]));
        svg.Descendants().Where(e => e.Name.LocalName is "text" or "circle").Select(e => e.Name.LocalName == "text" ? e.Value : "o").ShouldBe(["Ville", "o", "23", "o"]);
    }

    [Theory]
    [InlineData("/map.svg", "frame")]
    [InlineData("/map.svg?frame=4.35,50.85,99,320,320", "frame")]
    [InlineData("/map.svg?frame=4.35,50.85,11,320,320&layers=nothing", "layers")]
    public async Task A_picture_that_cannot_be_drawn_says_why(string address, string field)
    {
        await using var site = await TestSite.NewAsync();
        using var answer = await site.Client.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"field\":\"{field}\"");
    }

    [Fact]
    public async Task A_module_s_layer_is_asked_with_its_filter()
    {
        await using var site = await TestSite.NewAsync(add: parts => parts.AddSingleton<MapLayer, Stops>());
        var (x, y) = Mercator.TileOf(Centre, 16);
        Words(await site.Client.GetByteArrayAsync($"/tiles/stops/16/{x}/{y}.mvt?line=81")).ShouldContain("line 81");
        using var refused = await site.Client.GetAsync($"/tiles/stops/16/{x}/{y}.mvt?line=nothing");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private sealed class Stops : MapLayer
    {
        public override string Name => "stops";

        public override IReadOnlyList<string> Filters => ["line"];

        public override IReadOnlyList<string> Tags => ["stop"];

        public override ValueTask<Refusal?> DrawAsync(VectorTile tile, IQueryCollection filter, CancellationToken cancellation)
        {
            if (!int.TryParse(filter["line"], out var line))
            {
                return new(Refusal.Invalid("kernel.notFound", "line"));
            }
            tile.Layer(Name).Add(Centre, 1, TileAttribute.Of("name", $"line {line}"));
            return default;
        }

        public override ValueTask<Outcome<MapFigure[]>> FiguresAsync(Box view, MapFrame frame, IQueryCollection filter, string language, CancellationToken cancellation) =>
            new(Array.Empty<MapFigure>());
    }

    private static Task AddAreaAsync(TestSite site, string id, double degrees) => site.Get<Writer>().DoAsync(Actor.System, unit =>
    {
        unit.Store.Add(new AreaRow
        {
            Id = id,
            Kind = Area.Municipality,
            ValidFrom = "0001-01-01",
            ValidTo = "9999-12-31",
            Place = int.Parse(id),
            Facts = $$"""{"names":{"fr":"Ville {{id}}","nl":"Stad {{id}}"},"halfWidthMetres":6,"postcodes":[],"replaces":[]}""",
            Shape = Shape.Of(new Box(Centre.Lon - degrees, Centre.Lat - degrees, Centre.Lon + degrees, Centre.Lat + degrees)).ToBytes(),
        });
        unit.Publish(new Subject("area", id), 1, new AreaAdded(Area.Municipality, DateOnly.MinValue));
        return Task.CompletedTask;
    });

    /// <summary>Followers need a moment after a change.</summary>
    private static async Task<HttpResponseMessage> WhenAsync(Func<Task<HttpResponseMessage>> ask, Func<HttpResponseMessage, bool> holds)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await ask();
            if (holds(answer) || attempt == 200)
            {
                return answer;
            }
            answer.Dispose();
            await Task.Delay(25);
        }
    }

    private static List<string> Words(byte[] tile) =>
        [.. TileReader.Read(tile).SelectMany(layer => layer.Features.SelectMany(feature => feature.Attributes).SelectMany(pair => new[] { pair.Key, $"{pair.Value}" }).Append(layer.Name)).Distinct()];
}
