using System.Globalization;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The rule file: <c>{"fallbackBody","coordinatorBody","toleranceM","rules":[{"id","order","when":{...},"body","confidence","explain"}]}</c>. What is written can be read back to the same state.</summary>
internal static class RulesFile
{
    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>Kinds of areas that a rule can ask for.</summary>
    public static readonly string[] Layers = ["region", "road", "park", "water", "railway", "zone"];

    /// <summary>Checks the whole file against the bodies and the catalogue. The rules are good only when no fault was added.</summary>
    public static RuleSet Read(JsonTree file, IReadOnlyCollection<Body> bodies, CategoryTree categories, Faults faults)
    {
        var root = new JsonFields(file, faults);
        var known = bodies.Select(body => body.Id).ToHashSet(StringComparer.Ordinal);
        var rules = new List<(Rule Rule, JsonFields At)>();
        foreach (var at in root.Records("rules"))
        {
            rules.Add((ReadRule(at, known, categories), at));
            at.NoOthers();
        }
        var set = new RuleSet(
            [.. rules.OrderBy(item => item.Rule.Order).Select(item => item.Rule)],
            root.Code("fallbackBody"),
            root.Code("coordinatorBody"),
            root.Number("toleranceM", 1, 50, RuleSet.ToleranceDefaultMetres));
        root.NoOthers();
        foreach (var (name, body) in new[] { ("fallbackBody", set.FallbackBody), ("coordinatorBody", set.CoordinatorBody) })
        {
            if (body.Length > 0 && !bodies.Any(known => known.Id == body && known.Active))
            {
                root.Fault(name, "an active body");
            }
        }
        if (set.Rules.Count == 0 || !set.Rules[^1].When.AreNone)
        {
            root.Fault("rules", "a last rule without conditions, so that there is always an answer");
        }
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (rule, at) in rules.Where(item => item.Rule.Id.Length > 0 && !ids.Add(item.Rule.Id)))
        {
            at.Fault("id", "each rule once");
        }
        return set;
    }

    public static void Write(Utf8JsonWriter writer, RuleSet set)
    {
        writer.WriteStartObject();
        writer.WriteString("fallbackBody", set.FallbackBody);
        writer.WriteString("coordinatorBody", set.CoordinatorBody);
        writer.WriteNumber("toleranceM", set.ToleranceMetres);
        writer.WriteList("rules", set.Rules, WriteRule);
        writer.WriteEndObject();
    }

    /// <summary>One rule as an object of the file.</summary>
    public static void WriteRule(Utf8JsonWriter writer, Rule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("id", rule.Id);
        writer.WriteNumber("order", rule.Order);
        WriteConditions(writer, rule.When);
        writer.WriteString("body", rule.Body);
        if (rule.Confidence != 1)
        {
            writer.WriteNumber("confidence", rule.Confidence);
        }
        if (rule.Sla is { } sla)
        {
            writer.WriteStartObject("sla");
            CategoriesFile.WriteSla(writer, sla);
            writer.WriteEndObject();
        }
        writer.Write("explain", rule.Explain);
        writer.WriteEndObject();
    }

    private static Rule ReadRule(JsonFields at, HashSet<string> bodies, CategoryTree categories)
    {
        at.Required("when", "an object of conditions, {} for none");
        var when = at.Record("when") is { } conditions ? ReadConditions(conditions, bodies, categories) : RuleConditions.None;
        var sla = at.Record("sla");
        var rule = new Rule(at.Code("id"), at.Int("order", 0, int.MaxValue), when, at.Code("body"), at.Text("explain", Languages.All))
        {
            Confidence = at.Number("confidence", 0, 1, 1),
            Sla = sla is null ? null : CategoriesFile.ReadSla(sla),
        };
        sla?.NoOthers();
        if (rule.Body.Length > 0 && rule.Body is not (Rule.AreaOwner or Rule.LayerOwner) && !bodies.Contains(rule.Body))
        {
            at.Fault("body", $"a known body, {Rule.AreaOwner} or {Rule.LayerOwner}");
        }
        if (rule is { Body: Rule.LayerOwner, When.Layer: null })
        {
            at.Fault("body", $"when.layer with {Rule.LayerOwner}");
        }
        return rule;
    }

    private static RuleConditions ReadConditions(JsonFields at, HashSet<string> bodies, CategoryTree categories)
    {
        var when = new RuleConditions
        {
            Categories = at.Codes("categories"),
            Layer = at.OptionalCode("layer"),
            Owner = at.OptionalCode("owner"),
            Areas = at.Codes("areas"),
            Answers = at.Record("answers") is { } answers ? ReadAnswers(answers, categories) : RuleConditions.None.Answers,
            Hours = at.Record("hours") is { } hours ? ReadHours(hours) : null,
            ValidFrom = at.Date("validFrom"),
            ValidTo = at.Date("validTo"),
        };
        at.NoOthers();
        if (when.Categories.FirstOrDefault(code => !categories.Has(code)) is { } unknown)
        {
            at.Fault("categories", $"codes of the catalogue, not {unknown}");
        }
        if (when.Layer is { } layer && !Layers.Contains(layer))
        {
            at.Fault("layer", "one of " + string.Join(", ", Layers));
        }
        if (when.Owner is { } owner && (when.Layer is null || !bodies.Contains(owner)))
        {
            at.Fault("owner", when.Layer is null ? "a layer beside it" : "a known body");
        }
        if (when.ValidTo < when.ValidFrom)
        {
            at.Fault("validTo", "a date not before validFrom");
        }
        return when;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadAnswers(JsonFields at, CategoryTree categories)
    {
        var answers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (code, _) in at.Entries())
        {
            answers[code] = at.Codes(code);
            var choices = categories.Leaves.SelectMany(leaf => leaf.Questions).Where(question => question.Code == code).SelectMany(question => question.Choices)
                .Select(choice => choice.Key).ToHashSet(StringComparer.Ordinal);
            if (answers[code].Count == 0 || !answers[code].All(choices.Contains))
            {
                at.Fault(code, choices.Count == 0 ? "a question of the catalogue with a list of answers" : "some of " + string.Join(", ", choices));
            }
        }
        return answers;
    }

    private static RuleHours ReadHours(JsonFields at)
    {
        var days = at.Strings("days");
        if (days.Any(day => !Days.Contains(day)))
        {
            at.Fault("days", "days of the week: " + string.Join(", ", Days));
        }
        var hours = new RuleHours(ReadTime(at, "from"), ReadTime(at, "to"), [.. days.Distinct().Where(day => Days.Contains(day)).Select(day => (DayOfWeek)Array.IndexOf(Days, day))]);
        at.NoOthers();
        return hours;
    }

    private static TimeOnly ReadTime(JsonFields at, string name)
    {
        if (!TimeOnly.TryParseExact(at.String(name, 5), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            at.Fault(name, "a local time such as 07:30");
        }
        return time;
    }

    private static void WriteConditions(Utf8JsonWriter writer, RuleConditions when)
    {
        writer.WriteStartObject("when");
        writer.Write("categories", when.Categories);
        writer.WriteIf("layer", when.Layer);
        writer.WriteIf("owner", when.Owner);
        writer.Write("areas", when.Areas);
        if (when.Answers.Count > 0)
        {
            writer.WriteStartObject("answers");
            foreach (var (code, values) in when.Answers)
            {
                writer.Write(code, values);
            }
            writer.WriteEndObject();
        }
        if (when.Hours is { } hours)
        {
            writer.WriteStartObject("hours");
            writer.WriteString("from", hours.From.ToString("HH:mm", CultureInfo.InvariantCulture));
            writer.WriteString("to", hours.To.ToString("HH:mm", CultureInfo.InvariantCulture));
            writer.Write("days", [.. hours.Days.Select(day => Days[(int)day])]);
            writer.WriteEndObject();
        }
        writer.WriteIf("validFrom", when.ValidFrom);
        writer.WriteIf("validTo", when.ValidTo);
        writer.WriteEndObject();
    }
}
