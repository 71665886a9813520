using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>POST /api/v1/reports</c> and the dry run of routing.</summary>
internal static class FileReportApi
{
    private const long JsonBytesMax = 1 << 20;

    /// <summary>For residents, by network address and by device, with the API and the form together; a channel's key has none.</summary>
    internal static readonly RateLimit Submitting = new("reports-submit", Quota.Of(Limits.SendPerHour, TimeSpan.FromHours(1)), Quota.Of(Limits.SendPerDay, TimeSpan.FromDays(1))) { LastWaits = TimeSpan.FromSeconds(2) };

    /// <summary>Counts one report for the device; one that says nothing is counted by its address alone.</summary>
    /// <returns>Null when it may pass.</returns>
    internal static Refusal? TakeOfDevice(HttpContext http, string? device) => device is null ? null : http.TakeFor(Submitting, "device " + device);

    public static void Map(Doors doors)
    {
        doors.Api.MapPost("/reports", PostAsync).Public().Limited(Submitting).KnowsRepeats().BodyUpTo(UploadLimits.Default.BodyBytesMax)
            .WithSummary("Sends a report; JSON, or multipart with a part 'report' (JSON) and up to four parts 'photo'.")
            .TakesExample(new
            {
                clientId = "018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a", category = "road-pavement-slab", lon = 4.3452, lat = 50.8256, description = "Dalle cassée devant l’école.", lang = "fr",
                contact = new { email = "resident@example.org" }, subscribe = true,
            })
            .GivesExample(ReportExamples.Receipt, StatusCodes.Status201Created);
        doors.Api.MapPost("/reports/route", RouteAsync).Public().WithSummary("Says who would get a report, without sending it.")
            .TakesExample(new { category = "road-pavement-slab", lon = 4.3452, lat = 50.8256 }).GivesExample(ReportExamples.Route);
    }

    private static async Task<IResult> PostAsync(
        HttpContext http, Caller caller, FileReport file, FileStore files, ReadReport read, RoutingMap routing, TrackLink link, Words words, Ids ids, Idempotency once, Device devices, Senders senders, AccountMark marks, CancellationToken cancellation)
    {
        var spent = http.SpentQuota() ?? (http.Lifts(Submitting) ? null : TakeOfDevice(http, devices.Of(http.Request)));
        if (!(await ReadAsync(http, files, cancellation)).Is(out var sent, out var refusal))
        {
            return (spent ?? refusal).AsProblem();
        }
        await using var form = sent.Form;
        var report = sent.Report with { ClientId = sent.Report.ClientId == Guid.Empty ? ids.Next() : sent.Report.ClientId, PhotoLengths = [.. form?.Photos.Select(photo => photo.About.Bytes) ?? []] };
        var writer = marks.WriterOf(http.Request, caller);
        var outcome = await once.BeforeAsync<Filed>(cancellation)
            ?? (spent is null ? await file.RunAsync(report, form?.Photos ?? [], Sender.Of(writer) with { From = senders.Of(http, writer) }, once.DoAsync, cancellation)
            : await file.SentBeforeAsync(report, cancellation) is { Ok: true } before ? before : spent);
        if (!outcome.Is(out var filed, out refusal))
        {
            return refusal.AsProblem();
        }
        var detail = filed.Stored ?? (await read.DetailAsync(filed.Id.ToString(), cancellation))!;
        var receipt = ReportJson.Receipt(detail, routing.Current.Map, report.Lang, link, words);
        if (filed.Replayed)
        {
            http.GiveBackQuota();
            http.Response.Headers["Idempotent-Replay"] = "true";
            return TypedResults.Json(receipt, Json.Options);
        }
        http.Response.Headers.Location = $"/api/v1/reports/{filed.Id}";
        return TypedResults.Json(receipt, Json.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RouteAsync(HttpContext http, Caller caller, FileReport file, Words words, Ids ids, CancellationToken cancellation)
    {
        if (!(await JsonBody.ReadAsync<NewReport>(http, "reports")).Is(out var sent, out var refusal))
        {
            return refusal.AsProblem();
        }
        if (!(await file.ExamineAsync(sent with { ClientId = ids.Next() }, Sender.Of(caller), cancellation)).Is(out var examined, out refusal))
        {
            return refusal.AsProblem();
        }
        var json = RouteJson.Of(examined.Route, words);
        json.Insert(0, "body", examined.Route.Body);
        return TypedResults.Json(json, Json.Options);
    }

    private sealed record Received(NewReport Report, UploadForm? Form);

    private static async Task<Outcome<Received>> ReadAsync(HttpContext http, FileStore files, CancellationToken cancellation)
    {
        if (http.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true)
        {
            http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = JsonBytesMax; // Only photos need more.
            return (await JsonBody.ReadAsync<NewReport>(http, "reports")).Then<Received>(report => new Received(report, null));
        }
        if (!(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out var refusal))
        {
            return refusal;
        }
        var read = form.Refusals.Count > 0 ? Refusal.Of(form.Refusals) : JsonBody.Read<NewReport>(form["report"], "reports", "report");
        if (read.Is(out var report, out refusal))
        {
            return new Received(report, form);
        }
        await form.DisposeAsync();
        return refusal;
    }
}
