using System.Runtime.InteropServices;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A report as far as it can be the same problem as another.</summary>
/// <param name="At">When it was sent, UTC microseconds.</param>
internal readonly record struct Sighting(string Id, LonLat Point, string Category, long At);

/// <summary>
/// Groups of reports that may be one problem, by agglomerative complete linkage (reports.md 4.5): within a group every two have the same category and lie near enough in place
/// and time. The closest two groups are joined first - by the largest distance between theirs - until no two can be. A method that links neighbour to neighbour (single linkage,
/// DBSCAN) would make one group of a whole street. Distances never shrink when groups are joined, so a heap of pairs, with those that have changed left to lie, finds each next pair.
/// </summary>
internal sealed class DuplicateGroups
{
    /// <summary>Pairs that are near enough; more would not fit into memory, and say that radius or days are too generous.</summary>
    public const int PairsMax = 20_000_000;

    private readonly Sighting[] all;
    private readonly Dictionary<int, double>?[] near;
    private readonly List<int>[] members;
    private readonly PriorityQueue<(int A, int B, double Metres), (double Metres, int A, int B)> closest = new();

    private DuplicateGroups(IEnumerable<Sighting> sightings)
    {
        all = [.. sightings.OrderBy(one => one.Id, StringComparer.Ordinal)]; // So that the smaller number is the smaller id, on which ties are decided.
        near = new Dictionary<int, double>?[all.Length];
        members = [.. Enumerable.Range(0, all.Length).Select(i => new List<int> { i })];
    }

    /// <summary>Groups of two and more: ids ascending, by their first.</summary>
    /// <param name="radiusMetres">Largest distance between two of a group.</param>
    /// <param name="spanMicros">Largest difference of their ages.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="PairsMax"/> pairs are near enough.</exception>
    [AutomatedFunction("reports.duplicates")]
    public static IReadOnlyList<IReadOnlyList<string>> Among(IEnumerable<Sighting> sightings, double radiusMetres, long spanMicros)
    {
        var groups = new DuplicateGroups(sightings);
        groups.FindPairs(radiusMetres, spanMicros);
        groups.Join();
        return [.. groups.members.Where(group => group.Count > 1).Select(group => (IReadOnlyList<string>)[.. group.Order().Select(i => groups.all[i].Id)])];
    }

    /// <summary>All pairs that may stand in one group, through cells as wide as the radius.</summary>
    private void FindPairs(double radiusMetres, long spanMicros)
    {
        if (all.Length == 0)
        {
            return;
        }
        // Measured where a degree of longitude is shortest, so that no two within the radius lie further apart than neighbouring cells.
        var metresPerLon = new LocalPlane(new LonLat(0, all.Max(one => Math.Abs(one.Point.Lat)))).MetresPerLon;
        (long X, long Y) CellOf(LonLat p) => ((long)Math.Floor(p.Lon * metresPerLon / radiusMetres), (long)Math.Floor(p.Lat * LocalPlane.MetresPerDegree / radiusMetres));
        var cells = new Dictionary<(string Category, long X, long Y), List<int>>();
        var pairs = 0;
        for (var i = 0; i < all.Length; i++)
        {
            var (x, y) = CellOf(all[i].Point);
            for (var cell = 0; cell < 9; cell++)
            {
                foreach (var j in cells.GetValueOrDefault((all[i].Category, x + (cell % 3) - 1, y + (cell / 3) - 1)) ?? [])
                {
                    var metres = all[j].Point.MetresTo(all[i].Point);
                    if (metres <= radiusMetres && Math.Abs(all[i].At - all[j].At) <= spanMicros)
                    {
                        ArgumentOutOfRangeException.ThrowIfGreaterThan(++pairs, PairsMax);
                        Put(j, i, metres);
                    }
                }
            }
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, (all[i].Category, x, y), out _);
            (own ??= []).Add(i);
        }
    }

    /// <summary>Joins the closest two groups until no two can be. A group keeps the number of its smallest member.</summary>
    private void Join()
    {
        while (closest.TryDequeue(out var pair, out _))
        {
            var (a, b, metres) = pair;
            if (near[a]?.GetValueOrDefault(b, double.NaN) != metres)
            {
                continue; // One of them was joined with others meanwhile.
            }
            var (ofA, ofB) = (near[a]!, near[b]!);
            near[b] = null;
            ofA.Remove(b);
            ofB.Remove(a);
            members[a].AddRange(members[b]);
            members[b].Clear();
            foreach (var (other, distance) in ofB)
            {
                near[other]!.Remove(b);
                if (ofA.TryGetValue(other, out var own) && distance > own)
                {
                    Put(Math.Min(a, other), Math.Max(a, other), distance);
                }
            }
            foreach (var other in ofA.Keys.Where(other => !ofB.ContainsKey(other)).ToList())
            {
                ofA.Remove(other); // Too far from one of the two.
                near[other]!.Remove(a);
            }
        }
    }

    private void Put(int a, int b, double metres)
    {
        (near[a] ??= [])[b] = metres;
        (near[b] ??= [])[a] = metres;
        closest.Enqueue((a, b, metres), (metres, a, b));
    }
}
