using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What comes with an action: the body of <c>POST /api/v1/reports/{id}/actions/{action}</c>, and what a form of the desk sends.</summary>
internal sealed record ActionRequest
{
    public const int TextLengthMax = 4000;
    public const int ReferenceLengthMax = 100;

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

    [JsonConverter(typeof(ActOnReport.InstantWithZone))]
    public DateTimeOffset? PlannedFrom { get; init; }

    [JsonConverter(typeof(ActOnReport.InstantWithZone))]
    public DateTimeOffset? PlannedTo { get; init; }

    public string? Category { get; init; }

    public double? Lon { get; init; }

    public double? Lat { get; init; }

    /// <summary>The place that it is moved to in words; without them it has none.</summary>
    public string? Address { get; init; }

    public Priority? Priority { get; init; }

    /// <summary>Id or number of the report that this one is merged into.</summary>
    public string? Target { get; init; }

    /// <summary>Account of a colleague.</summary>
    public Guid? Person { get; init; }

    /// <summary>A photo that a form or an earlier call stored, by the report's photo id.</summary>
    public Guid? Photo { get; init; }

    /// <summary>A UUID made by the sender, which becomes the id of the line of the history: whatever is sent under it, however often, is done once. Null for a new one.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>What <c>If-Match</c> asks of the version: its refusal, or null.</summary>
    internal Func<long, Refusal?>? IfMatch { get; init; }

    internal (double Lon, double Lat)? Location => this is { Lon: { } lon, Lat: { } lat } ? (lon, lat) : null;

    /// <summary>412 when <c>If-Match</c> names another version; 409 with what is allowed when the one that was seen is another.</summary>
    internal Refusal? Stale(Report report, IReadOnlyList<string> allowed) => IfMatch?.Invoke(report.Version) is { } otherVersion ? otherVersion
        : Version is { } seen && seen != report.Version ? new Refusal(RefusalKind.Conflict, "reports.stale") { Members = new Dictionary<string, object?> { ["version"] = report.Version, ["allowed"] = allowed } }
        : null;

    /// <summary>422 for words that cannot be kept - too long, in no language that is known, or with U+0000 - and for days outside of <see cref="TypedDay"/>.</summary>
    internal Refusal? Fault()
    {
        var said = Text?.ByLanguage ?? Kernel.Text.Empty.ByLanguage;
        return !said.Keys.All(language => language.Length == 0 || Languages.Known(language)) ? Refusal.Invalid("reports.unknownLanguage", "text")
            : Lang is not null && !Languages.Known(Lang) ? Refusal.Invalid("reports.unknownLanguage", "lang")
            : said.Values.Any(words => words.Length > TextLengthMax) ? Refusal.Invalid("reports.descriptionTooLong", "text", TextLengthMax)
            : Address?.Length > NewReport.AddressLengthMax ? Refusal.Invalid("reports.addressTooLong", "address", NewReport.AddressLengthMax)
            : PlannedFrom is { } from && !TypedDay.Holds(from) ? Refusal.Invalid("reports.badDay", "plannedFrom")
            : PlannedTo is { } to && !TypedDay.Holds(to) ? Refusal.Invalid("reports.badDay", "plannedTo")
            : Reference?.Length > ReferenceLengthMax ? Refusal.Invalid("reports.referenceTooLong", "reference", ReferenceLengthMax)
            : said.Values.Select(words => Refusal.OfNul(words, "text")).FirstOrDefault(nul => nul is not null) ?? Refusal.OfNul(Address, "address") ?? Refusal.OfNul(Target, "target") ?? Refusal.OfNul(Reference, "reference");
    }

    /// <summary>Words as text in languages.</summary>
    public Text Said(string fallback) => Text is null ? Kernel.Text.Empty : Text.Exactly("") is { } words ? Kernel.Text.Of(Lang ?? fallback, words) : Text;
}

/// <summary>Who acts, and how they are known to the report.</summary>
/// <param name="IsReporter">Holds the private link, or filed it with the account.</param>
/// <param name="Via">The body that a reply link was sent to: acts as its staff for this one report.</param>
internal sealed record Acting(Caller Caller, bool IsReporter, string? Via = null)
{
    /// <summary>Whether the report is there for them at all: for everybody, as their own, by a reply link, or for staff of the holder or of a body above it.</summary>
    /// <param name="coordinator">The body that looks at what waits to be public wherever its holder does not; null to leave that out.</param>
    public bool Sees(Report report, string? coordinator = null) =>
        FindReportsApi.IsOpenToAll(report) || IsReporter || (Via is not null && Via == report.Holder) || ActOnReportApi.SeesAll(Caller, report, coordinator);

