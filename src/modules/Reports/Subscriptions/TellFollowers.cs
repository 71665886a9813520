using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Tells by mail who follows: of a report its steps and the answers of its holder, of an area or circle what is new there and how it ended. Whoever follows or sent a report that was merged hears of
/// its target; under the own number, where the two are not known to be one (decision 0023). Each address hears of an event once, whatever it follows, and a reporter only as reporter. One question per event finds them, however many follow something else.
/// </summary>
internal sealed class TellFollowers(RoutingMap routing, AreaMap areas, Mails mails, SiteAddress site, Words words, AnswerSolved answer) : TableFollower
{
    private const string Step = "reports.mail.followed", New = "reports.mail.newNear";

    /// <summary>What is told of a place beside what is new.</summary>
    private static readonly HashSet<string> Ends = new(StringComparer.Ordinal) { "reports.report.resolved", "reports.report.declined", "reports.report.reopened" };

    public static IReadOnlyList<Notice> Notices { get; } = [new(FollowReports.Asked), new(Step), new(New)];

    public override string Name => "reports.followers";

    /// <summary>A mail that was sent is not sent again.</summary>
    public override bool Rebuildable => false;

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        var told = events.Where(e => e.Subject.Kind == "report" && !e.Is<ReportImported>())
            .Select(e => (Event: e, Heard: JsonSerializer.Deserialize<ReportNotices.Heard>(e.Data, Json.Options)!))
            .Where(one => ReportNotices.NoticeFor(one.Event, one.Heard) is not null || IsNew(one.Event, one.Heard)).ToList();
        var ids = told.Select(one => Guid.Parse(one.Event.Subject.Id)).Distinct().ToList();
        if (ids.Count == 0)
        {
            return;
        }
        var reports = await unit.Store.Set<Report>().AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellation);
        var reporters = await unit.Store.Set<ReportContact>().AsNoTracking().Where(c => ids.Contains(c.ReportId) && c.Email != null).ToDictionaryAsync(c => c.ReportId, cancellation);
        foreach (var (happened, heard) in told)
        {
            if (!reports.TryGetValue(Guid.Parse(happened.Subject.Id), out var report))
            {
                continue;
            }
            if (!IsNew(happened, heard) && ReportNotices.NoticeFor(happened, heard) == ReportNotices.Answered && !await ReportNotices.IsSaidByBodyAsync(unit.Store, happened, report, cancellation))
            {
                continue;
            }
            var followers = await FollowersAsync(unit.Store, happened, heard, report, cancellation);
            // Who sent it and wants to hear of it does so as reporter; that it has come every reporter is told.
            if (reporters.GetValueOrDefault(report.Id) is { } reporter && (reporter.Notify || happened.Type == "reports.report.received"))
            {
                followers.RemoveAll(one => one.Email == reporter.Email);
            }
            if (followers.Count > 0)
            {
                await TellAsync(unit, happened, heard, report, followers, cancellation);
            }
        }
    }

    /// <summary>Those of the report first: of two subscriptions of one address the nearer one speaks.</summary>
    private async Task<List<Reader>> FollowersAsync(Store store, Event happened, ReportNotices.Heard heard, Report report, CancellationToken cancellation)
    {
        var confirmed = store.Set<Subscription>().AsNoTracking().Where(s => s.ConfirmedAt != null);
        var found = new List<Reader>();
        var open = FindReportsApi.IsOpenToAll(report);
        if (!IsNew(happened, heard))
        {
            found.AddRange(open ? (await confirmed.Where(s => s.ReportId == report.Id).ToListAsync(cancellation)).Select(s => Reader.Of(s, report)) : []);
            found.AddRange(await MergedAsync(store, confirmed, report, cancellation));
        }
        if ((IsNew(happened, heard) || Ends.Contains(happened.Type)) && open && report.Visibility == Visibility.Public && heard.After.Visibility == Visibility.Public)
        {
            var around = new List<Subscription>();
            var held = AreasOf(report);
            around.AddRange(await confirmed.Where(s => held.Contains(s.Area!)).ToListAsync(cancellation));
            if (report.Place is var (lon, lat))
            {
                var place = new LonLat(lon, lat);
                var box = new LocalPlane(place).Around(Followed.RadiusMax);
                var near = await confirmed.Where(s => s.Lat >= box.South && s.Lat <= box.North && s.Lon >= box.West && s.Lon <= box.East).ToListAsync(cancellation);
                around.AddRange(near.Where(s => s.Followed.Holds(place)));
            }
            found.AddRange(around.Where(s => s.Followed.Takes(report.Category)).Select(s => Reader.Of(s, report)));
        }
        return [.. found.DistinctBy(one => one.Email)];
    }

    /// <summary>Who follows or sent what is merged into the report: whoever sent it and wanted news hears as a follower does.</summary>
    private static async Task<IEnumerable<Reader>> MergedAsync(Store store, IQueryable<Subscription> confirmed, Report report, CancellationToken cancellation)
    {
        var members = await store.Set<Report>().AsNoTracking().Where(member => member.MergedInto == report.Id).ToDictionaryAsync(member => member.Id, cancellation);
        if (members.Count == 0)
        {
            return [];
        }
        List<Guid> ids = [.. members.Keys];
        var senders = await store.Set<ReportContact>().AsNoTracking().Where(contact => ids.Contains(contact.ReportId) && contact.Notify && contact.Email != null).ToListAsync(cancellation);
        var followers = await confirmed.Where(s => s.ReportId != null && ids.Contains(s.ReportId.Value)).ToListAsync(cancellation);
        return
        [
            .. senders.Select(sender => new Reader(sender.Email!, members[sender.ReportId].Language, new Subject("report", sender.ReportId), Named(sender.ReportId))),
            .. followers.Where(s => FindReportsApi.IsOpenToAll(members[s.ReportId!.Value])).Select(s => Reader.Of(s, Named(s.ReportId!.Value))),
        ];

        Report Named(Guid member) => Report.LinkIsPublic(members[member], report) ? report : members[member];
    }

    /// <summary>It has just come, has just got somebody who has it, or has just been looked at. Of what waits to be looked at nobody hears before, and what is solved by then is not new.</summary>
    private static bool IsNew(Event happened, ReportNotices.Heard heard) =>
        (happened.Type is "reports.report.received" or "reports.report.published" && heard.After.State != ReportState.Submitted && heard.After.State.IsOpen())
        || (happened.Type is "reports.report.assigned" or "reports.report.moved" or "reports.report.recategorised" && heard is { PreviousHolder: null, After.Holder: not null });

    /// <summary>Every area that holds its point, of any kind; without a point the municipality that its address named.</summary>
    private List<string> AreasOf(Report report)
    {
        List<string> held = report.Area is { } home ? [home] : [];
        if (report.Place is var (lon, lat))
        {
            var today = areas.Current.On(routing.Current.Map.CalendarOf(null).DateOf(report.UpdatedAt));
            held.AddRange(today.Holding(new LonLat(lon, lat)).Select(area => area.Id));
        }
        return held;
    }

    private async Task TellAsync(Unit unit, Event happened, ReportNotices.Heard heard, Report report, List<Reader> followers, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        var isNew = IsNew(happened, heard);
        var state = words.InAll("reports.state." + ReportWords.Word(heard.After.State));
        var holder = heard.After.Holder is { } body && map.Find(body) is { } known ? known.Names : Text.Empty;
        // Only what a body said: what residents write is read on the page, where it can be flagged.
        var said = report.Visibility != Visibility.Public || isNew ? null : await unit.Store.Set<ReportEntry>().AsNoTracking()
            .Where(e => e.ReportId == report.Id && e.At == happened.At && !e.Internal && e.ActingBody != null).Select(e => e.Text).FirstOrDefaultAsync(cancellation);
        var solved = happened.Type == "reports.report.resolved";
        var target = await ReportNotices.PublicTargetAsync(unit.Store, report, heard, cancellation);
        await mails.PostAsync(unit, [.. followers.Select(one => Told(one) with
        {
            Links = [new MailLink(words.In(one.Language, "reports.mail.follow"), site.Of($"/{one.Language}/reports/{target ?? one.Report.Number}{Asking(one)}"))],
            About = one.About,
        })], cancellation);

        // By the link of the mail the page knows whom it asks whether it is really solved; who follows a place is not asked.
        string Asking(Reader one) => solved && one.Subscription is { } subscription && answer.TokenOf(subscription) is { } token ? "?t=" + token : "";

        Text Asked(Reader one) => solved ? words.InAll(one.Subscription?.ReportId is null ? "reports.mail.stillThere" : "reports.mail.notSolved") : Text.Empty;

        Message Told(Reader one)
        {
            var (named, id) = (one.Report, happened.Id.ToString());
            var category = map.Categories.Find(named.Category)?.Names ?? Text.Empty;
            var place = map.Municipality(named.Area)?.Names ?? Text.Empty;
            return heard.Target is null
                ? new Message(isNew ? New : Step, id, one.Email, one.Language, named.Number, category, place, state, holder, named == report ? ReportNotices.Passed(said, words, one.Language) : "", Asked(one))
                : new Message(target is null ? ReportNotices.MergedUnnamed : ReportNotices.Merged, id, one.Email, one.Language, named.Number, category, holder, "", target ?? "");
        }
    }

    /// <summary>An address, and what its mails are about: stopping them stops those of that.</summary>
    /// <param name="Report">The one that the mail names.</param>
    private sealed record Reader(string Email, string Language, Subject About, Report Report, Subscription? Subscription = null)
    {
        public static Reader Of(Subscription subscription, Report report) => new(subscription.Email, subscription.Language, subscription.About, report, subscription);
    }
}
