using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>What is chosen for a report: another category, or another place.</summary>
/// <param name="Words">What was searched for among the categories.</param>
/// <param name="Found">Categories that match.</param>
public sealed record RerouteView(OfficerView Desk, string Action, string Words, IReadOnlyList<Category> Found, MapFrame Frame, double? Lon, double? Lat, Refusal? Refusal)
{
    /// <summary>The coordinates as they were sent; null before.</summary>
    public PlaceInput? Typed { get; init; }
}

/// <summary>What the choice would change, before it is done.</summary>
/// <param name="Dispatch">What routing says of the report as it would be.</param>
public sealed record RerouteCheckView(OfficerView Desk, string Action, Rerouting Found, ShownDispatch Dispatch)
{
    /// <summary>The body would change.</summary>
    public bool Leaves => Found.After.Holder != Found.Before.Holder;
}

/// <summary>
/// <c>/{lang}/desk/reports/{number}/recategorise</c> and <c>/move</c> (R23): the choice and what it would change are pages to look at, their addresses hold the choice;
/// only the button below the second one does it.
/// </summary>
internal static class ReroutePages
{
    public static void Map(Doors doors)
    {
        foreach (var action in (ReportAction[])[ReportAction.Recategorise, ReportAction.Move])
        {
            var path = "/desk/reports/{number}/" + ReportWords.Word(action);
            doors.Pages.MapGet(path, (string number, HttpContext http, RerouteDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, number, action, cancellation)).Needs(ReportPermissions.Act);
            doors.Pages.MapPost(path, (string number, HttpContext http, RerouteDesk desk, CancellationToken cancellation) => desk.DoAsync(http, number, action, cancellation)).Needs(ReportPermissions.Act);
        }
    }
}

/// <summary>Shows the choice, then what it would change, and does it.</summary>
internal sealed class RerouteDesk(OfficerDesk desk, Store store, RerouteReport reroute, ActOnReport act, PlaceSearch places, Writer writer, Caller caller)
{
    public async Task<IResult> ShowAsync(HttpContext http, string number, ReportAction action, CancellationToken cancellation)
    {
        if (await desk.ViewAsync(number, null, null, cancellation) is not { } view)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        if (!view.Actions.Contains(ReportWords.Word(action)))
        {
            return await desk.ShowAsync(number, null, view.Report.NotAllowed(ReportWords.Word(action), view.Actions), cancellation);
        }
        var query = http.Request.Query;
        if (action == ReportAction.Recategorise)
        {
            return query["category"].ToString() is { Length: > 0 } category
                ? await CheckAsync(view, action, new ActionRequest { Category = category }, cancellation)
                : Choose(view, action, query["q"].ToString(), null, null);
        }
        if (query.Count == 0)
        {
            return Choose(view, action, "", null, null);
        }
        var place = PlaceInput.Read(new FormCollection(query.ToDictionary()), FrameOf(view.Report));
        return place.Again ? Choose(view, action, "", place, null)
            : place is { Lon: { } lon, Lat: { } lat } ? await CheckAsync(view, action, new ActionRequest { Lon = lon, Lat = lat }, cancellation)
            : Choose(view, action, "", place, place.Fault() ?? Refusal.Invalid("reports.placeNeeded", "place"));
    }

    public async Task<IResult> DoAsync(HttpContext http, string number, ReportAction action, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var request = new ActionRequest
        {
            Version = SeenVersion.Of(form),
            Category = form["category"].ToString() is { Length: > 0 } category ? category : null,
            Lon = Number(form["lon"]),
            Lat = Number(form["lat"]),
        };
        if (await desk.ViewAsync(number, null, null, cancellation) is null)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var outcome = await act.RunAsync(number, ReportWords.Word(action), request, new Acting(caller, false), writer.DoAsync, cancellation);
        if (outcome.Refusal is not { } refusal)
        {
            return new SeeOther($"/{http.Language()}/desk/reports/{number}");
        }
        var typed = new Dictionary<string, string>(StringComparer.Ordinal) { ["seen"] = form["seen"].ToString() };
        var view = (await desk.ViewAsync(number, typed, refusal, cancellation))!;
        return refusal.Word == "stale" ? await CheckAsync(view, action, request with { Version = null }, cancellation) : await desk.ShowAsync(number, typed, refusal, cancellation);
    }

    /// <summary>What would change. A choice that cannot be made leads back to choosing; a report that is no longer the caller's to change, to its page.</summary>
    private async Task<IResult> CheckAsync(OfficerView view, ReportAction action, ActionRequest request, CancellationToken cancellation)
    {
        var outcome = await reroute.PreviewAsync(store, view.Report.Number, action, request, new Acting(caller, false), cancellation);
        if (outcome.Is(out var found, out var refusal))
        {
            var dispatch = JsonSerializer.Deserialize<ShownDispatch>(found.After.Dispatch, Json.Options) ?? new ShownDispatch();
            return Page<Pages.RerouteCheckPage>(new RerouteCheckView(view, ReportWords.Word(action), found, dispatch), view.Refusal);
        }
        return refusal.Kind == RefusalKind.Invalid ? Choose(view, action, "", null, refusal) : await desk.ShowAsync(view.Report.Number, null, refusal, cancellation);
    }

    private RazorComponentResult<Pages.ReroutePage> Choose(OfficerView view, ReportAction action, string words, PlaceInput? place, Refusal? refusal) => Page<Pages.ReroutePage>(
        new RerouteView(
            view, ReportWords.Word(action), words, words.Length > 0 ? view.Map.Categories.Search.Find(words, professional: true) : [], place?.Frame ?? FrameOf(view.Report),
            place is null ? view.Report.Lon : place.Lon, place is null ? view.Report.Lat : place.Lat, refusal) { Typed = place },
        refusal);

    private MapFrame FrameOf(Report report) => report.Place is { } place ? new MapFrame(place.Lon, place.Lat, 17) : places.Start;

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static RazorComponentResult<TPage> Page<TPage>(object view, Refusal? refusal) where TPage : Microsoft.AspNetCore.Components.IComponent =>
        new(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
}
