using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Tells by mail what happened: the reporter in the reporter's language, and a body that has an e-mail channel, each once for each event. Follows the log, so that
/// sending a report does not wait for it.
/// </summary>
internal sealed class ReportNotices(RoutingMap routing, Mails mails, TrackLink link, ReplyLink reply, SiteAddress site, Words words) : TableFollower
{
    /// <summary>Steps of which the reporter hears, and the notice that says so.</summary>
    private static readonly Dictionary<string, string> Steps = new(StringComparer.Ordinal)
    {
        ["reports.report.received"] = "reports.mail.received",
        ["reports.report.accepted"] = "reports.mail.accepted",
        ["reports.report.planned"] = "reports.mail.planned",
        ["reports.report.held"] = "reports.mail.held",
        ["reports.report.resolved"] = "reports.mail.resolved",
        ["reports.report.declined"] = "reports.mail.declined",
        ["reports.report.transferred"] = "reports.mail.handedOver",
        ["reports.report.rejected"] = "reports.mail.handedOver",
        ["reports.report.assigned"] = "reports.mail.handedOver",
        ["reports.report.reopened"] = "reports.mail.reopened",
        [MergedEvent] = Merged,
        [UnmergedEvent] = "reports.mail.unmerged",
        ["reports.report.recategorised"] = NowWith,
        ["reports.report.moved"] = NowWith,
    };

    /// <summary>Steps that give a report to a body.</summary>
    private static readonly HashSet<string> Handings = new(StringComparer.Ordinal)
    {
        "reports.report.received", "reports.report.transferred", "reports.report.rejected", "reports.report.assigned", "reports.report.reopened", "reports.report.recategorised", "reports.report.moved",
        UnmergedEvent,
    };

    public const string ToBody = "reports.mail.toBody";
    private const string ReviewAsked = "reports.mail.reviewAsked";
    internal const string Answered = "reports.mail.answered";
    private const string Silent = "reports.mail.escalated";
    private const string Escalated = "reports.report.escalated";
    public const string MergedEvent = "reports.report.merged", Merged = "reports.mail.merged", MergedUnnamed = "reports.mail.mergedUnnamed", UnmergedEvent = "reports.report.unmerged";
    private const string NowWith = "reports.mail.nowWith";
    private const string Noted = "reports.report.noted";

    public static IReadOnlyList<Notice> Notices { get; } = [new(ToBody) { Always = true }, .. Steps.Values.Distinct().Append(MergedUnnamed).Append(ReviewAsked).Append(Answered).Append(Silent).Append(ReportClock.Reminder).Select(key => new Notice(key))];

    public override string Name => "reports.notices";

