using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The private reply link of a body's e-mail channel (R42): good for one report, as long as that body has it.</summary>
internal sealed class ReplyLink(Signer signer)
{
    private const string Purpose = "reports.reply";
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>What one can answer by link.</summary>
    public static IReadOnlyList<string> Actions { get; } = ["accept", "plan", "resolve", "reject", "transfer", "decline"];

    public string PathOf(Report report, string body, string action, string language) =>
        $"/{language}/reports/{report.Number}/reply?body={body}&do={action}&t={signer.SignLink(Purpose, $"{report.Id:N} {body}", Life)}";

    public bool Opens(Guid report, string body, string? token) => signer.Opens(Purpose, $"{report:N} {body}", token);
}

/// <summary><c>/{lang}/reports/{number}/reply</c>: opening it changes nothing; its button does what was chosen in the mail.</summary>
internal static class ReplyToReport
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/{number}/reply", (string number, string? body, string? t, HttpContext http, ReplyDesk desk, CancellationToken cancellation) =>
            desk.ShowAsync(number, new Reply(body ?? "", t ?? "", http.Request.Query["do"].ToString()), null, null, cancellation)).Public();
        doors.Pages.MapPost("/reports/{number}/reply", PostAsync).Public().Limited(ActOnReportApi.ByAnybody);
    }

    private static async Task<IResult> PostAsync(string number, HttpContext http, ReplyDesk desk, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        return await desk.DoAsync(http, number, new Reply(form["body"].ToString(), form["t"].ToString(), form["do"].ToString()), form, cancellation);
    }
}

/// <summary>Which body answers, by which secret, and what it chose.</summary>
internal sealed record Reply(string Body, string Token, string Action);

/// <summary>Shows the form of one answer, and does it.</summary>
internal sealed class ReplyDesk(Store store, ReplyLink link, RoutingMap routing, ActOnReport act, Caller caller, Writer writer, TimeProvider time)
{
    public async Task<IResult> ShowAsync(string number, Reply reply, Refusal? refusal, IFormCollection? typed, CancellationToken cancellation)
    {
        if (await OpenedAsync(number, reply, cancellation) is not { } report)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var map = routing.Current.Map;
        var open = OpenTo(report);
        var view = new ReplyView(
            report.Number, map.Categories.Find(report.Category)?.Names ?? Text.Empty, map.Find(reply.Body)?.Names ?? Text.Empty, reply.Body, reply.Token, reply.Action, report.Holder == reply.Body, refusal, typed)
        {
            Version = report.Version,
            State = report.State,
            IsOpen = open.Contains(reply.Action),
            Others = [.. open.Where(other => other != reply.Action)],
            Bodies = [.. map.Bodies.Where(body => body.Active && body.Id != report.Holder)],
        };
        return new RazorComponentResult<Pages.ReplyPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? 200 : (int)refusal.Kind };
    }

    public async Task<IResult> DoAsync(HttpContext http, string number, Reply reply, IFormCollection form, CancellationToken cancellation)
    {
        if (await OpenedAsync(number, reply, cancellation) is not { } report)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var words = form["text"].ToString().ReplaceLineEndings("\n").Trim();
        var (from, to) = (Day(form["plannedFrom"], reply.Body, TimeOnly.MinValue), Day(form["plannedTo"], reply.Body, new TimeOnly(23, 59, 59)));
        var request = new ActionRequest
        {
            Version = SeenVersion.Of(form), Reason = Blank(form["reason"]), Text = words.Length > 0 ? Text.Of(http.Language(), words) : null, Body = Blank(form["to"]), PlannedFrom = from, PlannedTo = to,
        };
        var refusal = reply.Action == "plan" ? FaultOfDays(form, from, to) ?? request.Fault() : null;
        if (refusal is null && reply.Action == "plan" && report.State == ReportState.Assigned)
        {
            // Who says when has said that it is theirs.
            refusal = (await act.RunAsync(number, "accept", new ActionRequest { Version = request.Version }, new Acting(caller, false, reply.Body), writer.DoAsync, cancellation)).Refusal;
            request = request with { Version = request.Version + 1 }; // Which that made: nobody has done anything in between.
        }
        refusal ??= (await act.RunAsync(number, reply.Action, request, new Acting(caller, false, reply.Body), writer.DoAsync, cancellation)).Refusal;
        return refusal is null ? new SeeOther($"/{http.Language()}/reports/{number}") : await ShowAsync(number, reply, Named(refusal), form, cancellation);
    }

    /// <summary>The report that the link opens; null when it opens none, or not for this.</summary>
    private async Task<Report?> OpenedAsync(string number, Reply reply, CancellationToken cancellation) =>
        ReplyLink.Actions.Contains(reply.Action) && await ReadReport.FindAsync(store, number, tracked: false, cancellation) is { } report && link.Opens(report.Id, reply.Body, reply.Token) ? report : null;

    /// <summary>What the holder can answer now, in the order of the mail.</summary>
    private List<string> OpenTo(Report report)
    {
        var allowed = report.Allowed(Who.Partner | Who.HolderStaff, World.Of(routing.Current.Map, time.NowMicros(), report)).Select(ReportWords.Word).ToHashSet(StringComparer.Ordinal);
        return [.. ReplyLink.Actions.Where(action => allowed.Contains(action) || (action == "plan" && report.State == ReportState.Assigned))];
    }

    private static Refusal? FaultOfDays(IFormCollection form, DateTimeOffset? from, DateTimeOffset? to) =>
        from is null ? Refusal.Invalid(form["plannedFrom"].ToString().Length > 0 ? "reports.badDay" : "reports.required", "plannedFrom")
        : to is null && form["plannedTo"].ToString().Length > 0 ? Refusal.Invalid("reports.badDay", "plannedTo")
        : to < from ? Refusal.Invalid("reports.plannedToBeforeFrom", "plannedTo")
        : null;

    /// <summary>What is missing is asked for by its name in this form.</summary>
    private static Refusal Named(Refusal refusal) => refusal switch
    {
        { Code: "reports.required", Field: "text" } => Refusal.Invalid("reports.wordsNeeded", "text"),
        { Code: "reports.required", Field: "reason" } => Refusal.Invalid("reports.reasonNeeded", "reason"),
        { Code: "reports.required", Field: "body" } => Refusal.Invalid("reports.bodyNeeded", "to"),
        { Field: "body" } => refusal with { Field = "to" },
        _ => refusal with { Errors = [.. refusal.Errors.Select(Named)] },
    };

    private DateTimeOffset? Day(string? typed, string body, TimeOnly at) =>
        TypedDay.Read(typed) is { } date ? Instants.FromMicros(routing.Current.Map.CalendarOf(body).At(date, at)) : null;

    private static string? Blank(string? words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();
}

/// <summary>What the reply page shows.</summary>
/// <param name="Holds">The body still has the report.</param>
/// <param name="Typed">What was sent with a form that could not be done.</param>
public sealed record ReplyView(string Number, Text Category, Text Body, string BodyId, string Token, string Action, bool Holds, Refusal? Refusal, IFormCollection? Typed)
{
    /// <summary>Of the report as the page shows it.</summary>
    public long Version { get; init; }

    public ReportState State { get; init; }

    /// <summary>It can be done now.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What else can be done now.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Who else could have it.</summary>
    public IReadOnlyList<Body> Bodies { get; init; } = [];
}
