using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Records what is to be forwarded: each report that a body with an Open311 endpoint gets, or gets back. Follows the log; <see cref="ForwardReports"/> sends. What comes with the history of another
/// system is not forwarded.
/// </summary>
internal sealed class RecordForwards(RoutingMap routing) : TableFollower
{
    public override string Name => "reports.forwards";

    /// <summary>What was sent is not sent again.</summary>
    public override bool Rebuildable => false;

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        var ways = routing.Current.Map.Bodies.Where(body => body.Active).ToDictionary(body => body.Id, body => body.Channels.OfType<Open311Channel>().ToList(), StringComparer.Ordinal);
        if (ways.Values.All(channels => channels.Count == 0))
        {
            return; // Before anything is read: most installations have none.
        }
        foreach (var happened in events.Where(happened => happened.Subject.Kind == "report" && happened.Type.StartsWith("reports.report.", StringComparison.Ordinal)))
        {
            var heard = JsonSerializer.Deserialize<RecordDeliveries.Heard>(happened.Data, Json.Options)!;
            if (RecordDeliveries.Told(happened, heard).Any(told => told.Type is "report.assigned" or "report.reopened"))
            {
                await RecordAsync(unit, happened, heard.After.Holder!, ways.GetValueOrDefault(heard.After.Holder!) ?? [], cancellation);
            }
        }
    }

    /// <summary>Ends what runs for the report elsewhere, or ran for it before it was reopened; what still waits for the same endpoint goes on, and so does what runs there when the report is unmerged.</summary>
    private static async Task RecordAsync(Unit unit, Event happened, string body, IReadOnlyList<Open311Channel> channels, CancellationToken cancellation)
    {
        var report = Guid.Parse(happened.Subject.Id);
        var rows = unit.Store.Set<Forward>();
        await rows.Where(row => row.ReportId == report && row.EndedAt == null).LoadAsync(cancellation);
        var running = rows.Local.Where(row => row.ReportId == report && row.EndedAt is null).ToList();
        var waiting = running.Where(row => (row.State == ForwardState.Waiting || happened.Type == ReportNotices.UnmergedEvent) && row.Body == body && channels.Any(channel => channel.Url == row.Url)).ToList();
        foreach (var over in running.Except(waiting))
        {
            over.End(ForwardState.Left, unit.Now);
        }
        foreach (var channel in channels.DistinctBy(channel => channel.Url, StringComparer.Ordinal).Where(channel => !waiting.Any(row => row.Url == channel.Url)))
        {
            rows.Add(new Forward { Id = unit.NextId(), Position = happened.Position, ReportId = report, Body = body, Url = channel.Url, MadeAt = unit.Now, DueAt = unit.Now });
        }
    }
}
