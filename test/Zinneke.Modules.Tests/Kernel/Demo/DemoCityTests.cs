using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Testing.Demo;

public class DemoCityTests
{
    private static readonly AreaVersions City = new(DemoCity.Areas);

    [Fact]
    public void Nineteen_communes_fill_the_region_without_gap_or_overlap()
    {
        var communes = City.On(DateOnly.MaxValue).Of(Area.Municipality);
        var region = City.On(DateOnly.MaxValue).Of(Area.Region);
        communes.Count.ShouldBe(19);
        var random = new Random(1);
        var hits = new int[4];
        var (inside, outside) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var p = new LonLat(4.22 + 0.29 * random.NextDouble(), 50.75 + 0.18 * random.NextDouble());
            var within = region.Index.Containing(p, hits) == 1;
            communes.Index.Containing(p, hits).ShouldBe(within ? 1 : 0);
            _ = within ? inside++ : outside++;
        }
        inside.ShouldBeGreaterThan(5_000);
        outside.ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public void Each_boundary_is_one_ring_that_could_be_imported()
    {
        foreach (var area in DemoCity.Areas)
        {
            (area.Shape.Kind == ShapeKind.Polygons ? RingCrossings.FirstIn(area.Shape) : null).ShouldBeNull(area.Id);
            area.Shape.PolygonCount.ShouldBeLessThanOrEqualTo(2, area.Id);
            area.Approximate.ShouldBeTrue();
            Languages.All.ShouldAllBe(language => area.Names.Exactly(language) != null);
        }
    }

    [Fact]
    public void Every_town_hall_and_site_lies_in_its_commune()
    {
        foreach (var commune in DemoCity.Communes)
        {
            City.On(DateOnly.MaxValue).Containing(Area.Municipality, commune.Centre)!.Id.ShouldBe(commune.Nis);
            foreach (var site in commune.Sites)
            {
                City.On(DateOnly.MaxValue).Containing(Area.Municipality, new LonLat(site[0], site[1]))!.Id.ShouldBe(commune.Nis);
            }
        }
        DemoCity.Communes.Sum(commune => commune.Population).ShouldBeInRange(1_150_000, 1_300_000);
        DemoCity.Communes.SelectMany(commune => commune.Postcodes).Distinct().Count().ShouldBe(22);
    }

    /// <summary>Approximate, but recognisable: most places lie in the commune in which they really are.</summary>
    [ReferenceFact("areas/brussels-19.geojson")]
    public void Three_places_in_four_lie_where_they_really_do()
    {
        using var file = File.OpenRead(ReferenceData.At("areas/brussels-19.geojson"));
        var real = new GeoJsonReader(file).Features().ToList();
        var index = new ShapeIndex(real.Select(feature => feature.Shape!));
        foreach (var commune in DemoCity.Communes)
        {
            index.Contains(real.FindIndex(feature => feature.Id == commune.Nis), commune.Centre).ShouldBeTrue(commune.Nis);
        }
        var random = new Random(2);
        var hits = new int[2];
        var (right, all) = (0, 0);
        while (all < 20_000)
        {
            var p = new LonLat(4.24 + 0.25 * random.NextDouble(), 50.76 + 0.16 * random.NextDouble());
            if (index.Containing(p, hits) == 1)
            {
                all++;
                right += City.On(DateOnly.MaxValue).Containing(Area.Municipality, p)?.Id == real[hits[0]].Id ? 1 : 0;
            }
        }
        ((double)right / all).ShouldBeGreaterThan(0.75);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_city_is_added_once_and_official_areas_take_its_place(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        (await store.Get<Demonstration>().AddMissingAsync(default)).ShouldContain("kernel.city");
        (await store.Get<Demonstration>().AddMissingAsync(default)).ShouldBeEmpty();
        await using var context = store.Database.Open();
        (await context.Set<AreaRow>().CountAsync()).ShouldBe(DemoCity.Areas.Count);
        (await AreaMap.ReadAsync(context)).All.ShouldBe(DemoCity.Areas);
    }
}
