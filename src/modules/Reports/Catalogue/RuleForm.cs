using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>One rule of responsibility by form. What is named <c>when.layer</c> in the file is the field <c>when.layer</c>.</summary>
internal sealed class RuleForm(Dates dates) : EntryForm(ImportRules.Kinds, "rules", "id", "reports.admin.rules", "reports.refusal.rule")
{
    public override bool CanRemove => true;

    public override Typed Read(JsonObject record)
    {
        var typed = new Typed();
        foreach (var member in (string[])["id", "order", "body", "confidence"])
        {
            typed[member] = record[member].Words();
        }
        typed["sla.value"] = record["sla"]?["value"].Words();
        typed["sla.unit"] = record["sla"]?["unit"].Words() ?? "workdays";
        typed.ReadWords(record, "explain");
        var when = record["when"] as JsonObject ?? [];
        foreach (var member in (string[])["layer", "owner", "validFrom", "validTo"])
        {
            typed["when." + member] = when[member].Words();
        }
        typed.Set("when.categories", when.Strings("categories"));
        typed.Set("when.areas", when.Strings("areas"));
        typed["when.answers"] = string.Join('\n', (when["answers"] as JsonObject ?? []).Select(answer => $"{answer.Key}={string.Join(", ", (answer.Value as JsonArray ?? []).Select(value => (string?)value))}"));
        var hours = when["hours"] as JsonObject ?? [];
        typed["when.hours.from"] = hours["from"].Words();
        typed["when.hours.to"] = hours["to"].Words();
        typed.Set("when.hours.days", hours.Strings("days"));
        return typed;
    }

    public override void Write(JsonObject record, Typed typed, Caller caller)
    {
        if (record["id"] is null)
        {
            record["id"] = typed["id"];
        }
        record.Put("order", EntryJson.Number(typed["order"]));
        record["when"] = When(typed);
        record.Put("body", typed["body"]);
        record.Put("confidence", EntryJson.Number(typed["confidence"]));
        record.Put("sla", typed["sla.value"] is { } value ? new JsonObject { ["value"] = EntryJson.Number(value), ["unit"] = typed["sla.unit"] } : null);
        record.WriteWords("explain", typed);
    }

    public override async Task<RenderFragment> DrawAsync(EntryScene scene, CancellationToken cancellation) => CatalogueLooks.Draw<Pages.RuleFields>(
        ("Typed", scene.Typed), ("IsNew", scene.Id is null), ("Tree", await RoutingMap.ReadTreeAsync(scene.Store, cancellation)), ("Bodies", await BodyMap.ReadAsync(scene.Store, cancellation)),
        ("Areas", (await AreaMap.ReadAsync(scene.Store, Area.Municipality, cancellation)).Each(dates.Today).ToList()));

    public override string FieldOf(string path) => path.StartsWith("when.answers", StringComparison.Ordinal) ? "when.answers" : base.FieldOf(path);

    private static JsonObject When(Typed typed)
    {
        var when = new JsonObject();
        when.Put("categories", EntryJson.List(typed.All("when.categories")));
        when.Put("layer", typed["when.layer"]);
        when.Put("owner", typed["when.owner"]);
        when.Put("areas", EntryJson.List(typed.All("when.areas")));
        var answers = new JsonObject();
        foreach (var line in (typed["when.answers"] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('=', 2);
            answers[parts[0].Trim()] = EntryJson.List(parts.Length == 2 ? EntryJson.Parts(parts[1]) : []);
        }
        when.Put("answers", answers.Count == 0 ? null : answers);
        if (typed["when.hours.from"] is not null || typed["when.hours.to"] is not null || typed.All("when.hours.days").Count > 0)
        {
            var hours = new JsonObject();
            hours.Put("from", typed["when.hours.from"]);
            hours.Put("to", typed["when.hours.to"]);
            hours.Put("days", EntryJson.List(typed.All("when.hours.days")));
            when["hours"] = hours;
        }
        when.Put("validFrom", typed["when.validFrom"]);
        when.Put("validTo", typed["when.validTo"]);
        return when;
    }
}
