using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>When a crew is where on its round.</summary>
/// <param name="Arrivals">At each stop in their order, UTC microseconds; null at one whose report has no point any more.</param>
/// <param name="Metres">The whole way.</param>
/// <param name="EndsAt">When the work at the last stop is done, or the crew is back.</param>
public sealed record RoundPlan(IReadOnlyList<long?> Arrivals, double Metres, long EndsAt)
{
    private const string Depot = "";

    /// <summary>Gives the stops their places: the urgent ones first, each part in the shortest order.</summary>
    internal static void Order(Round round, IReadOnlyList<(RoundStop Stop, Report Report)> stops)
    {
        var byId = stops.ToDictionary(stop => stop.Report.Id.ToString());
        // Without a place to begin, the first stop is it: the first of the urgent ones, if there are any.
        List<Stop> listed = [.. stops.Where(stop => stop.Report.Place is not null).OrderBy(stop => !stop.Stop.Urgent).Select(stop => StopOf(stop.Report, stop.Stop.Urgent))];
        if (StartOf(round) is { } start)
        {
            listed.Insert(0, new Stop(Depot, start));
        }
        var order = listed.Count == 0 ? [] : CrewRound.Of(listed, round.Back ? RoundEnd.AtStart : RoundEnd.Anywhere).Order;
        List<RoundStop> ordered = [.. order.Where(id => id != Depot).Select(id => byId[id].Stop), .. stops.Where(stop => stop.Report.Place is null).Select(stop => stop.Stop)];
        Number(ordered);
    }

    /// <summary>Counts the places anew, from 1.</summary>
    internal static void Number(IReadOnlyList<RoundStop> ordered)
    {
        for (var i = 0; i < ordered.Count; i++)
        {
            ordered[i].Place = i + 1;
        }
    }

    /// <param name="reports">In the order of the stops.</param>
    internal static RoundPlan Of(Round round, IReadOnlyList<Report> reports)
    {
        var (at, metres, time) = (StartOf(round), 0.0, round.LeaveAt);
        var begun = at;
        var arrivals = new List<long?>();
        foreach (var report in reports)
        {
            if (report.Place is not var (lon, lat))
            {
                arrivals.Add(null);
                continue;
            }
            var there = new LonLat(lon, lat);
            GoTo(there);
            begun ??= there;
            arrivals.Add(time);
            time += round.MinutesAStop * TimeSpan.MicrosecondsPerMinute;
        }
        if (round.Back && begun is { } home)
        {
            GoTo(home);
        }
        return new RoundPlan(arrivals, metres, time);

        void GoTo(LonLat there)
        {
            var step = at is { } here ? Ways.MetresBetween(here, there) : 0;
            (at, metres, time) = (there, metres + step, time + (long)(step / Ways.MetresPerSecond * TimeSpan.MicrosecondsPerSecond));
        }
    }

    private static LonLat? StartOf(Round round) => round is { Lon: { } lon, Lat: { } lat } ? new LonLat(lon, lat) : null;

    private static Stop StopOf(Report report, bool urgent) =>
        report.Place is var (lon, lat) ? new Stop(report.Id.ToString(), new LonLat(lon, lat)) { Pinned = urgent } : default;
}
