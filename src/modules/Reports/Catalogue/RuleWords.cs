using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A rule with its condition and its body in the reader's words.</summary>
public sealed record ShownRule(Rule Rule, IReadOnlyList<string> Conditions, string Body);

/// <summary>Says the conditions of rules in words.</summary>
internal sealed class RuleWords(Words words, string language, IReadOnlyList<Body> bodies, CategoryTree tree, IReadOnlyList<Area> towns)
{
    /// <summary>One sentence for each condition; all must hold. "Always" when there is none.</summary>
    public IReadOnlyList<string> Conditions(RuleConditions when)
    {
        var said = new List<string>();
        if (when.Categories.Count > 0)
        {
            said.Add(words["reports.rule.categories", string.Join(", ", when.Categories.Select(Category))]);
        }
        if (when.Layer is { } layer)
        {
            said.Add(when.Owner is { } owner ? words["reports.rule.layerOf", Layer(layer), Body(owner)] : words["reports.rule.layer", Layer(layer)]);
        }
        if (when.Areas.Count > 0)
        {
            said.Add(words["reports.rule.areas", string.Join(", ", when.Areas.Select(id => towns.FirstOrDefault(area => area.Id == id)?.Names.In(language) ?? id))]);
        }
        said.AddRange(when.Answers.Select(answer => Answer(answer.Key, answer.Value)));
        if (when.Hours is { } hours)
        {
            said.Add(words["reports.rule.hours", Time(hours.From), Time(hours.To), hours.Days.Count == 0 ? words["reports.rule.everyDay"] : string.Join(", ", hours.Days.Select(CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName))]);
        }
        if (when.ValidFrom is { } from)
        {
            said.Add(words["reports.rule.validFrom", from.ToString("d", CultureInfo.CurrentCulture)]);
        }
        if (when.ValidTo is { } to)
        {
            said.Add(words["reports.rule.validTo", to.ToString("d", CultureInfo.CurrentCulture)]);
        }
        return said.Count > 0 ? said : [words["reports.rule.always"]];
    }

    /// <summary>Who gets it.</summary>
    public string Body(string body) => body switch
    {
        Rule.AreaOwner => words["reports.rule.areaOwner"],
        Rule.LayerOwner => words["reports.rule.layerOwner"],
        _ => bodies.FirstOrDefault(known => known.Id == body)?.Names.In(language) ?? body,
    };

    private string Category(string code) => tree.Find(code)?.Names.In(language) ?? code;

    private string Layer(string layer) => words.Find("reports.rule.layer." + layer) ?? layer;

    private string Answer(string code, IReadOnlyList<string> values)
    {
        var question = tree.Leaves.SelectMany(leaf => leaf.Questions).FirstOrDefault(asked => asked.Code == code);
        return words["reports.rule.answer", question?.Words.In(language) ?? code, string.Join(", ", values.Select(value => question?.Choices.FirstOrDefault(choice => choice.Key == value)?.Words.In(language) ?? value))];
    }

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
