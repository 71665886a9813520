using Zinneke.Geo;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class CrewRoundTests
{
    /// <summary>Metres: a distance is measured on the plane of the place it begins at, and so is a little longer one way than the other.</summary>
    private const double Slack = 5;

    private static List<Stop> Around(Random chance, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Stop($"s{i:000}", new LonLat(4.3 + (chance.NextDouble() * 0.1), 50.8 + (chance.NextDouble() * 0.06))))];

    private static double Length(IReadOnlyList<string> order, IReadOnlyList<Stop> stops, RoundEnd end)
    {
        var way = order.Select(id => stops.Single(stop => stop.Id == id).Point).ToList();
        var metres = way.Zip(way.Skip(1)).Sum(step => step.First.MetresTo(step.Second)) + (end == RoundEnd.AtStart ? way[^1].MetresTo(way[0]) : 0);
        return metres * Ways.Detour;
    }

    /// <summary>Against all orders there are.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_short_round_is_the_shortest(int way)
    {
        var (end, chance) = ((RoundEnd)way, new Random(way));
        for (var count = 1; count <= 8; count++)
        {
            var stops = Around(chance, count);
            var (order, metres) = CrewRound.Of(stops, end);
            order[0].ShouldBe("s000");
            if (end == RoundEnd.AtLast)
            {
                order[^1].ShouldBe(stops[^1].Id);
            }
            var free = stops.Skip(1).SkipLast(end == RoundEnd.AtLast ? 1 : 0).Select(stop => stop.Id).ToList();
            var shortest = Orders(free).Min(middle => Length(["s000", .. middle, .. stops.Skip(1).TakeLast(end == RoundEnd.AtLast ? 1 : 0).Select(stop => stop.Id)], stops, end));
            metres.ShouldBe(shortest, Slack);
            Length(order, stops, end).ShouldBe(metres, Slack);
        }
    }

    /// <summary>No stop is lost, none comes twice, the order in the file does not matter, and no piece can be turned around or moved for the better.</summary>
    [Theory]
    [InlineData(14, 0)]
    [InlineData(60, 1)]
    [InlineData(150, 2)]
    public void A_long_round_cannot_be_made_better_by_turning_a_piece(int count, int way)
    {
        var (end, chance) = ((RoundEnd)way, new Random(count));
        var stops = Around(chance, count);
        var (order, metres) = CrewRound.Of(stops, end);
        order.Order(StringComparer.Ordinal).ShouldBe(stops.Select(stop => stop.Id));
        Length(order, stops, end).ShouldBe(metres, Slack);
        var last = end == RoundEnd.AtLast ? count - 2 : count - 1;
        for (var i = 1; i <= last; i++)
        {
            for (var j = i + 1; j <= last; j++)
            {
                List<string> turned = [.. order.Take(i), .. order.Skip(i).Take(j - i + 1).Reverse(), .. order.Skip(j + 1)];
                Length(turned, stops, end).ShouldBeGreaterThanOrEqualTo(metres - Slack);
            }
        }
        List<Stop> mixed = [stops[0], .. stops.Skip(1).SkipLast(1).OrderBy(_ => chance.Next()), stops[^1]];
        CrewRound.Of(mixed, end).Order.ShouldBe(order);
    }

    [Fact]
    public async Task The_verb_prints_the_order_and_its_length()
    {
        var file = VerbRun.FileOf("stops.csv", "id,lon,lat\nfar,4.40,50.85\ndepot,4.30,50.85\nnear,4.35,50.85\n");
        (await VerbRun.Of("reports", "crew-route", file, "--start", "depot")).Output.Trim().ShouldStartWith("""{"order":["depot","near","far"],"lengthM":912""");
        (await VerbRun.Of("reports", "crew-route", file, "--start", "depot", "--end", "near")).Output.ShouldContain("""["depot","far","near"]""");
        (await VerbRun.Of("reports", "crew-route", file, "--start", "depot", "--closed")).Json.GetProperty("lengthM").GetDouble().ShouldBe(2 * 9127, 10);
        foreach (var (arguments, said) in ((string[], string)[])[(["--start", "nowhere"], "--start"), (["--start", "depot", "--end", "x"], "--end"), (["--start", "depot", "--end", "near", "--closed"], "--closed"), ([], "--start")])
        {
            var run = await VerbRun.Of(["reports", "crew-route", file, .. arguments]);
            (run.ExitCode, run.Error.Contains(said, StringComparison.Ordinal) || run.Error.Contains("start", StringComparison.Ordinal)).ShouldBe((2, true), run.Error);
        }
        var twice = await VerbRun.Of("reports", "crew-route", VerbRun.FileOf("twice.csv", "id,lon,lat\na,4,50\na,4,50\n"), "--start", "a");
        (twice.ExitCode, twice.Error.Contains("line 3, id", StringComparison.Ordinal)).ShouldBe((2, true), twice.Error);
    }

    private static IEnumerable<List<string>> Orders(List<string> ids) => ids.Count == 0
        ? [[]]
        : ids.SelectMany(first => Orders([.. ids.Where(id => id != first)]).Select(rest => (List<string>)[first, .. rest]));
}