    /// <summary>Who is known and may not: 403. Who is not known could show a key, or sign in: 401 (K35).</summary>
    public Refusal NotYours => Caller.IsAnonymous && !IsReporter && Via is null
        ? Caller.RefusalUnlessCan(ReportPermissions.Act, default)!
        : new Refusal(RefusalKind.Forbidden, "reports.notYourReport");
}

/// <summary>
/// Does one action of the table (reports.md section 3), or one that changes no state: comment, note, assignPerson, setPriority, setPrivate, publish, hide, show, askReview, answerReview.
/// Each writes one event and one line of the history; before and after lie in the audit trail.
/// </summary>
internal sealed class ActOnReport(RoutingMap routing, RerouteReport reroute, RoleBook book, Ids ids, Log log)
{
    /// <summary>Who may look at what waits: a body that is reached by mails and systems only has nobody at the desk.</summary>
    private const Who Looking = Who.HolderStaff | Who.HolderParentStaff | Who.Coordinator;

    /// <summary>Actions that change no state, and what is needed for them.</summary>
    private static readonly Dictionary<string, Who> Quiet = new(StringComparer.Ordinal)
    {
        ["comment"] = Who.HolderStaff | Who.Reporter | Who.Partner,
        ["note"] = Who.HolderStaff | Who.HolderParentStaff | Who.Crew,
        ["assignPerson"] = Who.HolderStaff,
        ["setPriority"] = Who.HolderStaff,
        ["setPrivate"] = Who.HolderStaff,
        ["publish"] = Looking,
        ["hide"] = Who.HolderStaff,
        ["show"] = Who.HolderStaff,
        ["askReview"] = Who.Reporter,
        ["answerReview"] = Who.HolderStaff | Who.Coordinator,
    };

    /// <summary>Actions offered to these hats now, those that change no state last.</summary>
    public static IReadOnlyList<string> Allowed(Report report, Who who, Circumstances world) =>
    [
        .. report.Allowed(who, world).Where(a => a != ReportAction.Archive).Select(ReportWords.Word),
        .. Quiet.Where(q => (NeededFor(q.Key, report) & who) != 0 && IsOpen(q.Key, report, world)).Select(q => q.Key),
    ];

    /// <summary>Whoever may publish what waits may hide it instead.</summary>
    private static Who NeededFor(string quiet, Report report) => quiet == "hide" && report.Visibility == Visibility.Pending ? Looking : Quiet[quiet];

    /// <summary>What changes nothing is not open; a person is asked to look at what a rule chose, once until somebody did.</summary>
    private static bool IsOpen(string quiet, Report report, Circumstances world) => quiet switch
    {
        "hide" => report.Visibility != Visibility.Hidden,
        "setPrivate" => report.Visibility != Visibility.Private,
        "publish" => report.Visibility == Visibility.Pending,
        "show" => report.Visibility != Visibility.Pending && report.Visibility != Shown(report, world),
        "askReview" => report is { ChosenByRule: true, ReviewAskedAt: null } && report.State.IsOpen(),
        "answerReview" => report.ReviewAskedAt is not null,
        _ => true,
    };

    /// <summary>How far a report can be shown at all.</summary>
    private static Visibility Shown(Report report, Circumstances world) => world.IsPrivate(report) ? Visibility.Private : Visibility.Public;

