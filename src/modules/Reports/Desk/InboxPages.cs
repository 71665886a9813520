using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/desk/reports</c>: what waits at the caller's bodies, the most overdue first. The address holds the whole filter; kept filters are links.</summary>
internal static class InboxPages
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/desk/reports", (HttpContext http, Inbox inbox, CancellationToken cancellation) => inbox.ShowAsync(http, cancellation)).Needs(ReportPermissions.Read);
        doors.Pages.MapPost("/desk/reports/filters", KeepAsync).Needs(ReportPermissions.Read);
        doors.Pages.MapPost("/desk/reports/columns", ColumnsAsync).Needs(ReportPermissions.Read);
    }

    private static async Task<IResult> KeepAsync(HttpContext http, Caller caller, KeepInbox keep, Inbox inbox, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var query = form["query"].ToString();
        var outcome = Guid.TryParse(form["remove"], out var id)
            ? await keep.ForgetFilterAsync(caller, id, cancellation)
            : await keep.FilterAsync(caller, form["name"].ToString(), query, cancellation);
        if (outcome.Refusal is { Kind: RefusalKind.Invalid } wrong)
        {
            // The list that was to be kept, at its own address: every link of the page leads on from there.
            var list = Back(http, query).Path.Split('?', 2);
            (http.Request.Path, http.Request.QueryString) = (list[0], new QueryString(list is [_, var filter] ? "?" + filter : ""));
            return await inbox.ShowAsync(http, cancellation, wrong, form["name"].ToString());
        }
        return outcome.Refusal is { } refusal ? refusal.AsProblem() : Back(http, query);
    }

    private static async Task<IResult> ColumnsAsync(HttpContext http, Caller caller, KeepInbox keep, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var outcome = await keep.ColumnsAsync(caller, [.. form["columns"].Select(ReportWords.Parse<InboxColumn>).OfType<InboxColumn>().Distinct()], cancellation);
        return outcome.Refusal is { } refusal ? refusal.AsProblem() : Back(http, form["query"].ToString());
    }

    private static SeeOther Back(HttpContext http, string query)
    {
        var inbox = $"/{http.Language()}/desk/reports";
        return new(query.StartsWith('?') ? ReturnPath.Of(inbox + query, inbox) : inbox);
    }
}

/// <summary>Shows the inbox of the caller's bodies.</summary>
internal sealed class Inbox(Store store, FindReports find, DeskIndex desk, RoutingMap routing, BodyMap bodies, Caller caller, Cursors cursors, TimeProvider time)
{
    private const int PageSize = 50;

    private static readonly InboxColumn[] Usual = [InboxColumn.Category, InboxColumn.Place, InboxColumn.State, InboxColumn.Due, InboxColumn.Priority];

