using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Keeps what came of forwarding a report, and does here what was said there.</summary>
internal sealed class SettleForwards(Writer writer, ActOnReport act, Words words)
{
    /// <summary>After each attempt that nobody answered; the last one again and again, for a day.</summary>
    private static readonly TimeSpan[] RetryWaits = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>Between two questions for the id; the last one again and again, for a week.</summary>
    private static readonly TimeSpan[] TokenWaits = [.. Enumerable.Repeat(TimeSpan.FromSeconds(2), 5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)];
    private static readonly TimeSpan TriedFor = TimeSpan.FromHours(24), TokenFor = TimeSpan.FromDays(7);

    /// <summary>It is there under an id, which the report carries as its reference from now on.</summary>
    public Task TakenAsync(Forward one, string requestId, Open311Channel channel, CancellationToken cancellation) => ChangeAsync(one, async (unit, row) =>
    {
        (row.State, row.RequestId, row.Token, row.TakenAt, row.LookedAt) = (ForwardState.Open, requestId, null, row.TakenAt ?? unit.Now, unit.Now);
        (row.Attempts, row.Error, row.FailingSince, row.DueAt) = (0, null, null, unit.Now + Seconds(channel.PollSeconds));
        if (await unit.Store.Set<Report>().FirstOrDefaultAsync(report => report.Id == row.ReportId, cancellation) is { } report && report.Holder == row.Body)
        {
            var before = ReportFacts.Of(report);
            var change = report.RegisterAs(requestId, unit.Now);
            ReportEntry.Add(unit, report, "register", actingBody: row.Body);
            unit.Publish(new Subject("report", report.Id), report.Version + 1, change, report.Holder, new Audit(before, ReportFacts.Of(report)));
        }
    }, cancellation);

    /// <summary>It was taken, and its id comes later.</summary>
    public Task PromisedAsync(Forward one, string token, CancellationToken cancellation) => ChangeAsync(one, (unit, row) =>
    {
        (row.State, row.Token, row.TakenAt, row.Attempts, row.Error, row.FailingSince, row.DueAt) = (ForwardState.Promised, token, unit.Now, 0, null, null, unit.Now + TokenWaits[0].ToMicros());
        return Task.CompletedTask;
    }, cancellation);

    /// <summary>Nobody answered, or only that it has to wait: another attempt, until the time for it is over.</summary>
    public Task AgainAsync(Forward one, GeoReply reply, Body body, CancellationToken cancellation) => ChangeAsync(one, async (unit, row) =>
    {
        row.Hear(reply.Error, unit.Now);
        if (unit.Now - row.FirstAt >= TriedFor.ToMicros())
        {
            row.End(ForwardState.Failed, unit.Now);
            await NoteAsync(unit, row, words.InAll("reports.forward.failed", NameOf(body), row.Error ?? ""), cancellation);
            return;
        }
        var wait = RetryWaits[Math.Clamp(row.Attempts - 1, 0, RetryWaits.Length - 1)];
        row.DueAt = unit.Now + (reply.RetryAfter is { } asked && asked > wait && asked < TriedFor ? asked : wait).ToMicros();
    }, cancellation);

    /// <summary>The id is not known yet.</summary>
    public Task NoIdYetAsync(Forward one, GeoReply reply, Body body, CancellationToken cancellation) => ChangeAsync(one, async (unit, row) =>
    {
        row.DueAt = unit.Now + TokenWaits[Math.Min(row.Attempts, TokenWaits.Length - 1)].ToMicros();
        row.Hear(reply.Error, unit.Now);
        if (unit.Now - row.TakenAt >= TokenFor.ToMicros())
        {
            row.End(ForwardState.Failed, unit.Now);
            await NoteAsync(unit, row, words.InAll("reports.forward.noId", NameOf(body)), cancellation);
        }
    }, cancellation);

    /// <summary>It was not an attempt: its photos are still being drawn.</summary>
    public Task PostponeAsync(Forward one, TimeSpan wait, CancellationToken cancellation) => ChangeAsync(one, (unit, row) =>
    {
        (row.Attempts, row.DueAt) = (row.Attempts - 1, unit.Now + wait.ToMicros());
        row.FirstAt = row.Attempts == 0 ? null : row.FirstAt;
        return Task.CompletedTask;
    }, cancellation);

