using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Testing.Places;

public class LambertTests
{
    [Fact]
    public void A_control_point_of_the_Walloon_survey_lies_where_it_is_published()
    {
        var place = Lambert.Of1972.ToWgs84(184781.2, 128873.1);
        place.MetresTo(new LonLat(4.858691, 50.469649)).ShouldBeLessThan(0.3);
    }

    [Fact]
    public void The_example_of_the_kernel_lies_in_central_Brussels() =>
        Lambert.Of1972.ToWgs84(149000, 170500).MetresTo(new LonLat(4.3535, 50.8446)).ShouldBeLessThan(200);

    [Fact]
    public void The_two_systems_agree_on_a_place()
    {
        // Lambert 2008 has its origin at the Royal Observatory, 4°21'33.177" E 50°47'52.134" N, with 649328, 665262 m.
        Lambert.Of2008.ToWgs84(649328, 665262).MetresTo(new LonLat(4.359215833, 50.797815)).ShouldBeLessThan(0.01);
        var place = new LonLat(4.4, 50.85);
        var (x, y) = Lambert.Of1972.FromWgs84(place);
        // Between the two lie some 499,328 and 495,262 metres, and the shift of the datum.
        var (x2008, y2008) = Lambert.Of2008.FromWgs84(place);
        (x2008 - x).ShouldBe(500_000, 100);
        (y2008 - y).ShouldBe(500_000, 100);
    }

    [Theory]
    [InlineData(31370)]
    [InlineData(3812)]
    public void There_and_back_is_the_same_place_all_over_the_country(int epsg)
    {
        var lambert = Lambert.Of(epsg)!;
        for (var lon = 2.5; lon < 6.5; lon += 0.25)
        {
            for (var lat = 49.5; lat < 51.6; lat += 0.25)
            {
                var place = new LonLat(lon, lat);
                var (x, y) = lambert.FromWgs84(place);
                lambert.ToWgs84(x, y).MetresTo(place).ShouldBeLessThan(0.01);
            }
        }
        Lambert.Of(4258).ShouldBeNull();
    }
}
