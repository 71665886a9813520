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
        var newest = new NewestSeconds(most, edge);
        for (var row = ordered; row < rows.Count; row++)
        {
            if (facts[row].Listed && fits.Accepts(row))
            {
                newest.Offer(facts[row].Created);
            }
        }
        var found = new List<Guid>(most + 16);
        for (var row = ordered - 1; row >= 0 && facts[row].Created >= newest.Last; row--)
        {
            if (facts[row].Listed && fits.Accepts(row))
            {
                newest.Offer(facts[row].Created);
                found.Add(rows[row]);
                if (found.Count > most + TiesMax)
                {
                    return null;
                }
            }
        }
        for (var row = ordered; row < rows.Count; row++)
        {
            if (facts[row].Created >= newest.Last && facts[row].Listed && fits.Accepts(row))
            {
                found.Add(rows[row]);
                if (found.Count > most + TiesMax)
                {
                    return null;
                }
            }
        }
        return (found, newest.Last == 0 ? null : newest.Last * 1_000_000L);
    }

    /// <summary>The seconds of the newest reports that were offered, not counting those of the second at the edge.</summary>
    private readonly struct NewestSeconds(int most, uint edge)
    {
        private readonly PriorityQueue<int, uint> kept = new(most + 1);

        /// <summary>The second of the last of them; 0 while there are fewer.</summary>
        public uint Last => kept.Count < most || !kept.TryPeek(out _, out var second) ? 0 : second;

        public void Offer(uint second)
        {
            if (second >= edge)
            {
                return;
            }
            if (kept.Count < most)
            {
                kept.Enqueue(0, second);
            }
            else if (second > Last)
            {
                kept.EnqueueDequeue(0, second);
            }
        }
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
