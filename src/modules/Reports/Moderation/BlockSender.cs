using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Whose sending is to be stopped, and why.</summary>
internal sealed record BlockRequest
{
    /// <summary><see cref="SentFrom.OfDevice"/> or <see cref="SentFrom.OfAddress"/>.</summary>
    public string? By { get; init; }

    /// <summary>One of <see cref="ReportFlag.Reasons"/>.</summary>
    public string? Reason { get; init; }
}

/// <summary>A block as staff see it; whose it is nobody can tell.</summary>
/// <param name="Report">Number of the report for which it was made.</param>
/// <param name="Body">In whose name.</param>
internal sealed record Blocked(Guid Id, string By, string Report, string? Body, string Reason, DateTimeOffset At, DateTimeOffset Until)
{
    public static Blocked Of(SenderBlock block, string number) => new(block.Id, block.By, number, block.Body, block.Reason, Instants.FromMicros(block.At), Instants.FromMicros(block.Until));
}

/// <summary>
/// <c>POST /api/v1/reports/{id}/blocks</c>: the holder's staff take nothing more from whoever sent a report, known by device or network address, for 30 days (R30); and let them send again. Both stand in
/// the history and in the audit trail of the report.
/// </summary>
internal sealed class BlockSender(Writer writer, RoutingMap routing, TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromDays(SenderBlock.Days);

    public static void Map(Doors doors)
    {
        var example = new Blocked(
            Guid.Parse("018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a"), SentFrom.OfDevice, "2026-000123", "c21013", "abusive", new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), new(2026, 6, 3, 12, 0, 0, TimeSpan.Zero));
        doors.Api.MapPost("/reports/{id}/blocks", async (string id, BlockRequest request, Caller caller, BlockSender block, Idempotency once, CancellationToken cancellation) =>
            (await block.RunAsync(id, request, new Acting(caller, false), cancellation, once.DoAsync)).Answer())
            .Needs(ReportPermissions.Act).WithSummary("Takes nothing more for 30 days from who sent the report, by device or by network address (by); for a reason: privateData, abusive, spam or other.")
            .TakesExample(new { by = SentFrom.OfDevice, reason = "abusive" }).GivesExample(example);
        doors.Api.MapGet("/reports/blocks", async (Caller caller, Store store, BlockSender block, CancellationToken cancellation) =>
            TypedResults.Json(new { blocks = await block.ListAsync(store, caller, cancellation) }, Json.Options))
            .Needs(ReportPermissions.Act).WithSummary("Senders from whom nothing is taken for now, the latest first: those that the caller may let send again.").GivesExample(new { blocks = new[] { example } });
        doors.Api.MapPost("/reports/blocks/{block:guid}/lift", async (Guid block, Caller caller, BlockSender blocks, Idempotency once, CancellationToken cancellation) =>
            (await blocks.LiftAsync(block, caller, cancellation, once.DoAsync)).Answer())
            .Needs(ReportPermissions.Act).WithSummary("Takes again what a sender sends.").GivesExample(default(Done));
    }

    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    /// <returns>404, 403 for who is not of the holder or the coordinating body, 422 <c>unknownReason</c>, or <c>unknownSender</c> for what the report was not sent from, or is not known any more.</returns>
    public Task<Outcome<Blocked>> RunAsync(string key, BlockRequest request, Acting acting, CancellationToken cancellation, Commit<Blocked>? commit = null) =>
        (commit ?? writer.DoAsync)(acting.Caller.Actor, async unit =>
        {
            if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report || !acting.Sees(report))
            {
                return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
            }
            var coordinator = routing.Current.Map.Rules.CoordinatorBody;
            var who = Hats.Of(acting.Caller, report, false, coordinator, unit.Now);
            if ((who & ShowPart.May) == 0)
            {
                return acting.NotYours;
            }
            var sent = await unit.Store.Set<ReportSender>().AsNoTracking().FirstOrDefaultAsync(sender => sender.ReportId == report.Id, cancellation);
            if (sent?.From.KeyOf(request.By) is not { } sender)
            {
                return Refusal.Invalid("reports.unknownSender", "by");
            }
            if (request.Reason is not { } reason || !ReportFlag.Reasons.Contains(reason))
            {
                return Refusal.Invalid("reports.unknownReason", "reason", string.Join(", ", ReportFlag.Reasons.Order(StringComparer.Ordinal)));
            }
            return Blocked.Of(await BlockAsync(unit, report, sender, reason, Hats.BodyOf(acting.Caller, report, who, coordinator), cancellation), report.Number);
        }, cancellation);

    /// <summary>Blocked already stays as it is.</summary>
    private static async Task<SenderBlock> BlockAsync(Unit unit, Report report, string sender, string reason, string? by, CancellationToken cancellation)
    {
        var block = await unit.Store.Set<SenderBlock>().FirstOrDefaultAsync(one => one.Sender == sender, cancellation);
        if (block?.Until > unit.Now)
        {
            return block;
        }
        var until = unit.Now + Span.ToMicros();
        if (block is null)
        {
            unit.Store.Add(block = new SenderBlock { Id = unit.NextId(), Sender = sender, ReportId = report.Id, Body = by, Reason = reason, At = unit.Now, Until = until });
        }
        else
        {
            (block.ReportId, block.Body, block.Reason, block.At, block.Until) = (report.Id, by, reason, unit.Now, until);
        }
        Note(unit, report, BlockBook.Blocked, reason, by, new Audit(null, Facts(block)));
        return block;
    }

    /// <returns>404 for a block that there is not, or not any more; 403 for who works neither for the body that made it nor for the coordinating one.</returns>
    public Task<Outcome<Done>> LiftAsync(Guid id, Caller caller, CancellationToken cancellation, Commit<Done>? commit = null) => (commit ?? writer.DoAsync)(caller.Actor, async unit =>
    {
        if (await unit.Store.Set<SenderBlock>().FirstOrDefaultAsync(one => one.Id == id && one.Until > unit.Now, cancellation) is not { } block
            || await unit.Store.Set<Report>().FirstOrDefaultAsync(one => one.Id == block.ReportId, cancellation) is not { } report)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownBlock");
        }
        if (!MayLift(caller, block))
        {
            return new Acting(caller, false).NotYours;
        }
        unit.Store.Remove(block);
        Note(unit, report, BlockBook.Lifted, null, block.Body, new Audit(Facts(block), null));
        return default(Done);
    }, cancellation);

    /// <summary>Those that a caller may lift, the latest first.</summary>
    public async Task<IReadOnlyList<Blocked>> ListAsync(Store store, Caller caller, CancellationToken cancellation)
    {
        var now = time.NowMicros();
        var blocks = await store.Set<SenderBlock>().AsNoTracking().Where(one => one.Until > now).OrderByDescending(one => one.At).ThenBy(one => one.Id)
            .Join(store.Set<Report>(), one => one.ReportId, report => report.Id, (block, report) => new { block, report.Number }).ToListAsync(cancellation);
        return [.. blocks.Where(one => MayLift(caller, one.block)).Select(one => Blocked.Of(one.block, one.Number))];
    }

    private bool MayLift(Caller caller, SenderBlock block) =>
        caller.CanAsStaff(ReportPermissions.Act, new Where(block.Body)) || caller.CanAsStaff(ReportPermissions.Act, new Where(routing.Current.Map.Rules.CoordinatorBody));

    private static object Facts(SenderBlock block) => new { block = block.Id, by = block.By, block.Until };

    private static void Note(Unit unit, Report report, string what, string? reason, string? by, Audit audit)
    {
        report.Touch(unit.Now);
        ReportEntry.Add(unit, report, what, reason: reason, isInternal: true, actingBody: by);
        unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), what, reason), report.Holder, audit);
    }
}
