using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Shows rounds to those who work for their bodies, and says at a stop that its report is solved.</summary>
internal sealed class RoundDesk(Store store, ReadReport read, RoutingMap routing, Caller caller, ActOnReport act, Writer writer, BodyMap bodies, AccountMark marks, TimeProvider time)
{
    private const int FinishedShown = 20;

    /// <summary>Work begins at eight, unless that is over.</summary>
    private const int FirstHour = 8, MinutesUsual = 15;

    public Task<Outcome<Round>> FindAsync(Guid id, CancellationToken cancellation) => RoundAccess.FindAsync(store, id, caller, tracked: false, cancellation);

    public async Task<IResult> ListAsync(CancellationToken cancellation)
    {
        var rounds = store.Set<Round>().AsNoTracking();
        var mine = RoundAccess.BodiesOf(caller);
        if (mine is not null)
        {
            rounds = rounds.Where(round => mine.Contains(round.Body));
        }
        var open = await rounds.Where(round => round.FinishedAt == null).OrderBy(round => round.LeaveAt).ThenBy(round => round.Id).ToListAsync(cancellation);
        var finished = await rounds.Where(round => round.FinishedAt != null).OrderByDescending(round => round.LeaveAt).ThenBy(round => round.Id).Take(FinishedShown).ToListAsync(cancellation);
        var ids = open.Concat(finished).Select(round => round.Id).ToList();
        var states = (await store.Set<RoundStop>().AsNoTracking().Where(stop => ids.Contains(stop.RoundId))
            .Join(store.Set<Report>(), stop => stop.ReportId, report => report.Id, (stop, report) => new { stop.RoundId, State = report.ArchivedFrom ?? report.State }).ToListAsync(cancellation)).ToLookup(stop => stop.RoundId, stop => stop.State);
        ListedRound Listed(Round round) => new(round, states[round.Id].Count(), states[round.Id].Count(RoundView.IsSolved));
        var view = new RoundsView([.. open.Select(Listed)], [.. finished.Select(Listed)], routing.Current.Map, mine is not [_]);
        return new RazorComponentResult<Pages.RoundsPage>(new Dictionary<string, object?> { ["View"] = view });
    }

    /// <param name="numbers">Of the reports that were chosen.</param>
    /// <param name="typed">What was in the form that is refused; null for a new one.</param>
    public async Task<IResult> NewAsync(IReadOnlyList<string> numbers, IReadOnlyDictionary<string, string>? typed, Refusal? refusal, CancellationToken cancellation)
    {
        var chosen = await MakeRound.ChosenAsync(store, numbers, caller, cancellation);
        var reports = chosen.Ok ? chosen.Value : [];
        var details = await read.DetailsAsync(reports, cancellation);
        refusal ??= chosen.Refusal;
        refusal = refusal is { Field: "report" } ? refusal with { Field = null } : refusal; // It was ticked on another page.
        var view = new NewRoundView(
            [.. details.Select(detail => new InboxRow(detail.Report, detail.Words?.Address, detail.Words?.Description ?? ""))], typed ?? Usual(reports.Count > 0 ? reports[0].Holder : null), routing.Current.Map, refusal, time.NowMicros());
        return new RazorComponentResult<Pages.NewRoundPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
    }

