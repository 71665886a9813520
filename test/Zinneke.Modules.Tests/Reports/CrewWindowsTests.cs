using System.Text;
using Zinneke.Geo;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Rounds with work, time windows, urgent stops and streets (reports.md 4.7), against all orders there are.</summary>
public class CrewWindowsTests
{
    private const double Leave = 8 * 3600;

    /// <summary>Some with windows that fit, some with windows that nobody can keep.</summary>
    private static List<Stop> Around(Random chance, int count, double windowed = 0.6, double pinned = 0.25) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var opens = Leave + chance.Next(0, 3 * 3600);
            var stop = new Stop($"s{i:000}", new LonLat(4.3 + (chance.NextDouble() * 0.1), 50.8 + (chance.NextDouble() * 0.06))) { Minutes = chance.Next(0, 30), Pinned = i > 0 && chance.NextDouble() < pinned };
            return i == 0 || chance.NextDouble() > windowed ? stop : stop with { Opens = chance.Next(3) == 0 ? null : opens, Closes = opens + chance.Next(0, 3600) };
        }),
    ];

    /// <summary>What a round costs, walked through as a crew would: windows missed, then when it ends.</summary>
    private static (int Missed, double Ends, bool PinsFirst) Walk(IReadOnlyList<string> order, List<Stop> stops, RoundEnd end, Ways ways)
    {
        var at = order.Select(id => stops.Index().Single(stop => stop.Item.Id == id).Index).ToList();
        var (time, missed) = (Leave, 0);
        for (var i = 0; i < at.Count; i++)
        {
            time += i == 0 ? 0 : ways.Seconds(at[i - 1], at[i]);
            missed += time > (stops[at[i]].Closes ?? double.PositiveInfinity) ? 1 : 0;
            time = Math.Max(time, stops[at[i]].Opens ?? 0) + (stops[at[i]].Minutes * 60);
        }
        var middle = at.Skip(1).SkipLast(end == RoundEnd.AtLast ? 1 : 0).Select(stop => stops[stop].Pinned).ToList();
        return (missed, time + (end == RoundEnd.AtStart ? ways.Seconds(at[^1], 0) : 0), middle.SequenceEqual(middle.OrderByDescending(pin => pin)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_short_round_misses_the_fewest_windows_and_then_ends_first(int way)
    {
        var (end, chance) = ((RoundEnd)way, new Random(100 + way));
        var missed = 0;
        for (var trial = 0; trial < 24; trial++)
        {
            var stops = Around(chance, 2 + (trial % 6));
            var ways = Ways.Straight(stops);
            var round = CrewRound.Of(stops, end, leave: Leave);
            var (found, ends, pinsFirst) = Walk(round.Order, stops, end, ways);
            (found, pinsFirst).ShouldBe((round.Missed.Count, true));
            ends.ShouldBe(round.EndsAt, 1e-6);
            round.Arrivals[0].ShouldBe(Leave);
            var last = end == RoundEnd.AtLast ? 1 : 0;
            var free = stops.Skip(1).SkipLast(last).Select(stop => stop.Id).ToList();
            var best = Orders(free).Select(middle => Walk([stops[0].Id, .. middle, .. stops.TakeLast(last).Select(stop => stop.Id)], stops, end, ways)).Where(whole => whole.PinsFirst).Min(whole => (whole.Missed, whole.Ends));
            (round.Missed.Count, Math.Round(round.EndsAt, 3)).ShouldBe((best.Missed, Math.Round(best.Ends, 3)));
            missed += best.Missed;
        }
        missed.ShouldBeGreaterThan(0, "some windows cannot be kept");
    }

    /// <summary>Twelve stops are still exact: no way of turning, moving or exchanging stops is better than what is found.</summary>
    [Fact]
    public void Twelve_stops_with_windows_cannot_be_made_better_by_exchanging_any_two()
    {
        var stops = Around(new Random(7), 13);
        var ways = Ways.Straight(stops);
        var round = CrewRound.Of(stops, RoundEnd.AtStart, leave: Leave);
        var best = (round.Missed.Count, round.EndsAt + 1e-6);
        for (var i = 1; i < 13; i++)
        {
            for (var j = i + 1; j < 13; j++)
            {
                string[] exchanged = [.. round.Order];
                (exchanged[i], exchanged[j]) = (exchanged[j], exchanged[i]);
                var (missed, ends, pinsFirst) = Walk(exchanged, stops, RoundEnd.AtStart, ways);
                (pinsFirst && (missed, ends).CompareTo(best) < 0 && (missed, ends + 1e-6).CompareTo((round.Missed.Count, round.EndsAt)) < 0).ShouldBeFalse();
            }
        }
    }

    [Theory]
    [InlineData(30, 0, 0.5)]
    [InlineData(120, 1, 0.5)]
    [InlineData(500, 1, 0)]
    [InlineData(500, 0, 0.3)]
    public void A_long_round_holds_each_stop_once_the_urgent_first_and_is_the_same_again(int count, int way, double windowed)
    {
        var (end, chance) = ((RoundEnd)way, new Random(count));
        var stops = Around(chance, count, windowed, 0.05);
        var round = CrewRound.Of(stops, end, leave: Leave);
        round.Order.Order(StringComparer.Ordinal).ShouldBe(stops.Select(stop => stop.Id));
        var (missed, ends, pinsFirst) = Walk(round.Order, stops, end, Ways.Straight(stops));
        (missed, pinsFirst).ShouldBe((round.Missed.Count, true));
        ends.ShouldBe(round.EndsAt, 1e-3);
        List<Stop> mixed = [stops[0], .. stops.Skip(1).OrderBy(_ => chance.Next())];
        CrewRound.Of(mixed, end, leave: Leave).Order.ShouldBe(round.Order);
    }

    /// <summary>A comb of streets: from tooth to tooth one has to drive back to its spine, however near they are.</summary>
    [Fact]
    public void Ways_go_along_the_streets()
    {
        var graph = GraphOf("""
            {"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"kind":"road"},"geometry":{"type":"LineString","coordinates":[[4.30,50.80],[4.31,50.80],[4.32,50.80]]}},
            {"type":"Feature","properties":{"kind":"road","speed_kmh":50},"geometry":{"type":"LineString","coordinates":[[4.31,50.80],[4.31,50.83]]}},
            {"type":"Feature","properties":{"kind":"road","speed_kmh":50},"geometry":{"type":"LineString","coordinates":[[4.32,50.80],[4.32,50.83]]}}]}
            """, out var faults);
        faults.ShouldBeEmpty();
        List<Stop> stops = [new("a", new LonLat(4.31, 50.83)), new("b", new LonLat(4.32, 50.83)), new("c", new LonLat(4.31, 50.815)), new("far", new LonLat(4.40, 50.80)), new("aside", new LonLat(4.3015, 50.801))];
        var ways = graph.Between(stops);
        var tooth = stops[0].Point.MetresTo(new LonLat(4.31, 50.80));
        var spine = new LonLat(4.31, 50.80).MetresTo(new LonLat(4.32, 50.80));
        ways.Metres(0, 1).ShouldBe((2 * tooth) + spine, 2);
        ways.Seconds(0, 1).ShouldBe((2 * tooth / (50 / 3.6)) + (spine / Ways.MetresPerSecond), 1);
        ways.Metres(0, 2).ShouldBe(tooth / 2, 2, "both lie on one piece of street");
        ways.Metres(0, 3).ShouldBe(Ways.MetresBetween(stops[0].Point, stops[3].Point), 2, "no street leads there");
        ways.Metres(2, 4).ShouldBe((tooth / 2) + new LonLat(4.31, 50.80).MetresTo(new LonLat(4.3015, 50.80)) + (111.2 * Ways.Detour), 3);
        ways.Metres(1, 0).ShouldBe(ways.Metres(0, 1));
        CrewRound.Of([stops[0], stops[1], stops[2]], RoundEnd.Anywhere, graph).Order.ShouldBe(["a", "c", "b"], "straight ways would go to b first");
        CrewRound.Of([stops[0], stops[1], stops[2]], RoundEnd.Anywhere).Order.ShouldBe(["a", "b", "c"]);
    }

    /// <summary>Against the shortest ways by Floyd and Warshall, on a grid with holes.</summary>
    [Fact]
    public void Ways_along_streets_are_the_quickest()
    {
        var (graph, chance) = (new StreetGraph(), new Random(5));
        const int side = 7;
        LonLat At(int i) => new(4.3 + (i % side * 0.002), 50.8 + (i / side * 0.002));
        var seconds = new double[side * side, side * side];
        for (var i = 0; i < side * side; i++)
        {
            for (var j = 0; j < side * side; j++)
            {
                seconds[i, j] = i == j ? 0 : double.PositiveInfinity;
            }
        }
        for (var i = 0; i < side * side; i++)
        {
            foreach (var j in ((int[])[i % side < side - 1 ? i + 1 : -1, i + side]).Where(j => j >= 0 && j < side * side && chance.Next(5) > 0))
            {
                var speed = 3 + (10 * chance.NextDouble());
                graph.Add(Shape.Line(At(i), At(j)), speed);
                seconds[i, j] = seconds[j, i] = At(i).MetresTo(At(j)) / speed;
            }
        }
        for (var k = 0; k < side * side; k++)
        {
            for (var i = 0; i < side * side; i++)
            {
                for (var j = 0; j < side * side; j++)
                {
                    seconds[i, j] = Math.Min(seconds[i, j], seconds[i, k] + seconds[k, j]);
                }
            }
        }
        List<int> corners = [.. Enumerable.Range(0, side * side).Where(i => double.IsFinite(seconds[0, i]))];
        var ways = graph.Between([.. corners.Select(i => new Stop($"{i:00}", At(i)))]);
        for (var i = 0; i < corners.Count; i++)
        {
            for (var j = 0; j < corners.Count; j++)
            {
                ways.Seconds(i, j).ShouldBe(seconds[corners[i], corners[j]], 0.05);
            }
        }
    }

    [Fact]
    public async Task The_verb_tells_when_the_crew_is_where_and_what_it_cannot_reach()
    {
        var file = VerbRun.FileOf("stops.csv", "id,lon,lat,minutes,from,to,pinned\ndepot,4.30,50.85,,,,\nfar,4.40,50.85,10,,,\nnear,4.35,50.85,20,09:00,09:30,\nlate,4.35,50.86,5,,08:01,\nnow,4.38,50.85,,,,true\n");
        var json = (await VerbRun.Of("reports", "crew-route", file, "--start", "depot", "--leave", "08:00")).Json;
        json.GetProperty("order").EnumerateArray().Select(id => id.GetString()).Take(2).ShouldBe(["depot", "now"]);
        json.GetProperty("missed").EnumerateArray().Select(id => id.GetString()).ShouldBe(["late"]);
        json.GetProperty("arrivals")[0].GetString().ShouldBe("08:00:00");
        json.GetProperty("arrivals").GetArrayLength().ShouldBe(5);
        json.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(3600);
        var streets = VerbRun.FileOf("streets.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[4.30,50.85],[4.41,50.85]]}}]}""");
        (await VerbRun.Of("reports", "crew-route", file, "--start", "depot", "--end", "far", "--streets", streets)).Json.GetProperty("lengthM").GetDouble().ShouldBeGreaterThan(7000);
        var points = VerbRun.FileOf("points.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[4.30,50.85]}}]}""");
        var slow = VerbRun.FileOf("slow.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"speed_kmh":0},"geometry":{"type":"LineString","coordinates":[[4.30,50.85],[4.41,50.85]]}}]}""");
        foreach (var (arguments, said) in ((string[], string)[])[(["--leave", "8h"], "--leave"), (["--streets", slow], "speed_kmh"), (["--streets", points], "LineString")])
        {
            var run = await VerbRun.Of(["reports", "crew-route", file, "--start", "depot", .. arguments]);
            (run.ExitCode, run.Error.Contains(said, StringComparison.Ordinal)).ShouldBe((2, true), run.Error);
        }
        var bad = await VerbRun.Of("reports", "crew-route", VerbRun.FileOf("bad.csv", "id,lon,lat,minutes,from,to,pinned\na,4,50,-1,10:00,09:00,yes\n"), "--start", "a");
        (bad.ExitCode, bad.Error.Contains("line 2, to", StringComparison.Ordinal), bad.Error.Contains("(and 2 more)", StringComparison.Ordinal)).ShouldBe((2, true, true), bad.Error);
    }

    private static StreetGraph GraphOf(string geoJson, out List<GeoFault> faults)
    {
        var told = new List<GeoFault>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(geoJson));
        var graph = StreetGraph.Read(stream, told.Add);
        faults = told;
        return graph;
    }

    private static IEnumerable<List<string>> Orders(List<string> ids) => ids.Count == 0
        ? [[]]
        : ids.SelectMany(first => Orders([.. ids.Where(id => id != first)]).Select(rest => (List<string>)[first, .. rest]));
}
