using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What the page of blocked senders shows.</summary>
public sealed record BlocksView(IReadOnlyList<DeskBlock> Blocks, RoutingSnapshot Map);

/// <summary>A block as the desk shows it.</summary>
/// <param name="By"><c>device</c> or <c>address</c>.</param>
/// <param name="Number">Of the report for which it was made.</param>
/// <param name="At">UTC microseconds, as <paramref name="Until"/>.</param>
public sealed record DeskBlock(Guid Id, string By, string Number, string? Body, string Reason, long At, long Until)
{
    internal static DeskBlock Of(Blocked block) => new(block.Id, block.By, block.Report, block.Body, block.Reason, block.At.ToMicros(), block.Until.ToMicros());
}

/// <summary>Who sent a report, as far as staff may act on it.</summary>
/// <param name="Kinds">By what the sender can still be blocked: <c>device</c>, <c>address</c>.</param>
/// <param name="Until">Until when the sender is blocked by each kind, UTC microseconds.</param>
public sealed record DeskSender(IReadOnlyList<string> Kinds, IReadOnlyDictionary<string, long> Until)
{
    /// <summary>Null when nothing is known of it any more.</summary>
    internal static async Task<DeskSender?> OfAsync(Store store, Guid report, long now, CancellationToken cancellation)
    {
        if (await store.Set<ReportSender>().AsNoTracking().FirstOrDefaultAsync(sender => sender.ReportId == report, cancellation) is not { From: { IsKnown: true } from })
        {
            return null;
        }
        List<string> keys = [.. from.Kinds.Select(kind => from.KeyOf(kind)!)];
        var until = await store.Set<SenderBlock>().AsNoTracking().Where(block => keys.Contains(block.Sender) && block.Until > now).ToListAsync(cancellation);
        var blocked = until.ToDictionary(block => block.By, block => block.Until, StringComparer.Ordinal);
        return new DeskSender([.. from.Kinds.Except(blocked.Keys)], blocked);
    }
}

/// <summary><c>/{lang}/desk/reports/blocks</c>: from whom nothing is taken for now, and a button to take it again. A sender is blocked from the page of a report.</summary>
internal sealed class BlockPages(Store store, BlockSender block, OfficerDesk desk, RoutingMap routing, Caller caller)
{
    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/desk/reports/blocks", (BlockPages pages, CancellationToken cancellation) => pages.ShowAsync(cancellation)).Needs(ReportPermissions.Act);
        doors.Pages.MapPost("/desk/reports/blocks", (HttpContext http, BlockPages pages, CancellationToken cancellation) => pages.LiftAsync(http, cancellation)).Needs(ReportPermissions.Act);
        doors.Pages.MapPost("/desk/reports/{number}/blocks", (string number, HttpContext http, BlockPages pages, CancellationToken cancellation) => pages.BlockAsync(number, http, cancellation)).Needs(ReportPermissions.Act);
    }

    private async Task<IResult> ShowAsync(CancellationToken cancellation)
    {
        var view = new BlocksView([.. (await block.ListAsync(store, caller, cancellation)).Select(DeskBlock.Of)], routing.Current.Map);
        return new RazorComponentResult<Pages.BlocksPage>(new Dictionary<string, object?> { ["View"] = view });
    }

    /// <summary>What has been lifted meanwhile, or is over, is not there any more: that is what was asked for.</summary>
    private async Task<IResult> LiftAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var outcome = Guid.TryParse(form["lift"], out var id) ? await block.LiftAsync(id, caller, cancellation) : new Refusal(RefusalKind.NotFound, "reports.unknownBlock");
        return outcome.Refusal is { Kind: not RefusalKind.NotFound } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/desk/reports/blocks");
    }

    private async Task<IResult> BlockAsync(string number, HttpContext http, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var outcome = await block.RunAsync(number, new BlockRequest { By = form["by"], Reason = form["reason"] }, new Acting(caller, false), cancellation);
        if (outcome.Refusal is not { } refusal)
        {
            return new SeeOther($"/{http.Language()}/desk/reports/{number}");
        }
        var typed = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        typed["do"] = BlockBook.Blocked;
        return await desk.ShowAsync(number, typed, refusal.Code == "reports.unknownReason" ? Refusal.Invalid("reports.reasonNeeded", "reason") : refusal, cancellation);
    }
}
