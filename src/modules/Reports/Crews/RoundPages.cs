using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>
/// <c>/{lang}/desk/reports/rounds</c>: the rounds of the caller's bodies; a new one of what was ticked in the inbox; and the page of one, for the desk and for the telephone in the street (R28).
/// </summary>
internal static class RoundPages
{
    private const string Path = "/desk/reports/rounds";

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet(Path, (RoundDesk desk, CancellationToken cancellation) => desk.ListAsync(cancellation)).Needs(ReportPermissions.Read);
        doors.Pages.MapGet(Path + "/new", NewAsync).Needs(ReportPermissions.Read);
        doors.Pages.MapPost(Path, MakeAsync).Needs(ReportPermissions.Read);
        doors.Pages.MapGet(Path + "/{id:guid}", (Guid id, RoundDesk desk, CancellationToken cancellation) => desk.ShowAsync(id, null, null, null, cancellation)).Needs(ReportPermissions.Read);
        doors.Pages.MapPost(Path + "/{id:guid}", ChangeAsync).Needs(ReportPermissions.Read);
        doors.Pages.MapPost(Path + "/{id:guid}/stops/{number}", SolveAsync).Needs(ReportPermissions.Read).BodyUpTo(UploadLimits.Default.BodyBytesMax);
    }

    private static string AddressOf(HttpContext http, Guid? round = null) => $"/{http.Language()}{Path}{(round is { } id ? $"/{id}" : "")}";

    private static async Task<IResult> NewAsync(HttpContext http, RoundDesk desk, CancellationToken cancellation) =>
        Refusal.OfNul(http.Request.Query) is { } nul ? nul.AsProblem() : await desk.NewAsync([.. http.Request.Query["report"].OfType<string>()], null, null, cancellation);

    private static async Task<IResult> MakeAsync(HttpContext http, Caller caller, MakeRound make, RoundDesk desk, RoutingMap routing, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var typed = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        IReadOnlyList<string> numbers = [.. form["report"].OfType<string>()];
        var calendar = routing.Current.Map.CalendarOf(null);
        var wanted = new NewRound(
            numbers, form["name"].ToString(), TypedDay.Read(form["day"]) is { } day && HourOf(form["hour"]) is { } hour ? calendar.At(day, hour) : null,
            int.TryParse(form["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null, form["place"].ToString(), form["back"] == "true", form["urgent"] == "true");
        return (await make.RunAsync(wanted, caller, cancellation)).Is(out var id, out var refusal) ? new SeeOther(AddressOf(http, id)) : await desk.NewAsync(numbers, typed, refusal, cancellation);
    }

    private static TimeOnly? HourOf(string? typed) => TimeOnly.TryParseExact(typed, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour) ? hour : null;

    private static async Task<IResult> ChangeAsync(Guid id, HttpContext http, Caller caller, ChangeRound change, RoundDesk desk, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        // A button carries what it does and to which stop: "up 2026-000123".
        var (does, number) = form["do"].ToString().Split(' ', 2) is [var word, var stop] ? (word, stop) : (form["do"].ToString(), null);
        if (ReportWords.Parse<RoundAction>(does) is not { } action)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownAction").AsProblem();
        }
        var outcome = await change.RunAsync(id, action, number, SeenVersion.Of(form), caller, cancellation);
        return outcome.Refusal is { Kind: RefusalKind.Conflict } stale ? await desk.ShowAsync(id, stale, null, null, cancellation)
            : outcome.Refusal is { } refusal ? refusal.AsProblem()
            : new SeeOther(AddressOf(http, action == RoundAction.Remove ? null : id) + (action is RoundAction.Up or RoundAction.Down ? "#s-" + number : ""));
    }

    private static async Task<IResult> SolveAsync(Guid id, string number, HttpContext http, RoundDesk desk, FileStore files, CancellationToken cancellation)
    {
        // Nothing is kept for who may not see the round.
        if (!(await desk.FindAsync(id, cancellation)).Is(out _, out var refusal) || !(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            return await desk.SolveAsync(id, number, form, cancellation) is { } refused
                ? await desk.ShowAsync(id, refused, number, form["text"], cancellation)
                : new SeeOther(AddressOf(http, id));
        }
    }
}
