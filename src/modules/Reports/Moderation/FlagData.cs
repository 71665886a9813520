using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>By whom something was flagged, as a hash that only tells one from another: as long as network addresses (<see cref="Periods"/>). Nobody can be found by it, so there is nothing to export.</summary>
internal sealed class FlagData(ForgetFlags forget) : PersonalData
{
    public override string Key => "reports.flags";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<object>>([]);

    public override Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) => Task.FromResult(0);

    public override Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => forget.ForgetAsync(unit, unit.Now, cancellation);
}
