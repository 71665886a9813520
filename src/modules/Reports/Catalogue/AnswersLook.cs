using Microsoft.AspNetCore.Components;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>Ready answers on their settings page, by action.</summary>
internal sealed class AnswersLook() : CatalogueLook(ImportAnswers.Kinds, "reports.admin.answers", "message-square", 60)
{
    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation) => CatalogueLooks.Draw<Pages.AnswersInForce>(
        ("Answers", await AnswerBook.ReadAsync(scene.Store, cancellation)), ("Tree", await RoutingMap.ReadTreeAsync(scene.Store, cancellation)));
}