    /// <param name="key">Id or number.</param>
    /// <param name="action">Word of the action.</param>
    /// <param name="photos">Photos that come with it, of the repair when the holder's side sends them; they lie in the file store and have no row yet.</param>
    /// <returns>The report's id; 404 for an action, or a report that is unknown or not for them to see, 403, 409 with <c>allowed</c>, or 422.</returns>
    public Task<Outcome<Guid>> RunAsync(
        string key, string action, ActionRequest request, Acting acting, Commit<Guid> commit, CancellationToken cancellation, IReadOnlyList<KeptPhoto>? photos = null) =>
        commit(acting.Caller.Actor, async unit =>
        {
            var found = await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation);
            if (await BeforeAsync(unit, found, action, request.ClientId, acting, cancellation) is { } before)
            {
                return before;
            }
            if (found is not { } report || !acting.Sees(report, routing.Current.Map.Rules.CoordinatorBody))
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var router = routing.Current;
            var world = World.Of(router.Map, unit.Now, report);
            var who = Hats.Of(acting.Caller, report, acting.IsReporter, world.HandOver.Coordinator, unit.Now) | (acting.Via is { } via && via == report.Holder ? Who.Partner | Who.HolderStaff : 0);
            if (request.Stale(report, Allowed(report, who, world)) is { } stale)
            {
                return request.Version is { } seen && stale.Kind == RefusalKind.Conflict ? await ChangedAsync(unit.Store, report, seen, stale, router.Map, cancellation) : stale;
            }
            if (request.Fault() is { } fault)
            {
                return fault;
            }
            var turn = new Turn(
                unit, report, request, request.Said(acting.Caller.Language), acting, who, world, ReportFacts.Of(report), Hats.BodyOf(acting.Caller, report, who, world.HandOver.Coordinator));
            if (Quiet.ContainsKey(action))
            {
                return (NeededFor(action, report) & who) == 0 ? acting.NotYours
                    : !IsOpen(action, report, world) ? report.NotAllowed(action, Allowed(report, who, world))
                    : await CheckAsync(turn, action, photos is { Count: > 0 }, cancellation) ?? (await AddPhotos.AddAsync(unit, report, photos ?? [], turn.IsRepair, ids, cancellation)).Refusal
                        ?? await NoteAsync(turn, action == "comment" && turn.IsWordless ? "photo" : action, cancellation);
            }
            if (ReportWords.Parse<ReportAction>(action) is not { } known)
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownAction");
            }
            if (known is ReportAction.Submit or ReportAction.Archive)
            {
                return report.NotAllowed(action, Allowed(report, who, world)); // Rows of the table that nobody asks for here: the one is a call of its own, the other the program's.
            }
            return await ActAsync(turn, known, photos ?? [], router, cancellation);
        }, cancellation);

    /// <summary>
    /// What was answered to this client id: done, when it was for the same; a refusal, when it was for anything else. Null when nothing was, or to somebody nobody knows who may not see the report:
    /// all of them are one actor, and ids of public lines are no secret.
    /// </summary>
    private static async Task<Outcome<Guid>?> BeforeAsync(Unit unit, Report? report, string action, Guid? clientId, Acting acting, CancellationToken cancellation)
    {
        if (clientId is not { } line || await unit.Store.Set<ReportEntry>().AsNoTracking().FirstOrDefaultAsync(entry => entry.Id == line, cancellation) is not { } done)
        {
            return null;
        }
        if (acting.Caller.IsAnonymous && (report is null || !acting.Sees(report)))
        {
            return null;
        }
        return done.ReportId == report?.Id && (done.Action == action || (action, done.Action) == ("comment", "photo")) && done.Actor == unit.Actor.Id ? done.ReportId : new Refusal(RefusalKind.Conflict, "reports.clientIdUsed");
    }

    /// <summary>Says what the public can read of what happened since the version that was seen.</summary>
    private async Task<Refusal> ChangedAsync(Store store, Report report, long seen, Refusal stale, RoutingSnapshot map, CancellationToken cancellation)
    {
        var events = (await log.OfAsync(new Subject("report", report.Id), cancellation)).Where(happened => happened.Type.StartsWith("reports.report.", StringComparison.Ordinal)).ToList();
        var since = events.Find(happened => happened.SubjectVersion == seen)?.At ?? long.MaxValue;
        var known = events.Count(happened => happened.At == since && happened.SubjectVersion <= seen);
        var detail = (await new ReadReport(store).DetailAsync(report.Id.ToString(), cancellation))!;
        return stale with { Members = new Dictionary<string, object?>(stale.Members) { ["changes"] = ReportJson.Since(detail, since, known, map) } };
    }

    /// <summary>One attempt at an action.</summary>
    /// <param name="By">The body in whose name it is done.</param>
    private sealed record Turn(Unit Unit, Report Report, ActionRequest Request, Text Said, Acting Acting, Who Who, Circumstances World, ReportFacts Before, string? By)
    {
        /// <summary>Whoever works on it shows what was done; everybody else what is wrong.</summary>
        public bool IsRepair => (Who & (Who.HolderStaff | Who.Crew | Who.Partner)) != 0;

        public bool IsWordless => Said.ByLanguage.Values.All(string.IsNullOrWhiteSpace);
    }

    private async Task<Outcome<Guid>> ActAsync(Turn turn, ReportAction action, IReadOnlyList<KeptPhoto> photos, Router router, CancellationToken cancellation)
    {
        var (unit, report) = (turn.Unit, turn.Report);
        if (!(await InputAsync(turn, action, router, cancellation)).Is(out var input, out var refusal)
            || !(await AddPhotos.AddAsync(unit, report, photos, turn.IsRepair, ids, cancellation)).Is(out var added, out refusal))
        {
            return refusal;
        }
        input = input with { HasPhoto = input.HasPhoto || added.Count > 0 };
        var stood = report.Place;
        var others = action is ReportAction.Merge or ReportAction.Unmerge or ReportAction.Withdraw ? await MergedReports.OfAsync(unit, report, input.Target, cancellation) : null;
        if (!report.Act(action, turn.Who, input, turn.World).Is(out var change, out refusal))
        {
            return refusal.Code switch
            {
                "reports.notYourReport" => turn.Acting.NotYours,
                "reports.actionNotAllowed" => report.NotAllowed(ReportWords.Word(action), Allowed(report, turn.Who, turn.World)), // With those that change no state.
                _ => refusal,
            };
        }
        if (action == ReportAction.Move)
        {
            await ReplaceAddressAsync(turn, stood, cancellation);
        }
        if (others?.Follow(action, one => World.Of(router.Map, unit.Now, one), turn.By) is { } tooMany)
        {
            return tooMany;
        }
        ReportEntry.Add(unit, report, ReportWords.Word(action), turn.Said, input.Target?.Number ?? change.Reason, report.State == turn.Before.State ? null : report.State, actingBody: turn.By, id: turn.Request.ClientId);
        return await PublishAsync(turn, change with { After = report.Standing() }, cancellation);
    }

    /// <summary>The words for a place do not move with the pin: other words come with it, or none are left. Those that led to the first pin say where it is.</summary>
    private static async Task ReplaceAddressAsync(Turn turn, (double Lon, double Lat)? stood, CancellationToken cancellation)
    {
        if ((stood is not null && stood != turn.Report.Place) || turn.Request.Address is not null)
        {
            var words = await turn.Unit.Store.Set<ReportWordsRow>().FirstOrDefaultAsync(row => row.ReportId == turn.Report.Id, cancellation);
            words?.Address = string.IsNullOrWhiteSpace(turn.Request.Address) ? null : turn.Request.Address.Trim();
        }
    }

    private async Task<Outcome<ActionInput>> InputAsync(Turn turn, ReportAction action, Router router, CancellationToken cancellation)
    {
        var (unit, report, request) = (turn.Unit, turn.Report, turn.Request);
        if (!(await TargetAsync(turn, action, cancellation)).Is(out var target, out var refusal))
        {
            return refusal;
        }
        var input = new ActionInput
        {
            Reason = action is ReportAction.Hold or ReportAction.Decline or ReportAction.Reopen ? request.Reason : CodeOf(request.Reason),
            HasAnswer = !turn.IsWordless,
            HasPhoto = request.Photo is { } photo && await unit.Store.Set<ReportPhoto>().AnyAsync(p => p.Id == photo && p.ReportId == report.Id && p.After, cancellation),
            Body = request.Body ?? request.SuggestedBody,
            Reference = request.Reference,
            PlannedFrom = request.PlannedFrom?.ToMicros(),
            PlannedTo = request.PlannedTo?.ToMicros(),
            Category = request.Category,
            Location = request.Location,
            Target = target,
        };
        return action is ReportAction.Recategorise or ReportAction.Move ? await reroute.DecideAsync(unit, report, action, input, turn.Who, router, cancellation) : input;
    }

    /// <summary>The report to merge into: one that they work on too. Who may not merge this one learns nothing of others.</summary>
    private static async Task<Outcome<Report?>> TargetAsync(Turn turn, ReportAction action, CancellationToken cancellation)
    {
        var caller = turn.Acting.Caller;
        if (action != ReportAction.Merge || turn.Request.Target?.Trim() is not { Length: > 0 } key || !turn.Report.Allowed(turn.Who, turn.World).Contains(ReportAction.Merge))
        {
            return (Report?)null;
        }
        if (await ReadReport.FindAsync(turn.Unit.Store, key, tracked: true, cancellation) is not { } target || !(FindReportsApi.IsOpenToAll(target) || ActOnReportApi.SeesAll(caller, target)))
        {
            return Refusal.Invalid("reports.unknownTarget", "target", Fault.Shorten(key));
        }
        return Hats.Of(caller, target, false, turn.World.HandOver.Coordinator, turn.Unit.Now).HasFlag(Who.HolderStaff)
            ? target
            : new Refusal(RefusalKind.Forbidden, "reports.targetNotYours", "target") { Arguments = [target.Number] };
    }

    /// <summary>What a quiet action needs beside the hat.</summary>
    /// <param name="isPictured">Photos come with it, which say enough.</param>
    private async Task<Refusal?> CheckAsync(Turn turn, string action, bool isPictured, CancellationToken cancellation) => action switch
    {
        "assignPerson" when turn.Request.Person is { } person && person != turn.Acting.Caller.Account
            && !(await Colleague.OfAsync(turn.Unit.Store, book, turn.Report.Holder, cancellation)).Any(c => c.Id == person) => Refusal.Invalid("reports.notAColleague", "person"),
        "comment" when isPictured => null,
        "comment" or "note" or "answerReview" when turn.IsWordless => Refusal.Invalid("reports.required", "text"),
        "setPriority" when turn.Request.Priority is null => Refusal.Invalid("reports.required", "priority"),
        _ => null,
    };

    private static async Task<Outcome<Guid>> NoteAsync(Turn turn, string action, CancellationToken cancellation)
    {
        var (unit, report) = (turn.Unit, turn.Report);
        switch (action)
        {
            case "assignPerson":
                report.Assignee = turn.Request.Person;
                break;
            case "setPriority":
                report.Prioritise(turn.Request.Priority!.Value, turn.World);
                break;
            case "setPrivate":
                report.Visibility = Visibility.Private;
                break;
            case "hide":
                report.Visibility = Visibility.Hidden;
                break;
            case "publish" or "show":
                report.Visibility = Shown(report, turn.World);
                break;
            case "askReview":
                report.ReviewAskedAt = unit.Now;
                break;
            case "answerReview":
                report.ReviewAskedAt = null;
                break;
        }
        report.Touch(unit.Now);
        var isInternal = action is not ("comment" or "photo" or "publish" or "show" or "hide" or "askReview" or "answerReview");
        ReportEntry.Add(unit, report, action, turn.Said, CodeOf(turn.Request.Reason), isInternal: isInternal, actingBody: turn.By, id: turn.Request.ClientId);
        return await PublishAsync(turn, action == "publish" ? new ReportPublished(report.Standing()) : new ReportNoted(report.Standing(), action, null), cancellation);
    }

    /// <summary>The event with what was before and after; the photos follow a report that is shown or hidden.</summary>
    private static async Task<Outcome<Guid>> PublishAsync(Turn turn, ReportEvent change, CancellationToken cancellation)
    {
        var (unit, report) = (turn.Unit, turn.Report);
        if (report.Visibility != turn.Before.Visibility)
        {
            var photos = await unit.Store.Set<ReportPhoto>().Where(p => p.ReportId == report.Id)
                .Join(unit.Store.Set<StoredFile>(), p => p.FileId, f => f.Id, (p, f) => new { p.Hidden, File = f }).ToListAsync(cancellation);
            photos.ForEach(photo => photo.File.Show(report.Visibility == Visibility.Public && !photo.Hidden));
        }
        unit.Publish(new Subject("report", report.Id), report.Version + 1, change, report.Holder, new Audit(turn.Before, ReportFacts.Of(report)));
        return report.Id;
    }

    /// <summary>A reason is a code. Where any is accepted, a sentence becomes <c>other</c>: free text has no place in the log.</summary>
    private static string? CodeOf(string? reason) =>
        string.IsNullOrEmpty(reason) ? null : reason.Length <= 40 && reason.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? reason : "other";

    /// <summary>Reads a string, kept under the empty language until it is known, or an object from language to string.</summary>
    internal sealed class WordsOrText : JsonConverter<Text>
    {
        public override Text? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Text.Of("", reader.GetString()!) : JsonSerializer.Deserialize<Text>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
    }

    /// <summary>Reads an instant only with its zone: without one it would be that of the server.</summary>
    internal sealed class InstantWithZone : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Instants.TryRead(reader.GetString()!, out var micros) ? Instants.FromMicros(micros) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
