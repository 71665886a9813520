using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Keeps in memory who is responsible: areas, bodies, categories and rules in force, made anew when one of them is imported.</summary>
internal sealed class RoutingMap(Settings settings, TimeProvider time) : MemoryFollower
{
    public const string CategoriesKind = "categories";
    public const string RulesKind = "rules";

    private volatile Router? current;

    public override string Name => "reports.routing";

    /// <summary>The router in force.</summary>
    /// <exception cref="InvalidOperationException">Nothing is loaded yet: a request came before the start was complete.</exception>
    public Router Current => current ?? throw new InvalidOperationException("routing is not loaded yet");

    public override async Task LoadAsync(Store store, CancellationToken cancellation) => current = await ReadAsync(store, settings, time, cancellation);

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(e => e.Is<AreaAdded>() || e.Is<AreaChanged>() || e.Is<AreaRemoved>() || e.Is<CatalogueImported>()))
        {
            await LoadAsync(store, cancellation);
        }
    }

    /// <summary>The router as the store has it now. Before anything is imported it knows no category, and gives everything to a body that does not exist.</summary>
    public static async Task<Router> ReadAsync(Store store, Settings settings, TimeProvider time, CancellationToken cancellation)
    {
        var areas = (await AreaMap.ReadAsync(store, cancellation)).All;
        var bodies = await BodyMap.ReadAsync(store, cancellation);
        var tree = await ReadTreeAsync(store, cancellation);
        var rules = await ReadRulesAsync(store, bodies, tree, cancellation) ?? new RuleSet([new Rule("none", 1000, RuleConditions.None, Rule.AreaOwner, Text.Empty)], "", "");
        return new Router(new RoutingSnapshot(areas, bodies, tree, rules, settings.Get(KernelSettings.TimeZone)) { Terms = Terms.Of(settings), Time = time });
    }

    public static async Task<CategoryTree> ReadTreeAsync(Store store, CancellationToken cancellation) =>
        await CatalogueRow.CurrentAsync(store, CategoriesKind, cancellation) is { } row ? Checked(row, CategoriesFile.Read) : CategoryTree.Empty;

    /// <summary>The rules in force; null before any were imported.</summary>
    public static async Task<RuleSet?> ReadRulesAsync(Store store, IReadOnlyCollection<Body> bodies, CategoryTree tree, CancellationToken cancellation) =>
        await CatalogueRow.CurrentAsync(store, RulesKind, cancellation) is { } row ? Checked(row, (file, faults) => RulesFile.Read(file, bodies, tree, faults)) with { Version = row.Edition } : null;

    private static T Checked<T>(CatalogueRow row, Func<JsonTree, Faults, T> read)
    {
        var faults = new Faults();
        var value = read(JsonTree.Parse(Encoding.UTF8.GetBytes(row.Text), faults)!, faults);
        return faults.None ? value : throw new InvalidDataException($"the catalogue {row.Kind} is damaged: {faults.First[0]}");
    }
}
