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
    public static IReadOnlyList<string> Actions { get; } = ["accept", "reject", "resolve"];

    public string PathOf(Report report, string body, string action, string language) =>
        $"/{language}/reports/{report.Number}/reply?body={body}&do={action}&t={signer.SignLink(Purpose, $"{report.Id:N} {body}", Life)}";

    public bool Opens(Guid report, string body, string? token) => signer.Opens(Purpose, $"{report:N} {body}", token);
}

/// <summary><c>/{lang}/reports/{number}/reply</c>: opening it changes nothing; its button does what was chosen in the mail.</summary>
internal static class ReplyToReport
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/{number}/reply", GetAsync).Public();
        doors.Pages.MapPost("/reports/{number}/reply", PostAsync).Public().Limited(ActOnReportApi.ByAnybody);
    }

    private static async Task<IResult> GetAsync(string number, string? body, string? t, HttpContext http, Store store, ReplyLink link, RoutingMap routing, CancellationToken cancellation) =>
        await ShowAsync(http, number, body ?? "", t ?? "", http.Request.Query["do"].ToString(), null, null, store, link, routing, cancellation);

    private static async Task<IResult> PostAsync(
        string number, HttpContext http, Store store, ReplyLink link, RoutingMap routing, ActOnReport act, Caller caller, Writer writer, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var (body, token, does) = (form["body"].ToString(), form["t"].ToString(), form["do"].ToString());
        var report = await ReadReport.FindAsync(store, number, tracked: false, cancellation);
        if (report is null || !link.Opens(report.Id, body, token) || !ReplyLink.Actions.Contains(does))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var words = form["text"].ToString().Trim();
        var request = new ActionRequest { Reason = form["reason"].ToString() is { Length: > 0 } reason ? reason : null, Text = words.Length > 0 ? Text.Of(http.Language(), words) : null };
        var outcome = await act.RunAsync(number, does, request, new Acting(caller, false, body), writer.DoAsync, cancellation);
        return outcome.Ok
            ? new SeeOther($"/{http.Language()}/reports/{number}")
            : await ShowAsync(http, number, body, token, does, outcome.Refusal, form, store, link, routing, cancellation);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string number, string body, string token, string does, Refusal? refusal, IFormCollection? typed, Store store, ReplyLink link, RoutingMap routing, CancellationToken cancellation)
    {
        var report = await ReadReport.FindAsync(store, number, tracked: false, cancellation);
        if (report is null || !link.Opens(report.Id, body, token) || !ReplyLink.Actions.Contains(does))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var map = routing.Current.Map;
        var view = new ReplyView(report.Number, map.Categories.Find(report.Category)?.Names ?? Text.Empty, map.Find(body)?.Names ?? Text.Empty, body, token, does, report.Holder == body, refusal, typed?["reason"].ToString(), typed?["text"].ToString());
        return new RazorComponentResult<Pages.ReplyPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? 200 : (int)refusal.Kind };
    }
}

/// <summary>What the reply page shows.</summary>
/// <param name="Holds">The body still has the report.</param>
/// <param name="Reason">As it was chosen before it was refused; <paramref name="Words"/> likewise.</param>
public sealed record ReplyView(string Number, Text Category, Text Body, string BodyId, string Token, string Action, bool Holds, Refusal? Refusal, string? Reason, string? Words);
