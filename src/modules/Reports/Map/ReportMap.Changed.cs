using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>What changed last, anywhere or in a box: feeds and news.</summary>
internal sealed partial class ReportMap
{
    /// <summary>When each row last changed, seconds since 1970.</summary>
    private uint[] changed = [];

    /// <summary>The reports that fit and changed last, in no exact order: time is kept in seconds, so whatever changed in the same second as the last of them is among them.</summary>
    /// <param name="most">At least 1.</param>
    /// <param name="box">Only what everybody may know to lie there; null for all.</param>
    /// <returns>Null when too many changed in the same second. <c>Until</c>: everything that changed as late as this is there, UTC microseconds; null when it is all there is.</returns>
    public (List<Guid> Ids, long? Until)? Changed(int most, MapFilter filter, Box? box)
    {
        using var reading = new Reading(gate);
        var fits = Fits(filter);
        var latest = new Latest(changed, most);
        if (box is { } around)
        {
            grid.Visit(around, fits, ref latest);
        }
        else
        {
            for (var row = rows.Count - 1; row >= 0; row--)
            {
                if (changed[row] >= latest.Since && facts[row].Listed && fits.Accepts(row))
                {
                    latest.Meet(row);
                }
            }
        }
        var found = latest.Rows;
        return found.Count > most + TiesMax ? null : ([.. found.Select(row => rows[row])], latest.Since == 0 ? null : latest.Since * 1_000_000L);
    }

    /// <summary>Keeps the rows that changed last.</summary>
    private struct Latest(uint[] changed, int most) : IPointVisitor
    {
        private readonly PriorityQueue<int, uint> kept = new(most + 1);

        /// <summary>Those that were let go and may have changed in the second of the last one.</summary>
        private readonly List<int> let = [];

        /// <summary>Whatever changed before is not among them.</summary>
        public uint Since { get; private set; }

        public readonly IReadOnlyList<int> Rows
        {
            get
            {
                var (last, when) = (Since, changed);
                return [.. kept.UnorderedItems.Select(one => one.Element), .. let.Where(row => when[row] == last)];
            }
        }

        public void Meet(int row, LonLat place) => Meet(row);

        public void Meet(int row)
        {
            if (changed[row] < Since)
            {
                return;
            }
            kept.Enqueue(row, changed[row]);
            if (kept.Count <= most)
            {
                return;
            }
            var gone = kept.Dequeue();
            var last = changed[kept.Peek()];
            if (last > Since)
            {
                let.Clear();
                Since = last;
            }
            if (changed[gone] == Since)
            {
                let.Add(gone);
            }
        }
    }
}
