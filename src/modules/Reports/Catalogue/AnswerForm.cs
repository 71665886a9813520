using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>One ready answer by form.</summary>
internal sealed class AnswerForm() : EntryForm(ImportAnswers.Kinds, "answers", "id", "reports.admin.answers", "reports.refusal.answer")
{
    public override bool CanRemove => true;

    public override Typed Read(JsonObject record)
    {
        var typed = new Typed();
        foreach (var member in (string[])["id", "branch", "action", "reason"])
        {
            typed[member] = record[member].Words();
        }
        typed.ReadWords(record, "words");
        return typed;
    }

    public override void Write(JsonObject record, Typed typed, Caller caller)
    {
        if (record["id"] is null)
        {
            record["id"] = typed["id"];
        }
        foreach (var member in (string[])["branch", "action", "reason"])
        {
            record.Put(member, typed[member]);
        }
        record.WriteWords("words", typed);
    }

    public override async Task<RenderFragment> DrawAsync(EntryScene scene, CancellationToken cancellation) =>
        CatalogueLooks.Draw<Pages.AnswerFields>(("Typed", scene.Typed), ("IsNew", scene.Id is null), ("Tree", await RoutingMap.ReadTreeAsync(scene.Store, cancellation)));
}
