using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>
/// What requests come from, and whether that is blocked. Whoever works here is never asked: a town hall has one network address. What a sender has a right to - withdraw, confirm, erase the contact - is
/// never stopped either, only what puts something before others.
/// </summary>
internal sealed class Senders(Device devices, Keys keys, BlockBook book, Dates dates, TimeProvider time)
{
    /// <summary>What a request comes from; null of staff and of channels.</summary>
    public SentFrom? Of(HttpContext http, Caller caller) => Of(http, caller, devices.Of(http.Request));

    /// <param name="device">As <see cref="Device.Of(string)"/> gives it.</param>
    public SentFrom? Of(HttpContext http, Caller caller, string? device) =>
        caller.CanSomewhere(ReportPermissions.Read) || caller.CanSomewhere(ReportPermissions.Submit) || caller.CanSomewhere(ReportPermissions.Partner) ? null
        : SentFrom.Of(device, caller.IsByKey ? null : Hashed(http.Household()));

    /// <summary>403 <c>blocked</c> with <c>until</c>, or null.</summary>
    public Refusal? Refuse(SentFrom? from) => from is not null && book.UntilOf(from, time.NowMicros()) is { } until
        ? new Refusal(RefusalKind.Forbidden, "reports.blocked") { Arguments = [dates.Short(until)], Members = new Dictionary<string, object?> { ["until"] = Instants.FromMicros(until) } }
        : null;

    /// <inheritdoc cref="Refuse(SentFrom?)"/>
    public Refusal? Refuse(HttpContext http, Caller caller) => Refuse(Of(http, caller));

    /// <summary>The same for a call that may be a repeat: what was done before is answered as it was.</summary>
    public static async Task<Refusal?> UnlessKnownAsync(Refusal? blocked, Idempotency once, CancellationToken cancellation) => blocked is not null && await once.IsKnownAsync(cancellation) ? null : blocked;

    /// <summary>The same for an action: one that brings words, or brings a report back.</summary>
    public Refusal? Refuse(HttpContext http, Caller caller, string action, ActionRequest request) => action is "comment" or "reopen" || request.Text is not null ? Refuse(http, caller) : null;

    /// <summary>Network addresses are few enough to try them all: without the key the hash tells nothing.</summary>
    private string Hashed(string household) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("reports.sender"), Encoding.UTF8.GetBytes(household)).AsSpan(0, 16));
}
