using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Keeps the ready answers in memory: those imported, or the shipped ones until there are any.</summary>
internal sealed class AnswerBook : MemoryFollower
{
    private volatile IReadOnlyList<CannedAnswer> answers = CannedAnswersFile.Shipped;

    public override string Name => "reports.answers";

    public IReadOnlyList<CannedAnswer> All => answers;

    /// <summary>Those for a category, the nearest branch first.</summary>
    public IReadOnlyList<CannedAnswer> For(string category) => [.. answers.Where(a => a.IsFor(category)).OrderByDescending(a => a.Branch?.Length ?? 0)];

    public override async Task LoadAsync(Store store, CancellationToken cancellation) => answers = await ReadAsync(store, cancellation);

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(e => e.Is<CatalogueImported>() && e.Read<CatalogueImported>().Kind is CannedAnswer.Kind or RoutingMap.CategoriesKind))
        {
            await LoadAsync(store, cancellation);
        }
    }

    /// <summary>Those imported; else the shipped ones whose branch the catalogue in force has.</summary>
    public static async Task<IReadOnlyList<CannedAnswer>> ReadAsync(Store store, CancellationToken cancellation)
    {
        if (await CatalogueRow.CurrentAsync(store, CannedAnswer.Kind, cancellation) is { } row)
        {
            return CannedAnswersFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(row.Text), new Faults())!, null, new Faults());
        }
        var tree = await RoutingMap.ReadTreeAsync(store, cancellation);
        return [.. CannedAnswersFile.Shipped.Where(a => a.Branch is null || tree.Has(a.Branch))];
    }
}
