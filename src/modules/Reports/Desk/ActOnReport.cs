using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What comes with an action: the body of <c>POST /api/v1/reports/{id}/actions/{action}</c>, and what a form of the desk sends.</summary>
internal sealed record ActionRequest
{
    public const int TextLengthMax = 4000;

    /// <summary>The version that was seen; another one in the meantime is a conflict.</summary>
    public long? Version { get; init; }

    public string? Reason { get; init; }

    /// <summary>Words for the public: a string in <see cref="Lang"/>, or an object from language to string.</summary>
    [JsonConverter(typeof(ActOnReport.WordsOrText))]
    public Text? Text { get; init; }

    public string? Lang { get; init; }

    public string? Body { get; init; }

    public string? SuggestedBody { get; init; }

    public string? Reference { get; init; }

    public DateTimeOffset? PlannedFrom { get; init; }

    public DateTimeOffset? PlannedTo { get; init; }

    public string? Category { get; init; }

    public double? Lon { get; init; }

    public double? Lat { get; init; }

    public Priority? Priority { get; init; }

    /// <summary>Account of a colleague.</summary>
    public Guid? Person { get; init; }

    /// <summary>A photo that a form or an earlier call stored, by the report's photo id.</summary>
    public Guid? Photo { get; init; }

    internal (double Lon, double Lat)? Location => this is { Lon: { } lon, Lat: { } lat } ? (lon, lat) : null;

    /// <summary>409 with what is allowed when another version than the one that was seen is there.</summary>
    internal Refusal? Stale(Report report, IReadOnlyList<string> allowed) => Version is { } seen && seen != report.Version
        ? new Refusal(RefusalKind.Conflict, "reports.stale") { Members = new Dictionary<string, object?> { ["version"] = report.Version, ["allowed"] = allowed } }
        : null;

    /// <summary>Words as text in languages.</summary>
    public Text Said(string fallback) => Text is null ? Kernel.Text.Empty : Text.Exactly("") is { } words ? Kernel.Text.Of(Lang ?? fallback, words) : Text;
}

/// <summary>Who acts, and how they are known to the report.</summary>
/// <param name="IsReporter">Holds the private link, or filed it with the account.</param>
/// <param name="Via">The body that a reply link was sent to: acts as its staff for this one report.</param>
internal sealed record Acting(Caller Caller, bool IsReporter, string? Via = null)
{
    /// <summary>Who is known and may not: 403. Who is not known could show a key, or sign in: 401 (K35).</summary>
    public Refusal NotYours => Caller.IsAnonymous && !IsReporter && Via is null
        ? Caller.RefusalUnlessCan(ReportPermissions.Act, default)!
        : new Refusal(RefusalKind.Forbidden, "reports.notYourReport");
}

/// <summary>
/// Does one action of the table (reports.md section 3), or one that changes no state: comment, note, assignPerson, setPriority, setPrivate, hide, show, askReview, answerReview.
/// Each writes one event and one line of the history; before and after lie in the audit trail.
/// </summary>
internal sealed class ActOnReport(RoutingMap routing, RerouteReport reroute, RoleBook book, Ids ids)
{
    /// <summary>Actions that change no state, and what is needed for them.</summary>
    private static readonly Dictionary<string, Who> Quiet = new(StringComparer.Ordinal)
    {
        ["comment"] = Who.HolderStaff | Who.Reporter | Who.Partner,
        ["note"] = Who.HolderStaff | Who.HolderParentStaff | Who.Crew,
        ["assignPerson"] = Who.HolderStaff,
        ["setPriority"] = Who.HolderStaff,
        ["setPrivate"] = Who.HolderStaff,
        ["hide"] = Who.HolderStaff,
        ["show"] = Who.HolderStaff,
        ["askReview"] = Who.Reporter,
        ["answerReview"] = Who.HolderStaff | Who.Coordinator,
    };

    /// <summary>Actions offered to these hats now, those that change no state last.</summary>
    public static IReadOnlyList<string> Allowed(Report report, Who who, Circumstances world) =>
    [
        .. report.Allowed(who, world).Where(a => a is not (ReportAction.Merge or ReportAction.Unmerge or ReportAction.Archive)).Select(ReportWords.Word),
        .. Quiet.Where(q => (q.Value & who) != 0 && IsOpen(q.Key, report)).Select(q => q.Key),
    ];

