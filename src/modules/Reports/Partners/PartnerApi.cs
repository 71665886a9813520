using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// <c>/api/v1/partner/reports</c>: how the system of a body answers (reports.md 5.3), with a key of the scope <c>partner:BODY</c>. Each call is an action of the one table; who no longer has a
/// report is refused.
/// </summary>
internal static class PartnerApi
{
    public static void Map(Doors doors)
    {
        doors.Api.MapGet("/partner/reports", (HttpContext http, PartnerDesk desk, CancellationToken cancellation) => desk.ListAsync(http, cancellation)).Needs(ReportPermissions.Partner).Reads([.. ReportQuery.Names.Except(["body", "sort"]), "cursor"])
            .WithSummary("The reports that the body of the key has, changed last first: for those who ask instead of being told (updatedSince, state, cursor).")
            .GivesExample(ReportExamples.ListForStaff);
        doors.Api.MapGet("/partner/reports/{id}", (string id, HttpContext http, PartnerDesk desk, CancellationToken cancellation) => desk.ShowAsync(id, http, cancellation)).Needs(ReportPermissions.Partner)
            .WithSummary("One report that the body of the key has.").GivesExample(ReportExamples.ForStaff);
        doors.Api.MapPost("/partner/reports/{id}/{call}", (string id, string call, HttpContext http, PartnerDesk desk, Idempotency once, CancellationToken cancellation) => desk.DoAsync(id, call, http, once, cancellation))
            .Needs(ReportPermissions.Partner).WithSummary("The body's own system answers: register, accept, update, reject, transfer or close.")
            .TakesExample(new { outcome = "resolved", text = new { fr = "La dalle est remplacée.", nl = "De tegel is vervangen." } }).GivesExample(ReportExamples.ForStaff);
    }
}

