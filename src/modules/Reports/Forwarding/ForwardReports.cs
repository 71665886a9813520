using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Forwards reports to the Open311 endpoints of bodies, asks for their ids, and then where they stand (reports.md 5.2). Takes what is due by a lease. GeoReport knows no repeat: whatever was
/// tried before, by this node or one that died over it, is looked for at the other end before it is sent again.
/// </summary>
internal sealed class ForwardReports(
    Database database, Writer writer, RoutingMap routing, GeoEndpoint endpoint, ForwardedForm forms, SettleForwards settle, Words words, TimeProvider time, ILogger<ForwardReports> logger) : DueWork(routing, logger)
{
    private const int BatchMax = 4;

    /// <summary>Requests that are asked for at once, in one address; updates have no such limit.</summary>
    private const int PollMax = 50, PollUpdatesMax = 1000;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(4), LookBack = TimeSpan.FromHours(2);

    /// <summary>Photos are drawn within seconds; without them it goes all the same.</summary>
    private static readonly TimeSpan PhotoPatience = TimeSpan.FromMinutes(2), PhotoWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UpdatesBackMax = TimeSpan.FromDays(89);

    /// <summary>Does some of what is due.</summary>
    /// <returns>How many rows were looked at.</returns>
    internal override async Task<int> DoDueAsync(CancellationToken cancellation = default)
    {
        var taken = await TakeAsync(cancellation);
        var single = taken.Rows.Where(row => row.Row.State != ForwardState.Open).Select(row => row.Row.State == ForwardState.Waiting ? SendAsync(row, cancellation) : AskForIdAsync(row, cancellation));
        var polls = taken.Rows.Where(row => row.Row.State == ForwardState.Open).GroupBy(row => (row.Row.Body, row.Row.Url)).Select(all => PollAsync([.. all], cancellation));
        await Task.WhenAll([.. single, .. polls]);
        return taken.Count;
    }

    /// <summary>What is due, with its body and channel.</summary>
    private sealed record Due(Forward Row, Body Body, Open311Channel Channel);

    private sealed record Taken(int Count, IReadOnlyList<Due> Rows);

    private async Task<Taken> TakeAsync(CancellationToken cancellation)
    {
        await using (var store = database.Open())
        {
            var now = time.NowMicros();
            if (!await store.Set<Forward>().AnyAsync(row => row.EndedAt == null && row.DueAt <= now, cancellation))
            {
                return new Taken(0, []); // Nothing is written to find nothing.
            }
        }
        var outcome = await writer.DoAsync<Taken>(Actor.System, async unit =>
        {
            var rows = await DueAsync(unit, cancellation);
            List<Guid> ids = [.. rows.Select(row => row.ReportId)];
            var reports = await unit.Store.Set<Report>().AsNoTracking().Where(report => ids.Contains(report.Id)).ToDictionaryAsync(report => report.Id, cancellation);
            return new Taken(rows.Count, [.. rows.Select(row => Begin(row, reports.GetValueOrDefault(row.ReportId), unit.Now)).OfType<Due>()]);
        }, cancellation);
        return outcome.Ok ? outcome.Value : new Taken(0, []);
    }

    private async Task<IReadOnlyList<Forward>> DueAsync(Unit unit, CancellationToken cancellation)
    {
        var running = unit.Store.Set<Forward>().Where(row => row.EndedAt == null);
        var due = await running.Where(row => row.DueAt <= unit.Now && row.State != ForwardState.Open).OrderBy(row => row.DueAt).Take(BatchMax).ToListAsync(cancellation);
        if (await running.Where(row => row.DueAt <= unit.Now && row.State == ForwardState.Open).OrderBy(row => row.DueAt).FirstOrDefaultAsync(cancellation) is { } first)
        {
            var channel = ChannelOf(first).Channel;
            var soon = unit.Now + TimeSpan.FromSeconds((channel?.PollSeconds ?? 0) / 2).ToMicros(); // Those of one channel come together, and stay together.
            due.AddRange(await running.Where(row => row.State == ForwardState.Open && row.Body == first.Body && row.Url == first.Url && row.DueAt <= soon)
                .OrderBy(row => row.DueAt).ThenBy(row => row.Id).Take(channel?.Updates == true ? PollUpdatesMax : PollMax).ToListAsync(cancellation));
        }
        return due;
    }

    /// <summary>Takes a row, unless there is nothing left to do: what is merged waits, because it may come back, and what nobody has looked at until it is public.</summary>
    private Due? Begin(Forward row, Report? report, long now)
    {
        var (body, channel) = ChannelOf(row);
        if (body is null || channel is null || report is null || report.Holder != row.Body || !(report.State.IsOpen() || report.State == ReportState.Duplicate))
        {
            row.End(ForwardState.Left, now);
            return null;
        }
        if (report.State == ReportState.Duplicate || report.Visibility == Visibility.Pending)
        {
            row.DueAt = now + TimeSpan.FromSeconds(channel.PollSeconds).ToMicros();
            return null;
        }
        row.DueAt = now + Lease.ToMicros();
        if (row.State != ForwardState.Open)
        {
            row.Attempts++;
            row.FirstAt ??= now;
        }
        return new Due(row, body, channel);
    }

    private (Body? Body, Open311Channel? Channel) ChannelOf(Forward row)
    {
        var body = Routing.Current.Map.Find(row.Body);
        return (body, body is { Active: true } ? body.Channels.OfType<Open311Channel>().FirstOrDefault(channel => channel.Url == row.Url) : null);
    }

    private async Task SendAsync(Due due, CancellationToken cancellation)
    {
        var (row, body, channel) = due;
        await using var store = database.Open();
        if (await new ReadReport(store).DetailAsync(row.ReportId.ToString(), cancellation) is not { } detail)
        {
            return;
        }
        var now = time.NowMicros();
        if (channel.Photos && now - row.MadeAt < PhotoPatience.ToMicros() && detail.Pictures.Any(picture => picture.File.State == RenditionState.Pending))
        {
            await settle.PostponeAsync(row, PhotoWait, cancellation);
            return;
        }
        var categories = Routing.Current.Map.Categories;
        if (ForwardedForm.Hindrance(detail, channel, categories) is { } hindrance)
        {
            await settle.RefusedAsync(row, null, words.InAll(hindrance, SettleForwards.NameOf(body)), cancellation);
            return;
        }
        var before = await store.Set<Forward>().AsNoTracking().Where(other => other.ReportId == row.ReportId && other.Url == row.Url && other.RequestId != null).OrderBy(other => other.Position).Select(other => other.RequestId!).ToListAsync(cancellation);
        if (row.Attempts > 1)
        {
            var since = Math.Min(now - LookBack.ToMicros(), row.FirstAt ?? now);
            var (failed, found) = await endpoint.FindAsync(channel, ForwardedForm.Marker(detail.Report.Number), detail.Report.Place, before, since, now, cancellation);
            if (failed is not null || found is not null)
            {
                await (found is null ? settle.AgainAsync(row, failed!, body, cancellation) : settle.TakenAsync(row, found, channel, cancellation));
                return;
            }
        }
        await SettleSentAsync(due, await endpoint.SendAsync(channel, row.Id, forms.Of(detail, body, channel, categories, before.LastOrDefault()), cancellation), cancellation);
    }

    private async Task SettleSentAsync(Due due, GeoReply reply, CancellationToken cancellation)
    {
        var (row, body, channel) = due;
        var answer = reply is { Ok: true, Records: [var only, ..] } ? only : null;
        if (answer?.GetValueOrDefault("service_request_id") is { } id)
        {
            await settle.TakenAsync(row, id, channel, cancellation);
        }
        else if (answer?.GetValueOrDefault("token") is { } token)
        {
            await settle.PromisedAsync(row, token, cancellation);
        }
        else if (reply.IsRefusal)
        {
            logger.LogWarning("The Open311 endpoint of {Body} refused a report ({Said})", body.Id, reply.Error);
            await settle.RefusedAsync(row, reply.Error, words.InAll("reports.forward.refused", SettleForwards.NameOf(body), reply.Said), cancellation);
        }
        else
        {
            var said = reply.Ok ? reply with { Error = "neither id nor token" } : reply;
            logger.LogWarning("The Open311 endpoint of {Body} did not take a report ({Said}), attempt {Attempt}", body.Id, said.Error, row.Attempts);
            await settle.AgainAsync(row, said, body, cancellation);
        }
    }

    private async Task AskForIdAsync(Due due, CancellationToken cancellation)
    {
        var (row, body, channel) = due;
        var reply = await endpoint.ListAsync(channel, "tokens/" + Uri.EscapeDataString(row.Token!), cancellation);
        var id = reply.Ok ? reply.Records.Select(record => record.GetValueOrDefault("service_request_id")).FirstOrDefault(one => one is not null) : null;
        await (id is not null ? settle.TakenAsync(row, id, channel, cancellation) : settle.NoIdYetAsync(row, reply, body, cancellation));
    }

    /// <summary>Asks where the requests of one channel stand; open says nothing, closed ends the report.</summary>
    private async Task PollAsync(IReadOnlyList<Due> all, CancellationToken cancellation)
    {
        var (body, channel) = (all[0].Body, all[0].Channel);
        List<Forward> rows = [.. all.Select(one => one.Row)];
        var asked = time.NowMicros();
        var since = Math.Max(asked - UpdatesBackMax.ToMicros(), rows.Min(row => row.LookedAt ?? row.MadeAt));
        var reply = channel.Updates
            ? await endpoint.ListAsync(channel, "servicerequestupdates", cancellation, GeoEndpoint.Window(since, asked))
            : await endpoint.ListAsync(channel, "requests", cancellation, ("service_request_id", string.Join(',', rows.Select(row => row.RequestId))));
        var last = reply.Ok ? reply.Records.Where(record => record.ContainsKey("service_request_id")).GroupBy(record => record["service_request_id"]).ToDictionary(same => same.Key, Newest, StringComparer.Ordinal) : [];
        foreach (var row in rows)
        {
            if (last.GetValueOrDefault(row.RequestId!) is { } said && said.GetValueOrDefault("status") is { } status
                && (status.Equals("closed", StringComparison.OrdinalIgnoreCase) || status.Equals("fixed", StringComparison.OrdinalIgnoreCase)))
            {
                await settle.ClosedAsync(row, said.GetValueOrDefault(channel.Updates ? "description" : "status_notes"), body, cancellation);
            }
        }
        // Last, so that what was interrupted is asked again. Of a full answer more may follow: the next question begins with its newest.
        var full = channel.Updates && reply.Records.Count >= GeoEndpoint.PageSize;
        var seen = full ? Math.Clamp(reply.Records.Max(UpdatedAt) + GeoEndpoint.Apart.ToMicros(), since, asked) : asked;
        await settle.LookedAsync(rows, reply, channel, seen, cancellation);
    }

    private static IReadOnlyDictionary<string, string> Newest(IEnumerable<IReadOnlyDictionary<string, string>> same) =>
        same.MaxBy(UpdatedAt)!;

    private static long UpdatedAt(IReadOnlyDictionary<string, string> record) => Instants.TryRead(record.GetValueOrDefault("updated_datetime") ?? "", out var at) ? at : 0;
}
