using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>The texts of the installation's own on their settings page, and a search through those of the program.</summary>
internal sealed class TextsLook(Words words) : CatalogueLook(ImportTexts.Kinds, "ui.admin.texts", "languages", 70)
{
    private const int FoundMax = 40;

    public override async Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation)
    {
        var own = await OwnTexts.ReadAsync(scene.Store, cancellation);
        var sought = ((string?)scene.Request.Query["q"])?.Trim();
        return CatalogueLooks.Draw<TextsInForce>(("Own", own), ("Sought", sought), ("Found", string.IsNullOrEmpty(sought) ? null : Find(sought)));
    }

    /// <summary>Texts in the reader's language, as they are shown now, that hold all the words.</summary>
    private List<(string Key, string Said)> Find(string sought)
    {
        var folded = Folding.Fold(sought);
        return [.. words.Keys.Select(key => (Key: key, Said: words[key]))
            .Where(text => text.Key.Contains(sought, StringComparison.OrdinalIgnoreCase) || Folding.Fold(text.Said).Contains(folded, StringComparison.Ordinal)).Take(FoundMax + 1)];
    }
}

/// <summary>One text of the installation's own by form.</summary>
internal sealed class TextForm(Words words) : EntryForm(ImportTexts.Kinds, "texts", "key", "ui.admin.texts", "ui.refusal.ownText")
{
    public override bool CanRemove => true;

    /// <summary>The words of the program are where somebody begins who changes them.</summary>
    public override JsonObject Begin(IQueryCollection asked) =>
        asked["key"].ToString() is { Length: > 0 } key && words.Shipped(Languages.All[0], key) is not null
            ? new() { ["key"] = key, ["words"] = new JsonObject(Languages.All.Select(language => KeyValuePair.Create(language, (JsonNode?)words.Shipped(language, key)))) }
            : [];

    public override Typed Read(JsonObject record)
    {
        var typed = new Typed { ["key"] = record["key"].Words() };
        typed.ReadWords(record, "words");
        return typed;
    }

    public override void Write(JsonObject record, Typed typed, Caller caller)
    {
        if (record["key"] is null)
        {
            record["key"] = typed["key"];
        }
        record.WriteWords("words", typed);
    }

    public override Task<RenderFragment> DrawAsync(EntryScene scene, CancellationToken cancellation) =>
        Task.FromResult(CatalogueLooks.Draw<TextFields>(("Typed", scene.Typed), ("IsNew", scene.Id is null), ("Key", scene.Id ?? scene.Typed["key"])));
}
