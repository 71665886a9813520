using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Testing.Places;

public class AreaVersionsTests
{
    private static readonly DateOnly Before = new(2024, 12, 31);
    private static readonly DateOnly After = new(2025, 1, 1);

    [Fact]
    public void Every_lookup_is_as_of_a_date()
    {
        var versions = Merger();
        versions.On(Before).Of(Area.Municipality).Count.ShouldBe(2);
        versions.On(After).Of(Area.Municipality).Count.ShouldBe(1);
        versions.On(Before).Containing(Area.Municipality, new LonLat(4.5, 50.5))!.Id.ShouldBe("west");
        versions.On(After).Containing(Area.Municipality, new LonLat(4.5, 50.5))!.Id.ShouldBe("both");
        versions.On(DateOnly.MinValue).Find("west").ShouldNotBeNull();
        versions.On(DateOnly.MaxValue).Find("west").ShouldBeNull();
        versions.On(After).Containing(Area.Municipality, new LonLat(9, 50.5)).ShouldBeNull();
        versions.On(After).Of("park").Count.ShouldBe(0);
    }

    [Fact]
    public void Old_areas_are_found_in_what_took_their_place()
    {
        var versions = Merger();
        versions.Today("east", After).Select(area => area.Id).ShouldBe(["both"]);
        versions.Today("east", Before).Select(area => area.Id).ShouldBe(["east"]);
        versions.Today("both", Before).ShouldBeEmpty();
        versions.Today("nowhere", After).ShouldBeEmpty();
        new AreaVersions([.. versions.All, new Area("both", "x", Text.Empty, versions.All[0].Shape) { Replaces = ["both"], ValidTo = DateOnly.MinValue }]).Today("both", Before).ShouldBeEmpty();
    }

    [Fact]
    public void An_area_may_have_several_versions_one_after_another()
    {
        var (old, now) = (Square("a", 4) with { ValidTo = Before }, Square("a", 5) with { ValidFrom = After });
        var versions = new AreaVersions([now, old]);
        versions.History("a").ShouldBe([old, now]);
        versions.On(Before).Find("a").ShouldBe(old);
        versions.On(After).Find("a").ShouldBe(now);
        versions.History("b").ShouldBeEmpty();
        (versions.As("a", Before), versions.As("a", After), versions.As("b", After)).ShouldBe((old, now, null));
        var gone = Square("c", 6) with { ValidTo = Before };
        new AreaVersions([now, gone, Square("a", 7) with { ValidFrom = After.AddDays(9) }]).Each(After).ShouldBe([now, gone], "one past and one to come");
        new AreaVersions([now]).As("a", Before).ShouldBe(now);
        AreaVersions.None.On(After).All.ShouldBeEmpty();
    }

    [Fact]
    public void Of_several_that_contain_a_place_the_lowest_id_is_taken() =>
        new AreaVersions([Square("b", 4), Square("a", 4)]).On(After).Containing(Area.Municipality, new LonLat(4.5, 50.5))!.Id.ShouldBe("a");

    private static AreaVersions Merger() => new([
        Square("west", 4) with { ValidTo = Before },
        Square("east", 5) with { ValidTo = Before },
        new Area("both", Area.Municipality, Text.Of("fr", "both"), Shape.Of(new Box(4, 50, 6, 51))) { ValidFrom = After, Replaces = ["west", "east"] },
    ]);

    private static Area Square(string id, double west) => new(id, Area.Municipality, Text.Of("fr", id), Shape.Of(new Box(west, 50, west + 1, 51)));
}