    /// <summary>It stays with the people at the desk, who read why.</summary>
    public Task RefusedAsync(Forward one, string? error, Text why, CancellationToken cancellation) => ChangeAsync(one, (unit, row) =>
    {
        row.Error = error;
        row.End(ForwardState.Refused, unit.Now);
        return NoteAsync(unit, row, why, cancellation);
    }, cancellation);

    /// <summary>The other end says that it is done, perhaps with words; so it is here.</summary>
    public async Task ClosedAsync(Forward one, string? notes, Body body, CancellationToken cancellation)
    {
        var language = body.Languages is [var first, ..] ? first : Languages.All[0];
        var said = string.IsNullOrWhiteSpace(notes) ? words.InAll("reports.forward.solved") : Text.Of(language, Cut(notes.Replace("\0", "", StringComparison.Ordinal)));
        var system = new Caller(Actor.System, language, [], _ => []);
        var done = await act.RunAsync(one.ReportId.ToString(), "resolve", new ActionRequest { Text = said }, new Acting(system, IsReporter: false, Via: body.Id), (actor, useCase, stop) => writer.DoAsync(actor, async unit =>
        {
            var outcome = await useCase(unit);
            if (outcome.Ok && await RowAsync(unit, one, stop) is { } row)
            {
                row.End(ForwardState.Closed, unit.Now);
            }
            return outcome;
        }, stop), cancellation);
        if (done.Refusal is { Kind: not RefusalKind.Busy })
        {
            await ChangeAsync(one, (unit, row) => // Somebody else was first: here or there, it is over.
            {
                row.End(ForwardState.Left, unit.Now);
                return Task.CompletedTask;
            }, cancellation);
        }
    }

    /// <summary>Where some stand was asked for.</summary>
    /// <param name="asked">When, UTC microseconds.</param>
    public Task LookedAsync(IReadOnlyList<Forward> some, GeoReply reply, Open311Channel channel, long asked, CancellationToken cancellation) => writer.DoAsync(Actor.System, async unit =>
    {
        List<Guid> ids = [.. some.Select(one => one.Id)];
        foreach (var row in await unit.Store.Set<Forward>().Where(row => ids.Contains(row.Id) && row.State == ForwardState.Open).ToListAsync(cancellation))
        {
            var wait = Seconds(channel.PollSeconds);
            row.DueAt = unit.Now + (reply.RetryAfter is { } told && told < TriedFor ? Math.Max(wait, told.ToMicros()) : wait);
            row.Hear(reply.Error, unit.Now);
            row.LookedAt = reply.Ok ? asked : row.LookedAt;
        }
    }, cancellation);

    private Task ChangeAsync(Forward one, Func<Unit, Forward, Task> change, CancellationToken cancellation) => writer.DoAsync(Actor.System, async unit =>
    {
        if (await RowAsync(unit, one, cancellation) is { } row)
        {
            await change(unit, row);
        }
    }, cancellation);

    private static Task<Forward?> RowAsync(Unit unit, Forward one, CancellationToken cancellation) => unit.Store.Set<Forward>().FirstOrDefaultAsync(row => row.Id == one.Id && row.EndedAt == null, cancellation);

    /// <summary>A note for staff: the words of the other end are for them.</summary>
    private static async Task NoteAsync(Unit unit, Forward row, Text why, CancellationToken cancellation)
    {
        if (await unit.Store.Set<Report>().FirstOrDefaultAsync(report => report.Id == row.ReportId, cancellation) is { } report)
        {
            report.Touch(unit.Now);
            ReportEntry.Add(unit, report, "note", why, isInternal: true);
            var facts = ReportFacts.Of(report);
            unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), "note", null), report.Holder, new Audit(facts, facts));
        }
    }

    public static string NameOf(Body body) => body.Names.In(body.Languages is [var first, ..] ? first : Languages.All[0]);

    private static long Seconds(int seconds) => TimeSpan.FromSeconds(seconds).ToMicros();

    private static string Cut(string text) => text.Length > ActionRequest.TextLengthMax ? text[..(ActionRequest.TextLengthMax - 1)] + "…" : text;
}