/// <summary>What the system of a body sees of its reports and does to them.</summary>
internal sealed class PartnerDesk(
    ReadReport read, FindReports find, RoutingMap routing, ActOnReport act, AnswerBook answers, FileStore files, Outgoing outgoing, Cursors cursors, Caller caller, TimeProvider time)
{
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(10);

    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!ReportQuery.Of(http.Request.Query).Is(out var query, out var refusal) || !cursors.Of<ReportPlace>(http.Request).Is(out var after, out refusal))
        {
            return refusal.AsProblem();
        }
        var bodies = caller.ReachesOf(ReportPermissions.Partner).Select(reach => reach.Body).OfType<string>().ToList();
        var page = await find.PageAsync(query with { Body = null, Sort = ReportSort.Updated }, reports => reports.Where(report => report.Holder != null && bodies.Contains(report.Holder)), after, cancellation);
        var details = await read.DetailsAsync([.. page.Rows.Select(row => row.Report)], cancellation);
        return TypedResults.Json(new { reports = details.Select(detail => Json(detail, http)), next = page.Next is { } next ? cursors.Next(http.Request, next) : null }, Kernel.Json.Options);
    }

    public async Task<IResult> ShowAsync(string id, HttpContext http, CancellationToken cancellation) =>
        (await FindAsync(id, cancellation)).Is(out var detail, out var refusal) ? ReportJson.Tagged(http, detail, Json(detail, http)) : refusal.AsProblem();

    public async Task<IResult> DoAsync(string id, string call, HttpContext http, Idempotency once, CancellationToken cancellation)
    {
        if (!(await CallBody.ReadAsync<PartnerCall>(http)).Is(out var said, out var refusal))
        {
            return refusal.AsProblem();
        }
        if (await once.BeforeAsync<Guid>(cancellation) is { } before) // Who has handed a report on no longer has it when they say so again.
        {
            return await AnswerAsync(before, http, cancellation);
        }
        if (!(await FindAsync(id, cancellation)).Is(out var detail, out refusal)
            || !said.ActionOf(call).Is(out var action, out refusal) || !ReadyAnswer(said, detail, time.NowMicros()).Is(out var ready, out refusal)
            || !(await FetchAsync(said.Photos ?? [], detail.Report.Holder, cancellation)).Is(out var photos, out refusal))
        {
            return refusal.AsProblem();
        }
        var request = said.Request(ready.IsEmpty ? null : ready) with { IfMatch = http.StaleAgainst };
        return await AnswerAsync(await act.RunAsync(id, action, request, new Acting(caller, IsReporter: false, Via: detail.Report.Holder), once.DoAsync, cancellation, photos), http, cancellation);
    }

    private async Task<IResult> AnswerAsync(Outcome<Guid> outcome, HttpContext http, CancellationToken cancellation) =>
        outcome.Is(out var done, out var refusal) ? TypedResults.Json(Json((await read.DetailAsync(done.ToString(), cancellation))!, http), Kernel.Json.Options) : refusal.AsProblem();

    /// <summary>The report, when a body of the key has it: 404 when it does not exist or was never theirs to see, 403 when somebody else has it.</summary>
    private async Task<Outcome<ReportDetail>> FindAsync(string id, CancellationToken cancellation)
    {
        if (await read.DetailAsync(id, cancellation) is not { } detail)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        if (Hats.IsHoldersSystem(caller, detail.Report))
        {
            return detail;
        }
        return FindReportsApi.IsOpenToAll(detail.Report) || detail.Entries.Any(entry => entry.Body is { } body && caller.CanAsStaff(ReportPermissions.Partner, new Where(body)))
            ? new Refusal(RefusalKind.Forbidden, "reports.notYourReport")
            : new Refusal(RefusalKind.NotFound, "reports.unknownReport");
    }

    /// <summary>With what the public does not see, as long as it is theirs; who sent it only for a channel that may have it.</summary>
    private Dictionary<string, object?> Json(ReportDetail detail, HttpContext http)
    {
        var map = routing.Current.Map;
        var contact = map.Find(detail.Report.Holder ?? "")?.Channels.Any(channel => channel is WebhookChannel { Contact: true }) == true;
        return ReportJson.Of(contact ? detail : detail with { Contact = null }, map, http.Language(), staff: Hats.IsHoldersSystem(caller, detail.Report));
    }

    /// <summary>The words of a ready answer; none when none is named.</summary>
    private Outcome<Text> ReadyAnswer(PartnerCall said, ReportDetail detail, long now)
    {
        if (string.IsNullOrEmpty(said.CannedAnswer))
        {
            return Text.Empty;
        }
        var map = routing.Current.Map;
        return answers.For(detail.Report.Category).FirstOrDefault(one => one.Id == said.CannedAnswer) is { } answer
            ? answer.For(detail.Report, map, detail.Words?.Address, at => map.CalendarOf(null).LocalAt(at).ToString("dddd d MMMM yyyy", CultureInfo.CurrentCulture), now)
            : Refusal.Invalid("reports.unknownWord", "cannedAnswer", Fault.Shorten(said.CannedAnswer));
    }

    /// <summary>The pictures of the addresses, which the table keeps only when the rest is in order.</summary>
    private async Task<Outcome<IReadOnlyList<KeptPhoto>>> FetchAsync(IReadOnlyList<string> addresses, string? holder, CancellationToken cancellation)
    {
        if (addresses.Count > PartnerCall.PhotosMax)
        {
            return Refusal.Invalid("reports.tooManyPhotos", "photos", PartnerCall.PhotosMax);
        }
        var kept = new List<KeptPhoto>();
        for (var i = 0; i < addresses.Count; i++)
        {
            var limits = UploadLimits.Default.Photo;
            if (await outgoing.GetAsync(addresses[i], (int)limits.BytesMax, FetchPatience, at => routing.Current.Map.Find(holder ?? "")?.IsAtHome(at) == true, cancellation) is not { } bytes)
            {
                return Refusal.Invalid("reports.photoNotFetched", $"photos[{i}]");
            }
            using var stream = new MemoryStream(bytes);
            if (!(await IncomingPhoto.ReadAsync(stream, files, limits, cancellation)).Is(out var photo, out var refusal))
            {
                return refusal with { Kind = RefusalKind.Invalid, Field = $"photos[{i}]" };
            }
            await using (photo)
            {
                kept.Add(await photo.KeepAsync(cancellation));
            }
        }
        return kept;
    }
}
