using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/desk/reports/{number}</c>: one report as its holder sees it, and one form for each action that is open now.</summary>
internal static class OfficerPages
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/desk/reports/{number}", (string number, OfficerDesk desk, CancellationToken cancellation) => desk.ShowAsync(number, null, null, cancellation))
            .Needs(ReportPermissions.Read);
        doors.Pages.MapPost("/desk/reports/{number}", DoAsync).Needs(ReportPermissions.Read).BodyUpTo(UploadLimits.Default.BodyBytesMax);
    }

    private static async Task<IResult> DoAsync(string number, HttpContext http, OfficerDesk desk, FileStore files, CancellationToken cancellation)
    {
        // Nothing is kept for who may not see the report.
        if (!(await desk.FindAsync(number, cancellation)).Is(out var detail, out var refusal) || !(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            return await desk.DoAsync(http, detail, form, cancellation);
        }
    }
}

/// <summary>Shows one report to the officer and does what its forms ask.</summary>
internal sealed class OfficerDesk(
    Store store, ReadReport read, RoutingMap routing, Caller caller, ActOnReport act, AnswerBook answers, RoleBook book, Settings settings, Dates dates, AnswerTranslation translations, NearbyReports nearby, Writer writer, TimeProvider time)
{
    /// <param name="typed">What was sent with a form that could not be done, or is only to be filled in.</param>
    public async Task<IResult> ShowAsync(string number, IReadOnlyDictionary<string, string>? typed, Refusal? refusal, CancellationToken cancellation) =>
        await ViewAsync(number, typed, refusal, cancellation) is { } view
            ? new RazorComponentResult<Pages.OfficerPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? 200 : (int)refusal.Kind }
            : new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();

    /// <summary>What the page shows; null when there is no such report, or the caller may not see it.</summary>
    public async Task<OfficerView?> ViewAsync(string number, IReadOnlyDictionary<string, string>? typed, Refusal? refusal, CancellationToken cancellation)
    {
        var now = time.NowMicros();
        if (!(await FindAsync(number, cancellation)).Is(out var detail, out _))
        {
            return null;
        }
        var sight = DeskSight.Of(caller, detail, now, routing.Current.Map.Rules.CoordinatorBody);
        var report = detail.Report;
        var map = routing.Current.Map;
        var world = World.Of(map, now, report);
        var who = Hats.Of(caller, report, false, world.HandOver.Coordinator, now);
        var actions = Offered(ActOnReport.Allowed(report, who, world));
        var names = await Colleague.NamesAsync(store, detail.Entries.Select(e => e.Actor).Append(report.Assignee ?? Guid.Empty), cancellation);
        return new OfficerView(
            report, map, detail.Words?.Address, detail.Words?.Description ?? "",
            detail.Words is { } words ? JsonSerializer.Deserialize<Answers>(words.Answers, Json.Options)! : Answers.None,
            sight.Contact && detail.Contact is { } contact ? new ShownContact(contact.Name, contact.Email, contact.Phone) : null,
            [.. detail.Pictures.Select(p => new TrackPicture(p.Photo.Id, p.Ready ? ShowPhotos.AddressOf(p, null) : null, p.Photo.After) { Hidden = p.Photo.Hidden })],
            [.. detail.Entries.Select(e => new DeskEntry(e.At, e.Action, e.State, e.ActingBody, detail.Moved(e), e.Reason, e.Text, e.Internal, e.Actor))],
            names,
            JsonSerializer.Deserialize<ShownDispatch>(report.Dispatch, Json.Options) ?? new ShownDispatch(),
            actions,
            await Colleague.OfAsync(store, book, report.Holder, cancellation),
            [.. answers.For(report.Category).Select(answer => answer with { Words = Filled(answer, detail, null) })], settings.Get(KernelSettings.Languages), typed ?? new Dictionary<string, string>(), refusal, now, sight.Audit, translations.IsOffered)
        {
            Parts = (who & ShowPart.May) == 0 ? [] : await PartsAsync(detail, cancellation),
            Sender = (who & ShowPart.May) == 0 ? null : await DeskSender.OfAsync(store, report.Id, now, cancellation),
            Target = detail.Target?.Number,
            Members = [.. detail.Members.Select(member => member.Shown(member.Pictures, null))],
            Near = actions.Contains("merge") ? await NearAsync(report, map.Categories, cancellation) : [],
        };
    }

    private async Task<IReadOnlyList<Nearby>> NearAsync(Report report, CategoryTree tree, CancellationToken cancellation)
    {
        if (report.Place is not var (lon, lat) || tree.Find(report.Category) is not { } category)
        {
            return [];
        }
        var near = await nearby.AtAsync(new LonLat(lon, lat), category, tree, cancellation);
        var ids = near.Select(one => one.Id).ToList();
        var same = await store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id) && r.Id != report.Id && r.Holder == report.Holder && ReportWords.OpenStates.Contains(r.State)).Select(r => r.Id).ToListAsync(cancellation);
        return [.. near.Where(one => same.Contains(one.Id))];
    }

    private async Task<IReadOnlyList<DeskPart>> PartsAsync(ReportDetail detail, CancellationToken cancellation)
    {
        var id = detail.Report.Id;
        var flags = (await store.Set<ReportFlag>().AsNoTracking().Where(f => f.ReportId == id && f.ReviewedAt == null).OrderBy(f => f.At).ToListAsync(cancellation)).ToLookup(f => f.Part, f => f.Reason);
        return
        [
            .. detail.Words is { HasAny: true } words ? new[] { new DeskPart(null, 0, words.Hidden, [.. flags[id]]) } : [],
            .. detail.Pictures.Select((picture, index) => new DeskPart(picture.Photo.Id, index + 1, picture.Photo.Hidden, [.. flags[picture.Photo.Id]], CanBlacken: !picture.File.OriginalGone)),
        ];
    }

    /// <summary>The report with its rows, when the caller may see it at the desk; else 404.</summary>
    public async Task<Outcome<ReportDetail>> FindAsync(string number, CancellationToken cancellation) =>
        await read.DetailAsync(number, cancellation) is { } detail && DeskSight.Of(caller, detail, time.NowMicros(), routing.Current.Map.Rules.CoordinatorBody).Report
            ? detail
            : new Refusal(RefusalKind.NotFound, "reports.unknownReport");

    public async Task<IResult> DoAsync(HttpContext http, ReportDetail detail, UploadForm form, CancellationToken cancellation)
    {
        var number = detail.Report.Number;
        var typed = form.Fields.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
        var ready = answers.For(detail.Report.Category).FirstOrDefault(a => a.Id == form["answer"]);
        var canned = ready is null ? null : Filled(ready, detail, Day(form["plannedFrom"], detail.Report, TimeOnly.MinValue)?.ToMicros());
        if (form["fill"].Length > 0)
        {
            typed["do"] = form["fill"];
            if (FaultOf(ready, form["fill"], form) is { } unfit)
            {
                return await ShowAsync(number, typed, unfit, cancellation);
            }
            foreach (var (language, words) in canned?.ByLanguage ?? Text.Empty.ByLanguage)
            {
                typed["text." + language] = words;
            }
            typed["reason"] = ready?.Reason ?? form["reason"];
            return await ShowAsync(number, typed, null, cancellation);
        }
        if (FaultOf(ready, form["do"], form) is { } other)
        {
            return await ShowAsync(number, typed, other, cancellation);
        }
        if (form["translate"].Length > 0)
        {
            typed["do"] = form["translate"];
            return await ShowAsync(number, typed, await translations.FillAsync(typed, detail.Report.Language, cancellation), cancellation);
        }
        if (form.Refusals.Count > 0)
        {
            return await ShowAsync(number, typed, Refusal.Of(form.Refusals), cancellation);
        }
        if (!RequestOf(form, canned, ready?.Reason, detail.Report).Is(out var request, out var refusal))
        {
            return await ShowAsync(number, typed, refusal, cancellation);
        }
        var photos = new List<KeptPhoto>();
        foreach (var photo in form["do"] == "resolve" ? form.Photos : [])
        {
            photos.Add(await photo.KeepAsync(cancellation));
        }
        var outcome = await act.RunAsync(number, form["do"], request, new Acting(caller, false), writer.DoAsync, cancellation, photos);
        // What waited at another body is out of the sight of the coordinating one once it waits no more.
        return outcome.Refusal is { } refused ? await ShowAsync(number, typed, AtField(refused, detail.Report), cancellation)
            : new SeeOther($"/{http.Language()}/desk/reports{((await FindAsync(number, cancellation)).Ok ? "/" + number : "")}");
    }

    /// <summary>The words of a ready answer for this report.</summary>
    /// <param name="day">The day it speaks of, UTC microseconds; null for the planned one, or today.</param>
    private Text Filled(CannedAnswer answer, ReportDetail detail, long? day) =>
        answer.For(detail.Report, routing.Current.Map, detail.Words?.Address, dates.Day, day ?? detail.Report.PlannedFrom ?? time.NowMicros());

    /// <summary>A ready answer belongs to an action, and perhaps to one reason; where no reason is chosen yet it brings its own.</summary>
    private static Refusal? FaultOf(CannedAnswer? ready, string action, UploadForm form) => ready is null || form["translate"].Length > 0 ? null
        : ready.Action != action || (ready.Reason is { } reason && form["reason"].Length > 0 && form["reason"] != reason) ? Refusal.Invalid("reports.answerOfOther", "answer")
        : null;

    /// <summary>Assigning and transferring hand on alike: who can transfer is offered only that.</summary>
    private static IReadOnlyList<string> Offered(IReadOnlyList<string> allowed) =>
        [.. allowed.Where(action => action != "assign" || !allowed.Contains("transfer"))];

    /// <summary>What is missing is named; words are asked for in the reporter's language, whose field comes first.</summary>
    private static Refusal AtField(Refusal refusal, Report report) => refusal switch
    {
        { Code: "reports.required", Field: "text" } => Refusal.Invalid("reports.wordsNeeded", "text." + report.Language),
        { Code: "reports.required", Field: "reason" } => Refusal.Invalid("reports.reasonNeeded", "reason"),
        { Code: "reports.required", Field: "body" } => Refusal.Invalid("reports.bodyNeeded", "body"),
        { Field: "text" } => refusal with { Field = "text." + report.Language },
        _ => refusal with { Errors = [.. refusal.Errors.Select(error => AtField(error, report))] },
    };

    private Outcome<ActionRequest> RequestOf(UploadForm form, Text? canned, string? reason, Report report)
    {
        var said = settings.Get(KernelSettings.Languages).Select(l => KeyValuePair.Create(l, form["text." + l].ReplaceLineEndings("\n").Trim())).Where(t => t.Value.Length > 0).ToList();
        var (from, to) = (Day(form["plannedFrom"], report, TimeOnly.MinValue), Day(form["plannedTo"], report, new TimeOnly(23, 59, 59)));
        if ((form["plannedFrom"].Length > 0 && from is null) || (form["plannedTo"].Length > 0 && to is null))
        {
            return Refusal.Invalid("reports.badDay", from is null ? "plannedFrom" : "plannedTo");
        }
        return new ActionRequest
        {
            Version = SeenVersion.Of(new FormCollection(form.Fields.ToDictionary())),
            Reason = Blank(form["reason"]) ?? reason,
            Text = said.Count > 0 ? AnswerTranslation.Marked(said, form.Fields) : canned,
            Body = Blank(form["body"]),
            Target = Blank(form["target"]) ?? Blank(form["near"]),
            Reference = Blank(form["reference"]),
            PlannedFrom = from,
            PlannedTo = to,
            Priority = ReportWords.Parse<Priority>(form["priority"]),
            Person = Guid.TryParse(form["person"], out var person) ? person : null,
        };
    }

    private DateTimeOffset? Day(string typed, Report report, TimeOnly at) =>
        TypedDay.Read(typed) is { } date ? Instants.FromMicros(routing.Current.Map.CalendarOf(report.Holder).At(date, at)) : null;

    private static string? Blank(string words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();
}
