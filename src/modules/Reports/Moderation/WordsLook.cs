using Microsoft.AspNetCore.Components;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>The list of words on its settings page.</summary>
internal sealed class WordsLook() : CatalogueLook(ImportWords.Kinds, "reports.admin.words", "flag", 65)
{
    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation) =>
        await WordBook.ReadAsync(scene.Store, cancellation) is { Count: > 0 } words ? CatalogueLooks.Draw<Pages.WordsInForce>(("List", words)) : null;
}
