using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A channel of a body that has failed for a day (R42): what is sent to the body waits in its inbox only.</summary>
/// <param name="Target">Where it was to go.</param>
/// <param name="Since">UTC microseconds.</param>
/// <param name="Error">What the other end said last.</param>
public sealed record ChannelAlarm(Body Body, string Target, long Since, string? Error)
{
    /// <summary>Those that concern the caller: of the bodies that they work for, and all for whoever sees to the whole installation.</summary>
    internal static async Task<IReadOnlyList<ChannelAlarm>> OfAsync(Store store, Caller caller, BodyMap bodies, CancellationToken cancellation)
    {
        var alarms = new List<ChannelAlarm>();
        foreach (var body in bodies.All.Where(body => body.Active && caller.ReachesOf(ReportPermissions.Read).Any(reach => reach.Body is null || reach.Body == body.Id)).OrderBy(body => body.Id, StringComparer.Ordinal))
        {
            var troubles = await MailTrouble.OfAsync(store, body.Channels.OfType<EmailChannel>().Select(channel => channel.Address), cancellation);
            alarms.AddRange(troubles.Select(trouble => new ChannelAlarm(body, trouble.Address, trouble.Since, trouble.Error)));
            foreach (var hook in body.Channels.OfType<WebhookChannel>())
            {
                if (await OfWebhookAsync(store, body, hook, cancellation) is { } alarm)
                {
                    alarms.Add(alarm);
                }
            }
        }
        return alarms;
    }

    /// <summary>A call was given up, or the other end wants none, and none has arrived since.</summary>
    private static async Task<ChannelAlarm?> OfWebhookAsync(Store store, Body body, WebhookChannel hook, CancellationToken cancellation)
    {
        var ended = store.Set<Delivery>().AsNoTracking().Where(one => one.Body == body.Id && one.Url == hook.Url);
        var reached = await ended.Where(one => one.State == DeliveryState.Delivered).MaxAsync(one => one.EndedAt, cancellation) ?? 0;
        var failed = ended.Where(one => one.State == DeliveryState.Failed && one.EndedAt > reached);
        return await failed.OrderByDescending(one => one.EndedAt).FirstOrDefaultAsync(cancellation) is { } last
            ? new ChannelAlarm(body, new Uri(hook.Url).Host, await failed.MinAsync(one => one.MadeAt, cancellation), last.Error)
            : null;
    }
}
