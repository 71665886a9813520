using System.Collections.Frozen;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The whole catalogue of problems: a tree of at most three levels. Immutable.</summary>
public sealed class CategoryTree
{
    public const int LevelsMax = 3;

    private readonly FrozenDictionary<string, Category> byCode;
    private readonly ILookup<string, Category> children;
    private readonly Lazy<CategorySearch> search;

    public CategoryTree(IEnumerable<Category> categories)
    {
        All = [.. categories];
        byCode = All.ToFrozenDictionary(category => category.Code, StringComparer.Ordinal);
        children = All.ToLookup(category => category.Parent ?? "", StringComparer.Ordinal);
        search = new(() => new CategorySearch(this));
    }

    public static CategoryTree Empty { get; } = new([]);

    /// <summary>Every node in the order of the file.</summary>
    public IReadOnlyList<Category> All { get; }

    public IEnumerable<Category> Leaves => All.Where(category => category.Leaf);

    /// <summary>Finds leaves by words.</summary>
    internal CategorySearch Search => search.Value;

    public Category? Find(string code) => byCode.GetValueOrDefault(code);

    public bool Has(string code) => byCode.ContainsKey(code);

    /// <summary>Nodes below one, or of the first level for null.</summary>
    public IEnumerable<Category> ChildrenOf(string? code) => children[code ?? ""];

    /// <summary>From the first level down to the node itself.</summary>
    public IReadOnlyList<Category> PathTo(Category category)
    {
        var path = new List<Category>(LevelsMax) { category };
        while (path[0].Parent is { } parent && byCode.TryGetValue(parent, out var above))
        {
            path.Insert(0, above);
        }
        return path;
    }

    /// <summary>The first-level node above (or the node itself).</summary>
    public Category TopOf(Category category) => PathTo(category)[0];

    /// <summary>Name of the drawing of a category: its own, or that of the nearest node above that has one.</summary>
    public string DrawingOf(Category category) => "category-" + (PathTo(category).LastOrDefault(node => node.Icon is not null)?.Icon ?? TopOf(category).Code);

    /// <summary>The second-level node above (or the node itself): within it two reports can be the same problem.</summary>
    public Category BranchOf(Category category) => PathTo(category) is { Count: > 1 } path ? path[1] : category;

    /// <summary>What this person may report under a code.</summary>
    /// <returns>A leaf, or a refusal with 422 when there is none or it is for professionals only and <paramref name="professional"/> is false.</returns>
    public Outcome<Category> Reportable(string code, bool professional) =>
        Find(code) is { Leaf: true } category && (professional || !category.ProfessionalOnly)
            ? category
            : Refusal.Invalid("reports.unknownCategory", "category", code);
}
