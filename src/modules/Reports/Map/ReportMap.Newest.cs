namespace Zinneke.Reports;

/// <summary>The newest reports anywhere, also those that have no place: a walk along the time.</summary>
internal sealed partial class ReportMap
{
    /// <summary>More of the same second are left to the tables.</summary>
    private const int TiesMax = 4096;

    /// <summary>So many rows, from the first on, lie in the order in which they were sent: all but those of an import since the start.</summary>
    private int ordered;

    /// <summary>
    /// The newest reports that fit, in no exact order: the time is kept in seconds, so whatever was sent in the same second as the last of them, or as <paramref name="before"/>, is among them.
    /// </summary>
    /// <param name="most">At least 1.</param>
    /// <param name="before">Nothing newer than this, UTC microseconds; null for all.</param>
    /// <returns>Null when too many were sent in the same second. <c>Until</c>: everything as new as this is there, UTC microseconds; null when it is all there is.</returns>
    public (List<Guid> Ids, long? Until)? Newest(int most, MapFilter filter, long? before)
    {
        using var reading = new Reading(gate);
        var edge = before is { } place ? Seconds(place) : uint.MaxValue;
        var fits = Fits(before is null ? filter : filter with { To = Math.Min(filter.To, (edge + 1L) * 1_000_000) });
        var last = LastSecond(most, fits, edge);
        var found = new List<Guid>(most + 16);
        for (var row = ordered - 1; row >= 0 && facts[row].Created >= last; row--)
        {
            if (!TakeIf(row, fits, found))
            {
                return null;
            }
        }
        for (var row = ordered; row < rows.Count; row++)
        {
            if (facts[row].Created >= last && !TakeIf(row, fits, found))
            {
                return null;
            }
        }
        return (found, last == 0 ? null : last * 1_000_000L);

        bool TakeIf(int row, in Fitting fits, List<Guid> found)
        {
            if (facts[row].Listed && fits.Accepts(row))
            {
                found.Add(rows[row]);
            }
            return found.Count <= most + TiesMax;
        }
    }

    /// <summary>The second of the last of the newest, not counting those of the second at the edge; 0 when there are fewer.</summary>
    private uint LastSecond(int most, in Fitting fits, uint edge)
    {
        var newest = new PriorityQueue<int, uint>(most + 1);
        for (var row = ordered; row < rows.Count; row++)
        {
            Offer(row, fits);
        }
        for (var row = ordered - 1; row >= 0 && (newest.Count < most || facts[row].Created > OldestOf(newest)); row--)
        {
            Offer(row, fits);
        }
        return newest.Count < most ? 0 : OldestOf(newest);

        void Offer(int row, in Fitting fits)
        {
            ref readonly var fact = ref facts[row];
            if (fact.Listed && fact.Created < edge && (newest.Count < most || fact.Created > OldestOf(newest)) && fits.Accepts(row))
            {
                newest.Enqueue(row, fact.Created);
                if (newest.Count > most)
                {
                    newest.Dequeue();
                }
            }
        }

        static uint OldestOf(PriorityQueue<int, uint> newest) => newest.TryPeek(out _, out var second) ? second : 0;
    }

    /// <summary>Keeps count of how far rows lie in the order of time; called when a row has been put.</summary>
    private void Follow(int row)
    {
        if (row == ordered && (row == 0 || facts[row].Created >= facts[row - 1].Created))
        {
            ordered++;
        }
    }
}
