using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/desk/reports/duplicates</c>: what of the caller's open reports may be one problem, to be merged with one button.</summary>
internal static class DuplicatesPages
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/desk/reports/duplicates", (DuplicatesDesk desk, CancellationToken cancellation) => desk.ShowAsync(null, null, cancellation)).Needs(ReportPermissions.Act);
        doors.Pages.MapPost("/desk/reports/duplicates", async (HttpContext http, DuplicatesDesk desk, CancellationToken cancellation) =>
            await desk.MergeAsync(http, await http.Request.ReadFormAsync(cancellation), cancellation)).Needs(ReportPermissions.Act);
    }
}

/// <summary>Shows the groups and merges what was ticked.</summary>
internal sealed class DuplicatesDesk(Store store, ReadReport read, SuggestDuplicates suggest, RoutingMap routing, ActOnReport act, Caller caller, Writer writer)
{
    private const int GroupsShown = 20, ReportsShown = 10;

    public async Task<IResult> ShowAsync(Refusal? refusal, string? group, CancellationToken cancellation)
    {
        var groups = suggest.All();
        var shown = groups.Take(GroupsShown).Select(alike => alike.Take(ReportsShown).ToList()).ToList();
        List<Guid> ids = [.. shown.SelectMany(alike => alike)];
        // What was closed or handed on a moment ago may still be in memory.
        var reports = await store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id) && ReportWords.OpenStates.Contains(r.State)).ToListAsync(cancellation);
        var details = (await read.DetailsAsync(reports, cancellation)).ToDictionary(detail => detail.Report.Id);
        var view = new DuplicatesView(
            [.. shown.Select(alike => alike.Where(details.ContainsKey).Select(id => RowOf(details[id])).OrderBy(row => row.Report.CreatedAt).ToList()).Where(alike => alike.Count > 1)], groups.Count, routing.Current.Map,
            group, refusal);
        return new RazorComponentResult<Pages.DuplicatesPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
    }

    /// <summary>One after the other, each as by its own form: what was merged before one is refused stays merged.</summary>
    public async Task<IResult> MergeAsync(HttpContext http, IFormCollection form, CancellationToken cancellation)
    {
        var target = form["target"].ToString();
        if (Refusal.OfNul(form) is { } nul)
        {
            return nul.AsProblem();
        }
        List<string> chosen = [.. form["merge"].OfType<string>().Where(number => number != target).Distinct().Take(ReportsShown)];
        var refusal = target.Length == 0 ? Refusal.Invalid("reports.targetNeeded", "target") : chosen.Count == 0 ? Refusal.Invalid("reports.nothingToMerge", "merge") : null;
        foreach (var number in chosen)
        {
            var seen = SeenVersion.Of(form["version." + number]);
            refusal ??= (await act.RunAsync(number, "merge", new ActionRequest { Target = target, Version = seen }, new Acting(caller, false), writer.DoAsync, cancellation)).Refusal;
        }
        return refusal is null ? new SeeOther($"/{http.Language()}/desk/reports/{target}") : await ShowAsync(refusal, form["group"], cancellation);
    }

    private static DuplicateRow RowOf(ReportDetail detail) => new(
        detail.Report, detail.Words?.Address, detail.Words?.Description ?? "", detail.Pictures.Where(picture => picture.IsPublic && picture.Ready).Select(picture => ReportJson.UrlOf(picture, "thumb")).FirstOrDefault());
}

/// <summary>A report of a group.</summary>
/// <param name="Thumb">Address of its first photo.</param>
public sealed record DuplicateRow(Report Report, string? Address, string Description, string? Thumb);

/// <summary>What the page of possible duplicates shows.</summary>
/// <param name="Groups">The first of them, each oldest first.</param>
/// <param name="Count">Of all groups.</param>
/// <param name="Group">The first number of the group whose form was refused.</param>
public sealed record DuplicatesView(IReadOnlyList<IReadOnlyList<DuplicateRow>> Groups, int Count, RoutingSnapshot Map, string? Group, Refusal? Refusal);
