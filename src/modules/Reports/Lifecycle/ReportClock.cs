using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// What happens by itself as time passes: a solved report that nobody contradicts is closed after 14 days, a body that does not answer has it told to the
/// body above, and a holder with an e-mail channel is reminded at 80 % of its time and when it is over. What came with the history of another system stays as that left it until somebody works on it here. Each reminder has a stable name, so that two nodes or a restart send it once.
/// </summary>
internal sealed class ReportClock(Database database, Writer writer, CloseReports close, EscalateReports escalate, RoutingMap routing, Mails mails, SiteAddress site, Words words, TimeProvider time, ILogger<ReportClock> logger) : BackgroundService
{
    public const string Reminder = "reports.mail.reminder";
    private const int BatchMax = 200;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await routing.Loaded.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is System.Data.Common.DbException or InvalidOperationException)
            {
                logger.LogError(failure, "The clock of reports failed and tries again in a minute");
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does what is due now.</summary>
    internal async Task TickAsync(CancellationToken cancellation)
    {
        var now = time.NowMicros();
        await using var store = database.Open();
        await close.RunAsync(store, now, cancellation);
        await escalate.RunAsync(store, now, cancellation);
        await RemindAsync(store, now, cancellation);
    }

    private async Task RemindAsync(Store store, long now, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        foreach (var body in map.Bodies.Where(b => b.Active && b.Channels.OfType<EmailChannel>().Any()))
        {
            var held = await store.Set<Report>().AsNoTracking()
                .Where(r => r.Holder == body.Id && ReportWords.OpenStates.Contains(r.State) && r.PausedSince == null && r.HolderDueAt != null && r.HolderSince != null
                    && (now - r.HolderSince) * 10 >= (r.HolderDueAt - r.HolderSince) * 8
                    && !store.Set<ReportReminder>().Any(m => m.ReportId == r.Id && m.DueAt == r.HolderDueAt && m.Passed == (r.HolderDueAt < now))
                    && !store.Set<ReportOrigin>().Any(o => o.ReportId == r.Id && o.ReportVersion == r.Version))
                .OrderBy(r => r.HolderDueAt).Take(BatchMax).ToListAsync(cancellation);
            if (held.Count > 0)
            {
                await writer.DoAsync(Actor.System, async unit =>
                {
                    await PostAsync(unit, body, held, now, map, cancellation);
                    await KeepAsync(unit.Store, held, now, cancellation);
                }, cancellation);
            }
        }
    }

    private static async Task KeepAsync(Store store, List<Report> held, long now, CancellationToken cancellation)
    {
        var ids = held.ConvertAll(report => report.Id);
        var kept = await store.Set<ReportReminder>().Where(m => EF.Parameter(ids).Contains(m.ReportId)).ToDictionaryAsync(m => m.ReportId, cancellation);
        foreach (var report in held)
        {
            var (due, passed) = (report.HolderDueAt!.Value, report.HolderDueAt < now);
            if (kept.TryGetValue(report.Id, out var reminder))
            {
                (reminder.DueAt, reminder.Passed) = (due, passed);
            }
            else
            {
                store.Add(new ReportReminder { ReportId = report.Id, DueAt = due, Passed = passed });
            }
        }
    }

    private async Task PostAsync(Unit unit, Body body, List<Report> held, long now, RoutingSnapshot map, CancellationToken cancellation)
    {
        var language = body.Languages is [var first, ..] ? first : "fr";
        foreach (var (report, channel) in held.SelectMany(r => body.Channels.OfType<EmailChannel>().Select(c => (r, c))))
        {
            var stage = report.HolderDueAt < now ? "over" : "soon";
            await mails.PostAsync(unit, new Message(
                Reminder, $"reports.due:{report.Id:N}:{report.HolderDueAt}:{stage}", channel.Address, language, report.Number,
                map.Categories.Find(report.Category)?.Names ?? Text.Of(language, report.Category),
                map.CalendarOf(body.Id).LocalAt(report.HolderDueAt!.Value).ToString("dddd d MMMM yyyy", Languages.CultureOf(language)))
            {
                Links = [new MailLink(words.In(language, "reports.mail.follow"), site.Of($"/{language}/reports/{report.Number}"))],
            }, cancellation);
        }
    }
}
