using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// What happens by itself as time passes: a solved report that nobody contradicts is closed after 14 days, a body that does not answer has it told to the
/// body above, and a holder with an e-mail channel is reminded at 80 % of its time and when it is over. What came with the history of another system stays as that left it until somebody works on it here. Each reminder has a stable name, so that two nodes or a restart send it once.
/// </summary>
internal sealed class ReportClock(Database database, Writer writer, ActOnReport act, EscalateReports escalate, RoutingMap routing, Mails mails, SiteAddress site, Words words, TimeProvider time, ILogger<ReportClock> logger) : BackgroundService
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
        await CloseAsync(store, now, cancellation);
        await escalate.RunAsync(store, now, cancellation);
        await RemindAsync(store, now, cancellation);
    }

    /// <summary>Closes what nobody contradicted; one that cannot be closed keeps none of the others waiting.</summary>
    private async Task CloseAsync(Store store, long now, CancellationToken cancellation)
    {
        var (closesAt, last) = (0L, Guid.Empty);
        while (await store.Set<Report>().AsNoTracking()
            .Where(r => r.ClosesAt != null && r.ClosesAt <= now && (r.ClosesAt > closesAt || (r.ClosesAt == closesAt && r.Id.CompareTo(last) > 0)))
            .OrderBy(r => r.ClosesAt).ThenBy(r => r.Id).Take(BatchMax).Select(r => new { r.Id, r.Number, r.ClosesAt }).ToListAsync(cancellation) is { Count: > 0 } quiet)
        {
            foreach (var report in quiet)
            {
                var outcome = await act.RunAsync(report.Id.ToString(), "confirm", new ActionRequest(), new Acting(Caller.Program(), false), writer.DoAsync, cancellation);
                if (outcome.Refusal is { } refusal)
                {
                    logger.LogWarning("The report {Number} is not closed by itself: {Code}", report.Number, refusal.Code);
                }
            }
            (closesAt, last) = (quiet[^1].ClosesAt!.Value, quiet[^1].Id);
        }
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
