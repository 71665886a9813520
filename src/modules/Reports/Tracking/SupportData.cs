using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Which reports an account said "me too" to. Erased, the support counts on, and nobody can tell any more whose it was.</summary>
internal sealed class SupportData(SupportReport support) : PersonalData
{
    public override string Key => "reports.support";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var said = await Of(store, person).AsNoTracking()
            .Join(store.Set<Report>().AsNoTracking(), one => one.ReportId, report => report.Id, (one, report) => new { report.Number, one.At }).OrderByDescending(one => one.At).First(most).ToListAsync(cancellation);
        return [.. said.Select(one => new { report = one.Number, at = Instants.FromMicros(one.At) })];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation)
    {
        var said = await Of(unit.Store, person).ToListAsync(cancellation);
        Anonymise(unit, said);
        return said.Count;
    }

    /// <summary>Kept as long as the account and the report.</summary>
    public override Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => Task.FromResult(0);

    public static void Anonymise(Unit unit, IReadOnlyList<ReportSupport> said)
    {
        unit.Store.RemoveRange(said);
        unit.Store.AddRange(said.Select(one => new ReportSupport { ReportId = one.ReportId, By = unit.NextId().ToString("N"), At = one.At }));
    }

    private IQueryable<ReportSupport> Of(Store store, Person person)
    {
        var by = person.Account is { } account ? support.HashOf(SupportReport.NameOf(new Actor(account))) : null;
        return store.Set<ReportSupport>().Where(one => by != null && one.By == by);
    }
}
