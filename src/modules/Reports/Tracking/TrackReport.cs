using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// <c>/{lang}/reports/{number}</c>: where a report stands, for everybody; with its private link also what only its sender may do. Changes while one looks, by
/// server-sent events; without JavaScript by loading it again.
/// </summary>
internal static class TrackReport
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/{number}", GetAsync).Public();
        doors.Pages.MapPost("/reports/{number}", PostAsync).Public().Limited(ActOnReportApi.ByAnybody);
    }

    private static async Task<IResult> GetAsync(string number, HttpContext http, TrackPages pages, string? t, string? sent, CancellationToken cancellation) =>
        await pages.ShowAsync(http, number, t, sent is not null, null, null, cancellation);

    /// <summary>A duplicate's page is that of its target (reports.md 4.5), as long as it is one: browsers keep such an answer for good unless told.</summary>
    public static IResult ToTarget(HttpContext http, string path)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.LocalRedirect(path, permanent: true, preserveMethod: true);
    }

    private static async Task<IResult> PostAsync(string number, HttpContext http, TrackPages pages, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        return await pages.DoAsync(http, number, form["t"].ToString(), form, cancellation);
    }
}

/// <summary>Shows a report's page and does what its forms ask.</summary>
internal sealed class TrackPages(Store store, ReadReport read, RoutingMap routing, TrackLink link, Caller caller, ActOnReport act, SupportReport support, FollowOne followOne, EraseContact erase, Writer writer, LogTail tail, TimeProvider time,
    FlagReport flag, Senders senders, AnswerSolved answer)
{
    /// <summary>What turns on where the report stands: who does it has seen that. Words can be added whatever happened since.</summary>
    private static readonly HashSet<string> Turning = new(StringComparer.Ordinal) { "confirm", "reopen", "withdraw", "answer" };

    public async Task<IResult> ShowAsync(HttpContext http, string number, string? token, bool justSent, Refusal? refusal, IFormCollection? typed, CancellationToken cancellation)
    {
        var readTo = tail.Head; // Before the rows are read: told twice is harmless, missed is not.
        var detail = await read.DetailAsync(number, cancellation);
        var acting = await ActOnReportApi.ActingAsync(http, caller, store, link, number, token, cancellation);
        if (detail is null || !(FindReportsApi.IsOpenToAll(detail.Report) || acting.IsReporter || ActOnReportApi.SeesAll(caller, detail.Report)))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var report = detail.Report;
        if (report.Number != number)
        {
            return TypedResults.LocalRedirect($"/{http.Language()}/reports/{report.Number}{http.Request.QueryString}", permanent: true);
        }
        if (refusal is null && detail.PublicTarget is { } target && !acting.IsReporter) // What was refused is said here: the redirection would send the form again.
        {
            return TrackReport.ToTarget(http, $"/{http.Language()}/reports/{target.Number}");
        }
        var map = routing.Current.Map;
        var now = time.NowMicros();
        var world = World.Of(map, now, report);
        var hats = Hats.Of(caller, report, acting.IsReporter, world.HandOver.Coordinator, now) & (Who.Anyone | Who.Reporter | Who.ReporterSoon);
        var view = new TrackView(
            detail.ForPublic(acting.IsReporter, acting.IsReporter ? token : null), map, acting.IsReporter ? token : null, justSent && acting.IsReporter, acting.IsReporter && detail.Contact is { Email: not null } or { Name: not null } or { Phone: not null },
            ActOnReport.Allowed(report, hats, world), readTo > 0 ? readTo : null, now, refusal, typed)
        {
            AskedBy = await answer.AskedAsync(store, report, token, cancellation) is { } supporter && !AnswerSolved.HasAgreed(detail, supporter) ? token : null,
            JustFlagged = refusal is null && http.Request.Query.ContainsKey("flagged"),
        };
        return new RazorComponentResult<Pages.TrackPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? 200 : (int)refusal.Kind };
    }

    public async Task<IResult> DoAsync(HttpContext http, string number, string token, IFormCollection form, CancellationToken cancellation)
    {
        var does = form["do"].ToString();
        var acting = await ActOnReportApi.ActingAsync(http, caller, store, link, number, token, cancellation);
        Refusal? refusal;
        Guid? supporter = null;
        switch (does)
        {
            case "support":
                refusal = senders.Refuse(http, caller) ?? (await support.RunAsync(number, SupportReport.NameOf(http, caller), caller.Actor, cancellation)).Refusal;
                break;
            case "follow":
                if ((refusal = await followOne.ReportAsync(http, number, form["email"].ToString(), form["alsoMe"].Count > 0, cancellation)) is null)
                {
                    return new SeeOther($"/{http.Language()}/reports/follow/sent");
                }
                break;
            case "flag":
                refusal = senders.Refuse(http, caller) ?? ((await flag.RunAsync(number, PartOf(form), SupportReport.NameOf(http, caller), cancellation)).Refusal is { } notFlagged ? AtField(notFlagged) : null);
                if (refusal is null)
                {
                    return new SeeOther($"/{http.Language()}/reports/{number}?flagged=1");
                }
                break;
            case "erase":
                refusal = acting.IsReporter ? (await erase.RunAsync(number, caller.Actor, cancellation)).Refusal : new Refusal(RefusalKind.Forbidden, "reports.notYourReport");
                break;
            default:
                var words = form["text"].ToString().Trim();
                var request = new ActionRequest { Version = Turning.Contains(does) ? SeenVersion.Of(form) : null, Reason = form["reason"].ToString() is { Length: > 0 } reason ? reason : null, Text = words.Length > 0 ? Text.Of(http.Language(), words) : null };
                if (does == "answer" && await ReadReport.FindAsync(store, number, tracked: false, cancellation) is { } asked)
                {
                    supporter = await answer.AskedAsync(store, asked, token, cancellation);
                    refusal = senders.Refuse(http, caller, form["answer"] == "yes" ? "confirm" : "reopen", request) ?? await answer.RunAsync(number, form["answer"].ToString(), request, acting, supporter, cancellation);
                    break;
                }
                refusal = senders.Refuse(http, caller, does, request) ?? (await act.RunAsync(number, does, request, acting, writer.DoAsync, cancellation)).Refusal;
                break;
        }
        return refusal is null
            ? new SeeOther($"/{http.Language()}/reports/{number}{((acting.IsReporter || supporter is not null) && token.Length > 0 ? "?t=" + Uri.EscapeDataString(token) : "")}")
            : await ShowAsync(http, number, token, false, refusal, form, cancellation);
    }

    /// <summary>One field of the form names the part: <c>text</c>, or the id of a photo.</summary>
    private static FlagRequest PartOf(IFormCollection form) => Guid.TryParse(form["part"], out var photo)
        ? new FlagRequest { What = PartRequest.OfPhoto, Photo = photo, Reason = form["reason"] }
        : new FlagRequest { What = form["part"], Reason = form["reason"] };

    private static Refusal AtField(Refusal refusal) => refusal switch
    {
        { Code: "reports.unknownReason" } => Refusal.Invalid("reports.reasonNeeded", "reason"),
        { Field: "what" } => refusal with { Field = "part" },
        _ => refusal,
    };
}
