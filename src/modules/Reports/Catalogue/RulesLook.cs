using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>The rules on their settings page: in their order, each condition in words.</summary>
internal sealed class RulesLook(Words words, Dates dates, RoutingMap routing, TimeProvider time) : CatalogueLook(ImportRules.Kinds, "reports.admin.rules", "navigation", 50)
{
    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation)
    {
        var (bodies, tree) = (await BodyMap.ReadAsync(scene.Store, cancellation), await RoutingMap.ReadTreeAsync(scene.Store, cancellation));
        if (await RoutingMap.ReadRulesAsync(scene.Store, bodies, tree, cancellation) is not { } set)
        {
            return null;
        }
        var towns = (await AreaMap.ReadAsync(scene.Store, Area.Municipality, cancellation)).Each(dates.Today).ToList();
        var said = new RuleWords(words, scene.Caller.Language, bodies, tree, towns);
        return CatalogueLooks.Draw<Pages.RulesInForce>(
            ("Rules", set.Rules.Select(rule => new ShownRule(rule, said.Conditions(rule.When), said.Body(rule.Body))).ToList()),
            ("Fallback", said.Body(set.FallbackBody)), ("Coordinator", said.Body(set.CoordinatorBody)), ("ToleranceMetres", set.ToleranceMetres));
    }

    /// <summary>Which reports of the last months would have gone elsewhere.</summary>
    public override async Task<RenderFragment?> DrawEffectAsync(CatalogueScene scene, string text, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        return CatalogueLooks.Draw<Pages.RuleEffects>(("Effect", await CompareRules.RunAsync(scene.Store, map, text, time.NowMicros(), cancellation)), ("Map", map));
    }
}
