using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The catalogue, bodies and rules of the demonstration city. Who does what is plausible, not verified with anybody.</summary>
internal static class DemoCatalogue
{
    private static readonly Lazy<CategoryTree> LazyCategories = new(() => Read("categories", CategoriesFile.Read));

    private static readonly Lazy<IReadOnlyList<Body>> LazyBodies = new(() => Read("bodies", BodiesFile.Read));

    private static readonly Lazy<RuleSet> LazyRules = new(() => Read("rules", (tree, faults) => RulesFile.Read(tree, Bodies, Categories, faults)));

    public static CategoryTree Categories => LazyCategories.Value;

    public static IReadOnlyList<Body> Bodies => LazyBodies.Value;

    public static RuleSet Rules => LazyRules.Value;

    /// <summary>One of the files as it was written: bodies, categories or rules.</summary>
    public static Stream Open(string name) => CatalogueFiles.OpenShipped($"Demo.{name}");

    private static T Read<T>(string name, Func<JsonTree, Faults, T> read) => CatalogueFiles.ReadShipped($"Demo.{name}", read);
}