    /// <summary>A mail that was sent is not sent again.</summary>
    public override bool Rebuildable => false;

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        var told = events.Where(e => e.Subject.Kind == "report" && (Steps.ContainsKey(e.Type) || Handings.Contains(e.Type) || e.Type is Noted or Escalated)).ToList();
        var ids = told.Select(e => Guid.Parse(e.Subject.Id)).Distinct().ToList();
        var reports = ids.Count == 0 ? [] : await unit.Store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellation);
        var contacts = ids.Count == 0 ? [] : await unit.Store.Set<ReportContact>().AsNoTracking().Where(c => ids.Contains(c.ReportId)).ToDictionaryAsync(c => c.ReportId, cancellation);
        foreach (var happened in told)
        {
            if (!reports.TryGetValue(Guid.Parse(happened.Subject.Id), out var report))
            {
                continue;
            }
            var heard = JsonSerializer.Deserialize<Heard>(happened.Data, Json.Options)!;
            await TellReporterAsync(unit, happened, report, contacts.GetValueOrDefault(report.Id), heard, cancellation);
            await TellBodyAsync(unit, happened, report, contacts.GetValueOrDefault(report.Id), heard, cancellation);
        }
    }

    private async Task TellReporterAsync(Unit unit, Event happened, Report report, ReportContact? reporter, Heard heard, CancellationToken cancellation)
    {
        var isReceipt = happened.Type == "reports.report.received"; // With the private link; who wants no further mail gets this one.
        if (NoticeFor(happened, heard) is not { } notice
            || reporter is not { Email: { } email }
            || !(reporter.Notify || isReceipt)
            || (notice == Answered && reporter.Account == happened.Actor.Id))
        {
            return;
        }
        if (notice == Answered && !await IsSaidByBodyAsync(unit.Store, happened, report, cancellation))
        {
            return;
        }
        var language = report.Language;
        // What a body says is passed on; the words of whoever contradicts are not.
        var said = await unit.Store.Set<ReportEntry>().AsNoTracking()
            .Where(e => e.ReportId == report.Id && e.At == happened.At && !e.Internal && e.ActingBody != null).Select(e => e.Text).FirstOrDefaultAsync(cancellation);
        var map = routing.Current.Map;
        var target = await PublicTargetAsync(unit.Store, report, heard, cancellation);
        var message = new Message(
            heard.Target == target ? notice : MergedUnnamed, happened.Id.ToString(), email, language, report.Number, map.Categories.Find(report.Category)?.Names ?? Text.Of(language, report.Category), NameOf(heard.After.Holder, map),
            Due(notice == Steps["reports.report.transferred"] ? "reports.mail.dueStays" : "reports.mail.dueBy", heard.After.DueAt, map, language), isReceipt ? Why(report, map, language) : target ?? Passed(said, words, language), Planned(heard, map, language))
        {
            Links = [new MailLink(words.In(language, "reports.mail.follow"), site.Of(link.PathOf(report, language)))],
            About = new Subject("report", report.Id),
        };
        await mails.PostAsync(unit, message, cancellation);
    }

    private async Task TellBodyAsync(Unit unit, Event happened, Report report, ReportContact? reporter, Heard heard, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        if (ToTell(happened, heard) is not var (notice, to) || heard.After.Holder is not { } holder || map.Find(to) is not { } body)
        {
            return;
        }
        var channels = body.Channels.OfType<EmailChannel>().ToList();
        if (channels.Count == 0)
        {
            return; // Before its words are read: most bodies have none.
        }
        var row = await unit.Store.Set<ReportWordsRow>().AsNoTracking().FirstOrDefaultAsync(w => w.ReportId == report.Id, cancellation);
        var place = row?.Address ?? (report is { Lon: { } lon, Lat: { } lat } ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{lat:0.00000}, {lon:0.00000}") : "");
        var language = body.Languages is [var first, ..] ? first : "fr";
        var category = map.Categories.Find(report.Category)?.Names ?? Text.Of(language, report.Category);
        IReadOnlyList<object> said = notice == Silent
            ? [report.Number, category, place, NameOf(holder, map), DayOf(heard.After.HolderSince ?? happened.At, map, language)]
            : [report.Number, category, place, Due("reports.mail.dueBy", heard.After.DueAt, map, language), row?.Description ?? ""];
        // Who sent it is for the body that has it, not for one that has lost it since.
        var contact = notice == ToBody && report.Holder == holder ? ContactOf(reporter, language) : null;
        foreach (var channel in channels)
        {
            var told = channel.Contact ? contact : null;
            await mails.PostAsync(unit, new Message(notice, happened.Id.ToString(), channel.Address, language, said)
            {
                Contact = told,
                About = told is null ? null : new Subject("report", report.Id),
                Links = notice == Silent
                    ? [new MailLink(words.In(language, "reports.mail.follow"), site.Of($"/{language}/desk/reports/{report.Number}"))]
                    : heard.After.State == ReportState.Submitted
                    ? [new MailLink(words.In(language, "reports.act.assign"), site.Of($"/{language}/desk/reports/{report.Number}"))]
                    : [.. ReplyLink.Actions.Select(action => new MailLink(words.In(language, $"reports.reply.{action}"), site.Of(reply.PathOf(report, holder, action, language))))],
            }, cancellation);
        }
    }

    /// <summary>How a mail to a body says who sent the report; null when nobody can be reached.</summary>
    private string? ContactOf(ReportContact? reporter, string language) =>
        new[] { reporter?.Name, reporter?.Email, reporter?.Phone }.OfType<string>().ToList() is { Count: > 0 } ways ? words.In(language, "reports.mail.contact", string.Join(", ", ways)) : null;

    /// <summary>The number of what it was merged into; null when everybody may not learn that the two are one (decision 0023).</summary>
    public static async Task<string?> PublicTargetAsync(Store store, Report report, Heard heard, CancellationToken cancellation) =>
        heard.Target is { } number && await ReadReport.FindAsync(store, number, tracked: false, cancellation) is { } target && Report.LinkIsPublic(report, target) ? number : null;

    /// <summary>The notice that an event sends to a body, and which; null when it sends none.</summary>
    private static (string Notice, string Body)? ToTell(Event happened, Heard heard) => heard switch
    {
        { To: { } above } when happened.Type == Escalated => (Silent, above),
        { After.Holder: null } => null,
        { What: "askReview", After.Holder: { } holder } => (ReviewAsked, holder),
        { After.Holder: { } holder } when Handings.Contains(happened.Type) && heard.Moves(happened) => (ToBody, holder),
        _ => null,
    };

    /// <summary>What the body said, in the reader's language or else another; a machine's words are called so, and so is another language.</summary>
    public static string Passed(Text? said, Words words, string language)
    {
        if (said is null || said.IsEmpty)
        {
            return "";
        }
        var (passed, written) = said.For(language);
        return said.IsMachine(written) ? $"{passed} {words.In(language, "reports.mail.machine")}"
            : written.Length > 0 && written != language ? $"{passed} {words.In(language, "reports.mail.otherLanguage", Languages.OwnName(written))}"
            : passed;
    }

    private static Text NameOf(string? body, RoutingSnapshot map) => body is not null && map.Find(body) is { } found ? found.Names : Text.Empty;

    /// <summary>A sentence of its own after another; nothing when no time is promised.</summary>
    private string Due(string key, long? instant, RoutingSnapshot map, string language) =>
        instant is { } at ? " " + words.In(language, key, DayOf(at, map, language)) : "";

    /// <summary>The day or the days for which the work is planned; a sentence of its own after another.</summary>
    private string Planned(Heard heard, RoutingSnapshot map, string language)
    {
        var (from, to) = (heard.PlannedFrom is { } first ? DayOf(first, map, language) : null, heard.PlannedTo is { } last ? DayOf(last, map, language) : null);
        return from is null ? "" : " " + (to is null || to == from ? words.In(language, "reports.mail.plannedDay", from) : words.In(language, "reports.mail.plannedDays", from, to));
    }

    private static string DayOf(long instant, RoutingSnapshot map, string language) => map.CalendarOf(null).LocalAt(instant).ToString("dddd d MMMM yyyy", Languages.CultureOf(language));

    /// <summary>The rule that chose the body, in words after others; nothing when people did.</summary>
    private static string Why(Report report, RoutingSnapshot map, string language) =>
        report.ChosenByRule && map.Rules.Rules.FirstOrDefault(rule => rule.Id == report.Rule) is { } rule ? " " + rule.Explain.In(language) : "";

    /// <summary>Whether a body has added words, and not the reporter or the app through which it was sent.</summary>
    internal static Task<bool> IsSaidByBodyAsync(Store store, Event happened, Report report, CancellationToken cancellation) =>
        store.Set<ReportEntry>().AnyAsync(e => e.ReportId == report.Id && e.At == happened.At && !e.Internal && e.ActingBody != null, cancellation);

    /// <summary>A public message of the body is worth a mail; what reporters write themselves is not.</summary>
    internal static string? NoticeFor(Event happened, Heard heard) => heard.What switch
    {
        "answerReview" => Answered,
        "comment" when happened.Actor != Actor.Anonymous => Answered,
        _ when !heard.Moves(happened) => null,
        _ when happened.Type == "reports.report.assigned" && heard.PreviousHolder is null => NowWith,
        _ => Steps.GetValueOrDefault(happened.Type),
    };

    internal sealed record Heard(Standing After, string? What = null, string? PreviousHolder = null, string? To = null, string? Target = null, long? PlannedFrom = null, long? PlannedTo = null)
    {
        /// <summary>False for a new category or place that leaves the report where it is: nobody gets it again.</summary>
        public bool Moves(Event happened) => happened.Type is not ("reports.report.recategorised" or "reports.report.moved") || PreviousHolder != After.Holder;
    }
}