    /// <param name="refused">Why a filter is not kept under a name.</param>
    /// <param name="name">As it was typed.</param>
    public async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation, Refusal? refused = null, string? name = null)
    {
        if (!cursors.Of<ReportPlace>(http.Request).Is(out var after, out var bad))
        {
            return bad.AsProblem();
        }
        var now = time.NowMicros();
        var filter = InboxFilter.Of(http.Request.Query);
        var scope = DeskScope.Of(caller, bodies, routing.Current.Map.Rules.CoordinatorBody);
        var listed = filter.ToQuery(now, caller.Account) with { Limit = PageSize };
        var named = filter.Words is { } words ? await find.NumberedAsync(words, forAll: false, cancellation) : [];
        var page = await find.PageAsync(listed, scope.Narrow, after, cancellation, await desk.ListAsync(listed, named, scope, after, cancellation));
        var open = (filter with { State = InboxFilter.Open, Overdue = false, Mine = false, Silent = false, Soon = false, Flagged = false, Pending = false }).ToQuery(now, caller.Account);
        var view = new InboxView(
            [.. page.Rows.Select(r => new InboxRow(r.Report, r.Address, r.Description))],
            await Colleague.NamesAsync(store, page.Rows.Select(r => r.Report.Assignee).OfType<Guid>(), cancellation),
            routing.Current.Map, scope.Bodies, filter, await ColumnsAsync(scope, cancellation),
            await desk.CountAsync(open, named, scope, caller.Account, now, cancellation) ?? await CountAsync(open, scope, now, cancellation),
            await store.Set<InboxFilterRow>().AsNoTracking().Where(f => f.Account == caller.Account).OrderBy(f => f.Name).Select(f => new KeptFilter(f.Id, f.Name, f.Query)).ToListAsync(cancellation),
            page.Next is { } next ? Here.With(http.Request, ("cursor", cursors.Next(http.Request, next))) : null,
            after is null ? null : Here.With(http.Request, ("cursor", null)),
            caller.Account is not null, now, await ChannelAlarm.OfAsync(store, caller, bodies, now, cancellation))
        {
            Merges = caller.CanSomewhere(ReportPermissions.Act),
            Rounds = RoundAccess.BodiesOf(caller) is not [],
            Refused = refused,
            TypedName = name,
        };
        return new RazorComponentResult<Pages.InboxPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refused is null ? StatusCodes.Status200OK : (int)refused.Kind };
    }

    /// <summary>The same out of the tables.</summary>
    private async Task<DeskCounts> CountAsync(ReportQuery open, DeskScope scope, long now, CancellationToken cancellation) => new(
        await find.CountByStateAsync(open, scope.Narrow, cancellation),
        await find.CountAsync(open with { OverdueAt = now }, scope.Narrow, cancellation),
        await find.CountAsync(open with { SoonAt = now }, scope.Narrow, cancellation),
        await find.CountAsync(open with { Assignee = caller.Account ?? Guid.Empty }, scope.Narrow, cancellation),
        await find.CountAsync(open with { Silent = true }, scope.Narrow, cancellation),
        await find.CountAsync(open with { States = [], Flagged = true }, scope.Narrow, cancellation),
        await find.CountAsync(open with { States = [], Pending = true }, scope.Narrow, cancellation));

    private async Task<IReadOnlyList<InboxColumn>> ColumnsAsync(DeskScope scope, CancellationToken cancellation) =>
        await store.Set<InboxColumnsRow>().AsNoTracking().FirstOrDefaultAsync(c => c.Account == caller.Account, cancellation) is { } kept
            ? [.. kept.Columns.Split(' ').Select(ReportWords.Parse<InboxColumn>).OfType<InboxColumn>()]
            : scope.Bodies.Count > 1 ? [.. Usual.Append(InboxColumn.Holder).Order()] : Usual;
}

/// <summary>One row of the inbox.</summary>
public sealed record InboxRow(Report Report, string? Address, string Description);

/// <summary>A filter that the reader kept.</summary>
public sealed record KeptFilter(Guid Id, string Name, string Query);

/// <summary>What the inbox shows.</summary>
/// <param name="Names">Of the colleagues who work on the rows.</param>
/// <param name="Bodies">Whose reports the reader sees.</param>
/// <param name="Counts">What waits under the filter.</param>
/// <param name="Next">Address of the next page.</param>
/// <param name="First">Address of the first page, when this is another.</param>
/// <param name="CanKeep">The reader has an account to keep filters in.</param>
/// <param name="Now">UTC microseconds.</param>
/// <param name="Alarms">Ways to reach the reader’s bodies that do not work.</param>
public sealed record InboxView(
    IReadOnlyList<InboxRow> Rows, IReadOnlyDictionary<Guid, string> Names, RoutingSnapshot Map, IReadOnlyList<Body> Bodies, InboxFilter Filter, IReadOnlyList<InboxColumn> Columns,
    DeskCounts Counts, IReadOnlyList<KeptFilter> Kept, string? Next, string? First, bool CanKeep, long Now,
    IReadOnlyList<ChannelAlarm> Alarms)
{
    /// <summary>The reader may merge duplicates.</summary>
    public bool Merges { get; init; }

    /// <summary>The reader may make rounds.</summary>
    public bool Rounds { get; init; }

    /// <summary>Why the filter is not kept, and the name that was typed for it.</summary>
    public Refusal? Refused { get; init; }

    public string? TypedName { get; init; }
}
