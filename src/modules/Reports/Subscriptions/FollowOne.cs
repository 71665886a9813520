using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Following one report by mail from a page, perhaps as one more for whom the problem exists (R5).</summary>
internal sealed class FollowOne(Store store, FollowReports follow, SupportReport support, Senders senders, Caller caller, Writer writer)
{
    /// <param name="alsoMe">Counts as "me too", but not of a sender who is blocked.</param>
    /// <returns>Null when it is asked for; the address confirms it. 404, 422 of the field <c>email</c>, or 429.</returns>
    public async Task<Refusal?> ReportAsync(HttpContext http, string number, string email, bool alsoMe, CancellationToken cancellation)
    {
        if (await ReadReport.FindAsync(store, number, tracked: false, cancellation) is not { } report)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        if (http.Take(FollowReportsApi.Asking) is { } tooMany)
        {
            return tooMany;
        }
        var followed = await ReadReport.PublicStandInAsync(store, report, tracked: false, cancellation);
        if (!FollowReportsApi.FollowerOf(http, caller, email, null, null, MailPace.AtOnce).Is(out var who, out var refusal)
            || !(await follow.RunAsync(Followed.One(followed.Id), who, caller.Actor, writer.DoAsync, cancellation)).Is(out _, out refusal))
        {
            return refusal;
        }
        return alsoMe && senders.Refuse(http, caller) is null ? (await support.RunAsync(number, SupportReport.NameOf(http, caller), caller.Actor, cancellation)).Refusal : null;
    }
}
