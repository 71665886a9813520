using System.Globalization;
using System.Text.Json;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class DuplicateGroupsTests
{
    private static readonly long Day = TimeSpan.FromDays(1).ToMicros();

    /// <summary>Beside the planted groups stand singles, other problems at the same place, the same place a year later, and chains that must not become one group.</summary>
    [ReferenceFact("reports/duplicates.csv")]
    public async Task Planted_duplicates_are_found_and_chains_are_cut()
    {
        var run = await VerbRun.Of("reports", "duplicates", ReferenceData.At("reports/duplicates.csv"), "--radius", "20", "--days", "180");
        run.ExitCode.ShouldBe(0, run.Error);
        var groups = run.Json.GetProperty("groups").EnumerateArray().Select(group => group.EnumerateArray().Select(id => id.GetString()!).ToList()).ToList();
        var rows = File.ReadLines(ReferenceData.At("reports/duplicates.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        var truth = rows.ToDictionary(fields => fields[0], fields => fields[5]);
        bool IsTrue(string a, string b) => truth[a] == truth[b] && truth[a].StartsWith('g');
        var found = groups.Select(group => group.Where(id => truth[id] != "chain").ToList()).SelectMany(Pairs).ToList();
        var planted = truth.Keys.GroupBy(id => truth[id]).Where(group => group.Key.StartsWith('g')).SelectMany(group => Pairs([.. group])).ToList();
        planted.Count.ShouldBe(1362);
        var right = found.Count(pair => IsTrue(pair.A, pair.B));
        ((double)right / found.Count).ShouldBeGreaterThanOrEqualTo(0.99, "precision");
        ((double)right / planted.Count).ShouldBeGreaterThanOrEqualTo(0.99, "recall");

        var sightings = rows.ToDictionary(fields => fields[0], fields => new Sighting(
            fields[0], new LonLat(double.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture)), fields[3],
            DateTimeOffset.Parse(fields[4], CultureInfo.InvariantCulture).ToMicros()));
        ShouldBeComplete(groups, sightings, 20, 180 * Day);
        groups.ShouldAllBe(group => group.SequenceEqual(group.Order(StringComparer.Ordinal)));
        groups.Select(group => group[0]).ShouldBe(groups.Select(group => group[0]).Order(StringComparer.Ordinal));
    }

    /// <summary>Against the definition itself, which looks at all pairs of groups each time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Groups_are_those_of_the_definition(int seed)
    {
        var chance = new Random(seed);
        for (var round = 0; round < 30; round++)
        {
            var sightings = Enumerable.Range(0, 60).Select(i => new Sighting(
                $"r{i:000}", new LonLat(4.35 + (Math.Floor(chance.NextDouble() * 12) / 12 * 0.001), 50.85 + (Math.Floor(chance.NextDouble() * 12) / 12 * 0.0006)), // On a grid, so that many are equally far.
                chance.Next(2) == 0 ? "a" : "b", chance.Next(20) * Day)).ToList();
            var groups = DuplicateGroups.Among(sightings.OrderBy(_ => chance.Next()), 20, 10 * Day);
            JsonSerializer.Serialize(groups).ShouldBe(JsonSerializer.Serialize(Defined(sightings, 20, 10 * Day)), $"round {round}");
            ShouldBeComplete(groups, sightings.ToDictionary(s => s.Id), 20, 10 * Day);
        }
    }

    [Fact]
    public void Nothing_is_no_group()
    {
        DuplicateGroups.Among([], 20, Day).ShouldBeEmpty();
        DuplicateGroups.Among([new Sighting("a", new LonLat(4.35, 50.85), "x", 0)], 20, Day).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("id,lon,lat,category\n", "created_at")]
    [InlineData("id,lon,lat,category,created_at\na,500,50,x,2026-01-01T00:00:00Z\n", "line 2, lon")]
    [InlineData("id,lon,lat,category,created_at\na,4,50,x,2026-01-01\n", "line 2, created_at")]
    [InlineData("id,lon,lat,category,created_at\na,4,50,x,2026-01-01T00:00:00Z\na,4,50,x,2026-01-01T00:00:00Z\n", "line 3, id")]
    public async Task A_fault_is_named(string csv, string said)
    {
        var run = await VerbRun.Of("reports", "duplicates", VerbRun.FileOf("reports.csv", csv));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(said);
    }

    private static IEnumerable<(string A, string B)> Pairs(IReadOnlyList<string> ids) => ids.SelectMany((a, i) => ids.Skip(i + 1).Select(b => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a)));

    /// <summary>Every two of a group may stand together, and no two groups, nor a group and a single, may be joined.</summary>
    private static void ShouldBeComplete(IReadOnlyList<IReadOnlyList<string>> groups, Dictionary<string, Sighting> sightings, double radius, long span)
    {
        bool Together(string a, string b) => Near(sightings[a], sightings[b], radius, span) is not null;
        groups.SelectMany(Pairs).Where(pair => !Together(pair.A, pair.B)).ShouldBeEmpty();
        var all = groups.Concat(sightings.Keys.Except(groups.SelectMany(group => group)).Select(single => (IReadOnlyList<string>)[single])).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            for (var j = i + 1; j < all.Count; j++)
            {
                all[i].All(a => all[j].All(b => Together(a, b))).ShouldBeFalse($"{all[i][0]} and {all[j][0]} could be joined");
            }
        }
    }

    private static double? Near(Sighting a, Sighting b, double radius, long span)
    {
        var (first, second) = string.CompareOrdinal(a.Id, b.Id) < 0 ? (a, b) : (b, a);
        var metres = first.Point.MetresTo(second.Point);
        return a.Category == b.Category && metres <= radius && Math.Abs(a.At - b.At) <= span ? metres : null;
    }

    private static List<List<string>> Defined(List<Sighting> sightings, double radius, long span)
    {
        var groups = sightings.OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => new List<Sighting> { s }).ToList();
        while (true)
        {
            (double Metres, int A, int B)? best = null;
            for (var a = 0; a < groups.Count; a++)
            {
                for (var b = a + 1; b < groups.Count; b++)
                {
                    var pairs = groups[a].SelectMany(one => groups[b].Select(other => Near(one, other, radius, span))).ToList();
                    if (pairs.All(pair => pair is not null) && (best is null || pairs.Max() < best.Value.Metres))
                    {
                        best = (pairs.Max()!.Value, a, b);
                    }
                }
            }
            if (best is not { } join)
            {
                return [.. groups.Where(group => group.Count > 1).Select(group => group.Select(s => s.Id).Order(StringComparer.Ordinal).ToList())];
            }
            groups[join.A].AddRange(groups[join.B]);
            groups.RemoveAt(join.B);
        }
    }
}
