using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What reports were sent from and who is blocked, as hashes that only tell one from another: as long as network addresses. Nobody can be found by them, so there is nothing to export.</summary>
internal sealed class SenderData(ForgetSenders senders, ForgetBlocks blocks) : PersonalData
{
    public override string Key => "reports.senders";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<object>>([]);

    public override Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) => Task.FromResult(0);

    public override async Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => await senders.ForgetAsync(unit, unit.Now, cancellation) + await blocks.ForgetAsync(unit, unit.Now, cancellation);
}
