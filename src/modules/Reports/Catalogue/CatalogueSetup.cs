using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>Registers what can be reported, by which rules it is placed, and how it is answered.</summary>
internal static class CatalogueSetup
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton<AnswerBook>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<AnswerBook>());
        services.AddImport<ImportCategories>(ImportCategories.Kinds);
        services.AddImport<ImportRules>(ImportRules.Kinds);
        services.AddImport<ImportAnswers>(ImportAnswers.Kinds);
        services.AddImport<ImportHolidays>(ImportHolidays.Kinds);
        foreach (var guard in ImportRules.Guards)
        {
            services.AddSingleton(guard);
        }
        services.AddLook<CategoriesLook>();
        services.AddLook<RulesLook>();
        services.AddLook<AnswersLook>();
        services.AddLook<HolidaysLook>();
        services.AddSingleton<EntryForm, CategoryForm>();
        services.AddSingleton<EntryForm, RuleForm>();
        services.AddSingleton<EntryForm, AnswerForm>();
        services.AddSingleton(new RoleBranches(BranchesAsync));
        services.AddSingleton(new AreaUses(RulesOfAsync));
        return services;
    }

    /// <summary>The rules that ask for an area.</summary>
    private static async Task<IReadOnlyList<AreaUse>> RulesOfAsync(Store store, string area, CancellationToken cancellation)
    {
        var (bodies, tree) = (await BodyMap.ReadAsync(store, cancellation), await RoutingMap.ReadTreeAsync(store, cancellation));
        var rules = await RoutingMap.ReadRulesAsync(store, bodies, tree, cancellation);
        return [.. (rules?.Rules ?? []).Where(rule => rule.When.Areas.Contains(area)).Select(rule => new AreaUse(RoutingMap.RulesKind, rule.Id, rule.Explain))];
    }

    /// <summary>A role is limited to branches of the first two levels: finer would be one role for each leaf.</summary>
    private static async Task<IReadOnlyList<(string Code, Text Name)>> BranchesAsync(Store store, CancellationToken cancellation)
    {
        var tree = await RoutingMap.ReadTreeAsync(store, cancellation);
        return [.. tree.ChildrenOf(null).SelectMany(top => tree.ChildrenOf(top.Code).Prepend(top)).Select(category => (category.Code, Path(tree.PathTo(category))))];
    }

    private static Text Path(IReadOnlyList<Category> path) => new(Languages.All.Select(language => KeyValuePair.Create(language, string.Join(" › ", path.Select(category => category.Names.In(language))))));
}
