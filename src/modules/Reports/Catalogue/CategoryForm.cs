using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>One kind of problem by form. Its questions, and times for single bodies, are changed by file.</summary>
internal sealed class CategoryForm() : EntryForm(ImportCategories.Kinds, "categories", "code", "reports.admin.categories", "reports.refusal.category")
{
    private static readonly string[] Flags = ["professionalOnly", "needsContact", "private"];

    public override Text NameOf(JsonObject record) => new((record["names"] as JsonObject ?? []).Select(name => KeyValuePair.Create(name.Key, (string)name.Value!)));

    public override Typed Read(JsonObject record)
    {
        var typed = new Typed
        {
            ["code"] = record["code"].Words(),
            ["parent"] = record["parent"].Words(),
            ["leaf"] = record["leaf"]?.ToJsonString() ?? "true",
            ["icon"] = record["icon"].Words(),
            ["priority"] = record["priority"].Words() ?? "normal",
            ["sla.value"] = record["sla"]?["value"].Words(),
            ["sla.unit"] = record["sla"]?["unit"].Words() ?? "workdays",
            ["duplicate.radiusM"] = record["duplicate"]?["radiusM"].Words() ?? Category.DuplicateRadiusDefaultMetres.ToString(CultureInfo.InvariantCulture),
            ["duplicate.days"] = record["duplicate"]?["days"].Words() ?? Category.DuplicateDaysDefault.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var flag in Flags)
        {
            typed[flag] = record[flag]?.ToJsonString() ?? "false";
        }
        foreach (var words in (string[])["names", "notice", "safety"])
        {
            typed.ReadWords(record, words);
        }
        foreach (var language in Languages.All)
        {
            typed["keywords." + language] = string.Join(", ", (record["keywords"]?[language] as JsonArray ?? []).Select(word => (string?)word));
        }
        var deflection = record["deflection"] as JsonObject ?? [];
        typed.ReadWords(deflection, "text", "deflection.text");
        typed.ReadWords(deflection, "url", "deflection.url");
        return typed;
    }

    public override void Write(JsonObject record, Typed typed, Caller caller)
    {
        if (record["code"] is null)
        {
            record["code"] = typed["code"];
            record["leaf"] = typed.Is("leaf");
        }
        record.Put("parent", typed["parent"]);
        record.WriteWords("names", typed);
        record.Put("icon", typed["icon"]);
        var keywords = new JsonObject();
        foreach (var language in Languages.All)
        {
            keywords.Put(language, EntryJson.List(EntryJson.Parts(typed["keywords." + language])));
        }
        record.Put("keywords", keywords.Count == 0 ? null : keywords);
        if ((bool?)record["leaf"] == true)
        {
            WriteLeaf(record, typed);
        }
    }

    public override async Task<RenderFragment> DrawAsync(EntryScene scene, CancellationToken cancellation)
    {
        var tree = await RoutingMap.ReadTreeAsync(scene.Store, cancellation);
        return CatalogueLooks.Draw<Pages.CategoryFields>(("Typed", scene.Typed), ("IsNew", scene.Id is null), ("Tree", tree), ("Held", scene.Id is { } id ? tree.Find(id) : null));
    }

    public override string FieldOf(string path) => path.StartsWith("keywords", StringComparison.Ordinal) ? base.FieldOf(path) : path;

    private static void WriteLeaf(JsonObject record, Typed typed)
    {
        record["sla"] ??= new JsonObject(); // Times of single bodies and priorities stay in it.
        record["sla"]!.AsObject().Put("value", EntryJson.Number(typed["sla.value"]));
        record["sla"]!.AsObject().Put("unit", typed["sla.unit"]);
        record["duplicate"] = new JsonObject { ["radiusM"] = EntryJson.Number(typed["duplicate.radiusM"]), ["days"] = EntryJson.Number(typed["duplicate.days"]) };
        record["professionalOnly"] = typed.Is("professionalOnly");
        record.PutIf("needsContact", typed.Is("needsContact"));
        record.PutIf("private", typed.Is("private"));
        record.Put("priority", typed["priority"] is "normal" ? null : typed["priority"]);
        record.WriteWords("notice", typed, optional: true);
        record.WriteWords("safety", typed, optional: true);
        var deflection = new JsonObject();
        deflection.WriteWords("text", typed, optional: true, field: "deflection.text");
        deflection.WriteWords("url", typed, optional: true, field: "deflection.url");
        record.Put("deflection", deflection.Count == 0 ? null : deflection);
    }
}