    /// <summary>A person is asked to look at what a rule chose, once until somebody did.</summary>
    private static bool IsOpen(string quiet, Report report) => quiet switch
    {
        "askReview" => report is { ChosenByRule: true, ReviewAskedAt: null } && report.State.IsOpen(),
        "answerReview" => report.ReviewAskedAt is not null,
        _ => true,
    };

    /// <param name="key">Id or number.</param>
    /// <param name="action">Word of the action.</param>
    /// <param name="photos">Photos of the repair that come with it; they lie in the file store and have no row yet.</param>
    /// <returns>The report's id; 404 for an unknown report or action, 403, 409 with <c>allowed</c>, or 422.</returns>
    public Task<Outcome<Guid>> RunAsync(
        string key, string action, ActionRequest request, Acting acting, Commit<Guid> commit, CancellationToken cancellation, IReadOnlyList<KeptPhoto>? photos = null) =>
        commit(acting.Caller.Actor, async unit =>
        {
            if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report)
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var router = routing.Current;
            var world = World.Of(router.Map, unit.Now, report);
            var who = Hats.Of(acting.Caller, report, acting.IsReporter, world.HandOver.Coordinator, unit.Now) | (acting.Via is { } via && via == report.Holder ? Who.Partner | Who.HolderStaff : 0);
            if (request.Stale(report, Allowed(report, who, world)) is { } stale)
            {
                return stale;
            }
            if (request.Text is { } text && text.ByLanguage.Values.Any(words => words.Length > ActionRequest.TextLengthMax))
            {
                return Refusal.Invalid("reports.descriptionTooLong", "text", ActionRequest.TextLengthMax);
            }
            var before = ReportFacts.Of(report);
            var said = request.Said(acting.Caller.Language);
            if (Quiet.TryGetValue(action, out var needed))
            {
                return (needed & who) == 0 ? acting.NotYours
                    : !IsOpen(action, report) ? report.NotAllowed(action, Allowed(report, who, world))
                    : await CheckAsync(unit, report, action, request, acting.Caller, cancellation) ?? Note(unit, report, action, request, said, before, world);
            }
            if (ReportWords.Parse<ReportAction>(action) is not { } known || known is ReportAction.Submit or ReportAction.Archive or ReportAction.Merge or ReportAction.Unmerge)
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownAction");
            }
            return await ActAsync(unit, report, known, request, photos ?? [], said, acting, who, router, world, cancellation);
        }, cancellation);

    private async Task<Outcome<Guid>> ActAsync(
        Unit unit, Report report, ReportAction action, ActionRequest request, IReadOnlyList<KeptPhoto> photos, Text said, Acting acting, Who who, Router router, Circumstances world,
        CancellationToken cancellation)
    {
        var before = ReportFacts.Of(report);
        if (!(await InputAsync(unit, report, action, request, said, who, router, cancellation)).Is(out var input, out var refusal)
            || !(await AddPhotos.AddAsync(unit, report, photos, after: true, ids, cancellation)).Is(out var added, out refusal))
        {
            return refusal;
        }
        input = input with { HasPhoto = input.HasPhoto || added.Count > 0 };
        if (!report.Act(action, who, input, world).Is(out var change, out refusal))
        {
            return refusal.Code == "reports.notYourReport" ? acting.NotYours : refusal;
        }
        if (report.Visibility != before.Visibility)
        {
            await ShowPhotosAsync(unit.Store, report, shown: false, cancellation); // Its new category is private.
        }
        ReportEntry.Add(unit, report, ReportWords.Word(action), said, change.Reason, report.State == before.State ? null : report.State);
        Publish(unit, report, change, new Audit(before, ReportFacts.Of(report)));
        return report.Id;
    }

    private async Task<Outcome<ActionInput>> InputAsync(Unit unit, Report report, ReportAction action, ActionRequest request, Text said, Who who, Router router, CancellationToken cancellation)
    {
        var input = new ActionInput
        {
            Reason = CodeOf(action, request.Reason),
            HasAnswer = !said.IsEmpty && said.ByLanguage.Values.Any(words => !string.IsNullOrWhiteSpace(words)),
            HasPhoto = request.Photo is { } photo && await unit.Store.Set<ReportPhoto>().AnyAsync(p => p.Id == photo && p.ReportId == report.Id, cancellation),
            Body = request.Body ?? request.SuggestedBody,
            Reference = request.Reference,
            PlannedFrom = request.PlannedFrom?.ToMicros(),
            PlannedTo = request.PlannedTo?.ToMicros(),
            Category = request.Category,
            Location = request.Location,
        };
        return action is ReportAction.Recategorise or ReportAction.Move ? await reroute.DecideAsync(unit, report, action, input, who, router, cancellation) : input;
    }

    /// <summary>What a quiet action needs beside the hat; and its photos follow a report that is shown or hidden.</summary>
    private async Task<Outcome<Guid>?> CheckAsync(Unit unit, Report report, string action, ActionRequest request, Caller caller, CancellationToken cancellation)
    {
        if (action == "assignPerson" && request.Person is { } person && person != caller.Account
            && !(await Colleague.OfAsync(unit.Store, book, report.Holder, cancellation)).Any(c => c.Id == person))
        {
            return Refusal.Invalid("reports.notAColleague", "person");
        }
        if (action is "hide" or "show" or "setPrivate")
        {
            await ShowPhotosAsync(unit.Store, report, action == "show", cancellation);
        }
        return null;
    }

    private static async Task ShowPhotosAsync(Store store, Report report, bool shown, CancellationToken cancellation)
    {
        var files = await store.Set<ReportPhoto>().Where(p => p.ReportId == report.Id)
            .Join(store.Set<StoredFile>(), p => p.FileId, f => f.Id, (p, f) => new { p.Hidden, File = f }).ToListAsync(cancellation);
        files.ForEach(photo => photo.File.Show(shown && !photo.Hidden));
    }

    private static Outcome<Guid> Note(Unit unit, Report report, string action, ActionRequest request, Text said, ReportFacts before, Circumstances world)
    {
        if (action is "comment" or "note" or "answerReview" && said.ByLanguage.Values.All(string.IsNullOrWhiteSpace))
        {
            return Refusal.Invalid("reports.required", "text");
        }
        switch (action)
        {
            case "assignPerson":
                report.Assignee = request.Person;
                break;
            case "setPriority":
                if (request.Priority is not { } priority)
                {
                    return Refusal.Invalid("reports.required", "priority");
                }
                report.Prioritise(priority, world);
                break;
            case "setPrivate":
                report.Visibility = Visibility.Private;
                break;
            case "hide":
                report.Visibility = Visibility.Hidden;
                break;
            case "show":
                report.Visibility = Visibility.Public;
                break;
            case "askReview":
                report.ReviewAskedAt = unit.Now;
                break;
            case "answerReview":
                report.ReviewAskedAt = null;
                break;
        }
        report.Touch(unit.Now);
        ReportEntry.Add(unit, report, action, said, request.Reason, isInternal: action is not ("comment" or "show" or "hide" or "askReview" or "answerReview"));
        Publish(unit, report, new ReportNoted(report.Standing(), action, null), new Audit(before, ReportFacts.Of(report)));
        return report.Id;
    }

    private static void Publish(Unit unit, Report report, ReportEvent change, Audit audit) => 
        unit.Publish(new Subject("report", report.Id), report.Version + 1, change, report.Holder, audit);

    /// <summary>A reason is a code. Where any is accepted, a sentence becomes <c>other</c>: free text has no place in the log.</summary>
    private static string? CodeOf(ReportAction action, string? reason) =>
        string.IsNullOrEmpty(reason) || action is ReportAction.Hold or ReportAction.Decline or ReportAction.Reopen
            ? reason
            : reason.Length <= 40 && reason.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? reason : "other";

    /// <summary>Reads a string, kept under the empty language until it is known, or an object from language to string.</summary>
    internal sealed class WordsOrText : JsonConverter<Text>
    {
        public override Text? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Text.Of("", reader.GetString()!) : JsonSerializer.Deserialize<Text>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
    }
}
