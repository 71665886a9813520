using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A round for tomorrow morning, of the body that has most to do: so that the page of a round has something to show.</summary>
internal static class DemoRound
{
    private const int Stops = 8, LeavesAtHour = 8, MinutesAStop = 15;

    /// <summary>Makes it, unless there is a round already.</summary>
    public static async Task PutAsync(Store store, Writer writer, RoutingSnapshot map, long now, CancellationToken cancellation)
    {
        if (await store.Set<Round>().AnyAsync(cancellation))
        {
            return;
        }
        var open = store.Set<Report>().AsNoTracking().Where(report => ReportWords.OpenStates.Contains(report.State) && report.Lon != null && report.Holder != null);
        var busiest = await open.GroupBy(report => report.Holder).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key).FirstOrDefaultAsync(cancellation);
        var reports = await open.Where(report => report.Holder == busiest).OrderBy(report => report.DueAt).ThenBy(report => report.Id).Take(Stops).ToListAsync(cancellation);
        if (reports.Count == 0)
        {
            return;
        }
        var calendar = map.CalendarOf(busiest);
        await writer.DoAsync(Actor.System, unit =>
        {
            var round = new Round
            {
                Id = unit.NextId(), Body = busiest!, Name = map.Find(busiest!)?.Languages is ["nl", ..] ? "Ochtendronde" : "Tournée du matin", LeaveAt = calendar.At(calendar.DateOf(now).AddDays(1), new TimeOnly(LeavesAtHour, 0)),
                MinutesAStop = MinutesAStop, Back = true, CreatedAt = unit.Now,
            };
            unit.Store.Add(round);
            MakeRound.Put(unit, round, reports, report => MakeRound.IsUrgent(report, map));
            unit.Publish(new Subject("round", round.Id), 1, new RoundCreated(reports.Count), round.Body);
            return Task.CompletedTask;
        }, cancellation);
    }
}
