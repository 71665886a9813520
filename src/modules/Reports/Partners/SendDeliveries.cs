using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Sends what is recorded for the systems of bodies: takes some that are due by a lease, one for each report and body, so that they arrive in order, and sends the bytes that were recorded with
/// a signature of the moment. What is not taken is tried again as the channel says; 410 ends the channel, 429 is obeyed.
/// </summary>
internal sealed class SendDeliveries(Database database, Writer writer, RoutingMap routing, WebhookBody bodies, Log log, Outgoing outgoing, TimeProvider time, ILogger<SendDeliveries> logger) : DueWork(routing, logger)
{
    private const int BatchMax = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(7);

    /// <summary>Sends some of what is due.</summary>
    /// <returns>How many were tried.</returns>
    internal override async Task<int> DoDueAsync(CancellationToken cancellation = default)
    {
        var taken = await TakeAsync(cancellation);
        if (taken.Count > 0)
        {
            var off = await OffAsync(cancellation); // What was recorded while a channel was being switched off waits still.
            await Task.WhenAll(taken.Select(one => SendAsync(one, off.Contains((one.Body, one.Url)), cancellation)));
        }
        return taken.Count;
    }

    /// <summary>The first that waits of a report and channel, when it is due; those behind it wait for it.</summary>
    private async Task<IReadOnlyList<Delivery>> TakeAsync(CancellationToken cancellation)
    {
        await using (var store = database.Open())
        {
            var now = time.NowMicros();
            if (!await store.Set<Delivery>().AnyAsync(one => one.State == DeliveryState.Waiting && one.DueAt <= now, cancellation))
            {
                return []; // Nothing is written to find nothing.
            }
        }
        var taken = await writer.DoAsync<IReadOnlyList<Delivery>>(Actor.System, async unit =>
        {
            var waiting = unit.Store.Set<Delivery>().Where(one => one.State == DeliveryState.Waiting);
            var due = await waiting.Where(one => one.DueAt <= unit.Now
                    && !waiting.Any(other => other.ReportId == one.ReportId && other.Body == one.Body && other.Url == one.Url && (other.Position < one.Position || (other.Position == one.Position && other.Id.CompareTo(one.Id) < 0))))
                .OrderBy(one => one.DueAt).ThenBy(one => one.Position).Take(BatchMax).ToListAsync(cancellation);
            foreach (var one in due)
            {
                one.DueAt = unit.Now + Lease.ToMicros();
                one.Attempts++;
                one.Payload ??= await WriteAsync(unit.Store, one, cancellation);
            }
            return due;
        }, cancellation);
        return taken.Ok ? taken.Value : [];
    }

    /// <summary>The bytes of a call that waited for pictures; none when its channel is gone.</summary>
    private async Task<byte[]?> WriteAsync(Store store, Delivery one, CancellationToken cancellation) =>
        HookOf(one) is { } hook && await new ReadReport(store).DetailAsync(one.ReportId.ToString(), cancellation) is { } detail
        && await log.ReadAsync(one.Position - 1, 1, cancellation) is [var happened]
            ? bodies.Of(one, happened, hook, detail) : null;

    private WebhookChannel? HookOf(Delivery one) => Routing.Current.Map.Find(one.Body)?.Channels.OfType<WebhookChannel>().FirstOrDefault(hook => hook.Url == one.Url);

    private async Task<IReadOnlySet<(string Body, string Url)>> OffAsync(CancellationToken cancellation)
    {
        await using var store = database.Open();
        return await RecordDeliveries.OffAsync(store, cancellation);
    }

    private async Task SendAsync(Delivery one, bool off, CancellationToken cancellation)
    {
        var channel = off || one.Payload is null ? null : HookOf(one);
        OutgoingAnswer? answer = null;
        if (channel is not null)
        {
            var signature = WebhookSignature.Of(one.Payload, channel.Secrets, time.GetUtcNow().ToUnixTimeSeconds());
            answer = await outgoing.PostAsync(
                new Uri(one.Url), one.Payload, "application/json; charset=utf-8", [("Zinneke-Event", one.Type), ("Zinneke-Delivery", one.Id.ToString()), ("Zinneke-Signature", signature)],
                channel.AllowPrivate, Patience, cancellation);
        }
        await writer.DoAsync(Actor.System, async unit =>
        {
            if (await unit.Store.Set<Delivery>().FirstOrDefaultAsync(row => row.Id == one.Id, cancellation) is { State: DeliveryState.Waiting } row)
            {
                Mark(row, channel, answer, unit.Now);
                if (answer?.Status == 410)
                {
                    await DropAsync(unit, row, cancellation);
                }
            }
        }, cancellation);
        if (answer is { Ok: false })
        {
            logger.LogWarning("The system of {Body} did not take {Delivery} ({Said}), attempt {Attempt}", one.Body, one.Id, answer.Said, one.Attempts);
        }
    }

    private static void Mark(Delivery row, WebhookChannel? channel, OutgoingAnswer? answer, long now)
    {
        (row.Status, row.Error) = (answer?.Status ?? 0, answer is { Ok: false } ? answer.Said : null);
        var retries = channel?.RetrySeconds ?? [];
        var again = channel is not null && answer is { Ok: false, Status: not 410 } && row.Attempts <= retries.Count;
        if (again)
        {
            var wait = answer!.Status == 429 && answer.RetryAfter is { } asked ? asked : TimeSpan.FromSeconds(retries[row.Attempts - 1]);
            row.DueAt = now + (wait < WaitMax ? wait : WaitMax).ToMicros();
            return;
        }
        row.State = channel is null ? DeliveryState.Dropped : answer!.Ok ? DeliveryState.Delivered : DeliveryState.Failed;
        (row.Payload, row.EndedAt) = (null, now);
    }

    /// <summary>The channel is off: what waits for it waits for nothing.</summary>
    private static async Task DropAsync(Unit unit, Delivery gone, CancellationToken cancellation)
    {
        foreach (var other in await unit.Store.Set<Delivery>().Where(one => one.State == DeliveryState.Waiting && one.Body == gone.Body && one.Url == gone.Url && one.Id != gone.Id).ToListAsync(cancellation))
        {
            (other.State, other.Payload, other.EndedAt) = (DeliveryState.Dropped, null, unit.Now);
        }
    }
}