    /// <summary>What stands in the form of a new round: the next morning at eight, from where the body receives people.</summary>
    private Dictionary<string, string> Usual(string? body)
    {
        var now = routing.Current.Map.CalendarOf(null).LocalAt(time.NowMicros());
        var day = DateOnly.FromDateTime(now.DateTime).AddDays(now.Hour < FirstHour ? 0 : 1);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["day"] = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["hour"] = $"{FirstHour:00}:00",
            ["minutes"] = MinutesUsual.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["place"] = body is not null && bodies.Find(body)?.Contact?.Address is { IsEmpty: false } address ? address.In(caller.Language) : "",
            ["urgent"] = "true",
        };
    }

    /// <param name="at">Number of the report whose form was refused; null for the round's own.</param>
    public async Task<IResult> ShowAsync(Guid id, Refusal? refusal, string? at, string? typed, CancellationToken cancellation) =>
        (await FindAsync(id, cancellation)).Is(out var round, out var unknown)
            ? new RazorComponentResult<Pages.RoundPage>(new Dictionary<string, object?> { ["View"] = await ViewAsync(round, refusal, at, typed, cancellation) }) { StatusCode = refusal is null ? 200 : (int)refusal.Kind }
            : unknown.AsProblem();

    private async Task<RoundView> ViewAsync(Round round, Refusal? refusal, string? at, string? typed, CancellationToken cancellation)
    {
        var stops = await store.Set<RoundStop>().AsNoTracking().Where(stop => stop.RoundId == round.Id).OrderBy(stop => stop.Place).ToListAsync(cancellation);
        var ids = stops.Select(stop => stop.ReportId).ToList();
        var reports = await store.Set<Report>().AsNoTracking().Where(report => ids.Contains(report.Id)).ToListAsync(cancellation);
        var details = (await read.DetailsAsync([.. reports.Where(report => RoundAccess.WorksOn(caller, report))], cancellation)).ToDictionary(detail => detail.Report.Id);
        var known = reports.ToDictionary(report => report.Id);
        stops.RemoveAll(stop => !known.ContainsKey(stop.ReportId));
        var plan = RoundPlan.Of(round, [.. stops.Select(stop => known[stop.ReportId])]);
        var map = routing.Current.Map;
        return new RoundView(round, plan, [.. stops.Select((stop, i) => RowOf(stop, details.GetValueOrDefault(stop.ReportId), plan.Arrivals[i], round, map))], map, refusal, at, typed, time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            Account = caller.Account is { } account ? marks.Of(account) : "",
            Name = caller.Name,
        };
    }

    private RoundRow RowOf(RoundStop stop, ReportDetail? detail, long? arrives, Round round, RoutingSnapshot map)
    {
        if (detail is null)
        {
            return new RoundRow(stop, null, null, "", [], arrives, false);
        }
        var world = World.Of(map, time.NowMicros(), detail.Report);
        var allowed = detail.Report.Allowed(Hats.Of(caller, detail.Report, false, world.HandOver.Coordinator, time.NowMicros()), world);
        return new RoundRow(
            stop, detail.Report, detail.Words?.Address, detail.Words?.Description ?? "",
            [.. detail.Pictures.Where(p => !p.Photo.Hidden && p.Ready).Select(p => new TrackPicture(p.Photo.Id, ShowPhotos.AddressOf(p, null), p.Photo.After))], arrives,
            round.FinishedAt is null && allowed.Contains(ReportAction.Resolve));
    }

    /// <returns>Null when the report at the stop is solved: by this form, or by the same one sent twice.</returns>
    public async Task<Refusal?> SolveAsync(Guid id, string number, UploadForm form, CancellationToken cancellation)
    {
        if (await ReadReport.FindAsync(store, number, tracked: false, cancellation) is not { } report || !await store.Set<RoundStop>().AnyAsync(stop => stop.RoundId == id && stop.ReportId == report.Id, cancellation))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        if (form.Refusals.Count > 0)
        {
            return Refusal.Of(form.Refusals);
        }
        var said = form["text"].ReplaceLineEndings("\n").Trim();
        var photos = new List<KeptPhoto>();
        foreach (var photo in form.Photos)
        {
            photos.Add(await photo.KeepAsync(cancellation));
        }
        var request = new ActionRequest { Text = said.Length > 0 ? Text.Of(caller.Language, said) : null, ClientId = Guid.TryParse(form["client"], out var client) ? client : null };
        return (await act.RunAsync(report.Id.ToString(), "resolve", request, new Acting(caller, false), writer.DoAsync, cancellation, photos)).Refusal is not { } refusal ? null
            : refusal is { Code: "reports.required", Field: "text" } ? Refusal.Invalid("reports.roundSolvedHow", "text")
            : refusal;
    }
}
