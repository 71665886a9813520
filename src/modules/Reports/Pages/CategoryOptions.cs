using Zinneke.Ui;

namespace Zinneke.Reports.Pages;

/// <summary>The whole catalogue as a closed list: a group for each node of the first level, which can be chosen itself.</summary>
internal static class CategoryOptions
{
    public static List<Option> Of(CategoryTree tree, string language) =>
    [
        .. tree.ChildrenOf(null).SelectMany(top => tree.All.Where(category => Category.IsIn(category.Code, top.Code))
            .Select(category => new Option(category.Code, Named(tree, category, language)) { Group = top.Names.In(language) })),
    ];

    /// <summary>What is below the second level says so by its branch.</summary>
    private static string Named(CategoryTree tree, Category category, string language) =>
        string.Join(" › ", tree.PathTo(category).Skip(category.Parent is null ? 0 : 1).Select(node => node.Names.In(language)));
}
