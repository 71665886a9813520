using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A channel of a body that has failed for a day (R42): what is sent to the body waits in its inbox only.</summary>
/// <param name="Target">Where it was to go.</param>
/// <param name="Since">UTC microseconds.</param>
/// <param name="Error">What the other end said last.</param>
public sealed record ChannelAlarm(Body Body, string Target, long Since, string? Error)
{
    /// <summary>A call that has not arrived after so long is an alarm, although it is tried further.</summary>
    private const long PatienceMicros = TimeSpan.MicrosecondsPerDay;

    /// <summary>Those that concern the caller: of the bodies that they work for, and all for whoever sees to the whole installation.</summary>
    /// <param name="now">UTC microseconds.</param>
    internal static async Task<IReadOnlyList<ChannelAlarm>> OfAsync(Store store, Caller caller, BodyMap bodies, long now, CancellationToken cancellation)
    {
        var concerned = bodies.All.Where(body => body.Active && caller.ReachesOf(ReportPermissions.Read).Any(reach => reach.Body is null || reach.Body == body.Id)).OrderBy(body => body.Id, StringComparer.Ordinal).ToList();
        var mail = (await MailTrouble.OfAsync(store, concerned.SelectMany(body => body.Channels).OfType<EmailChannel>().Select(channel => channel.Address), cancellation))
            .ToDictionary(trouble => trouble.Address, StringComparer.Ordinal);
        var calls = await FailedCallsAsync(store, [.. concerned.Where(body => body.Channels.OfType<WebhookChannel>().Any()).Select(body => body.Id)], now - PatienceMicros, cancellation);
        var forwards = await FailedForwardsAsync(store, [.. concerned.Where(body => body.Channels.OfType<Open311Channel>().Any()).Select(body => body.Id)], now - PatienceMicros, cancellation);
        var alarms = new List<ChannelAlarm>();
        foreach (var body in concerned)
        {
            var addresses = body.Channels.OfType<EmailChannel>().Select(channel => channel.Address).Distinct(StringComparer.Ordinal).Where(mail.ContainsKey);
            alarms.AddRange(addresses.Select(address => new ChannelAlarm(body, address, mail[address].Since, mail[address].Error)));
            var hooks = body.Channels.OfType<WebhookChannel>().Select(hook => hook.Url).ToHashSet(StringComparer.Ordinal);
            alarms.AddRange(calls.Where(call => call.Body == body.Id && hooks.Contains(call.Url)).Select(call => new ChannelAlarm(body, new Uri(call.Url).Host, call.Since, call.Error)));
            var endpoints = body.Channels.OfType<Open311Channel>().Select(channel => channel.Url).ToHashSet(StringComparer.Ordinal);
            alarms.AddRange(forwards.Where(call => call.Body == body.Id && endpoints.Contains(call.Url)).Select(call => new ChannelAlarm(body, new Uri(call.Url).Host, call.Since, call.Error)));
        }
        return alarms;
    }

    /// <summary>Channels where a call was given up, the other end wants none, or one is tried since before an instant, and none has arrived since.</summary>
    private static async Task<IReadOnlyList<FailedCalls>> FailedCallsAsync(Store store, IReadOnlyList<string> bodies, long before, CancellationToken cancellation) => bodies.Count == 0 ? []
        : await store.Set<Delivery>().AsNoTracking()
            .Where(one => bodies.Contains(one.Body) && (one.State == DeliveryState.Failed || (one.State == DeliveryState.Waiting && one.Attempts > 0 && one.MadeAt <= before))
                && !store.Set<Delivery>().Any(later => later.Body == one.Body && later.Url == one.Url && later.State == DeliveryState.Delivered && later.EndedAt >= (one.EndedAt ?? one.MadeAt)))
            .GroupBy(one => new { one.Body, one.Url })
            .Select(all => new FailedCalls(all.Key.Body, all.Key.Url, all.Min(one => one.MadeAt), all.OrderByDescending(one => one.EndedAt).Select(one => one.Error).FirstOrDefault()))
            .ToListAsync(cancellation);

    /// <summary>Endpoints to which a report could not be forwarded for a day and none could since, or that have not said for a day where their requests stand.</summary>
    private static async Task<IReadOnlyList<FailedCalls>> FailedForwardsAsync(Store store, IReadOnlyList<string> bodies, long before, CancellationToken cancellation)
    {
        if (bodies.Count == 0)
        {
            return [];
        }
        var forwards = store.Set<Forward>().AsNoTracking();
        return await forwards
            .Where(one => bodies.Contains(one.Body) && one.FailingSince <= before
                && (one.EndedAt == null || (one.State == ForwardState.Failed && !forwards.Any(later => later.Body == one.Body && later.Url == one.Url && later.TakenAt >= one.EndedAt))))
            .GroupBy(one => new { one.Body, one.Url })
            .Select(all => new FailedCalls(all.Key.Body, all.Key.Url, all.Min(one => one.FailingSince)!.Value, all.OrderByDescending(one => one.FailingSince).Select(one => one.Error).FirstOrDefault()))
            .ToListAsync(cancellation);
    }

    private sealed record FailedCalls(string Body, string Url, long Since, string? Error);
}
