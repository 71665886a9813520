namespace Zinneke.Reports;

/// <summary>Which rule holds, and the body that it names.</summary>
internal sealed partial class Router
{
    /// <summary>The first rule from one on whose conditions all hold, and the body it names; -1 when there is none.</summary>
    private int FirstMatch(in Situation situation, ReadOnlySpan<int> features, int from, out int body)
    {
        for (var rule = from; rule < map.BodyOfRule.Length; rule++)
        {
            if (Check(rule, situation, features) == RuleFailure.None)
            {
                body = BodyOf(rule, situation, features);
                return rule;
            }
        }
        body = map.Fallback;
        return -1;
    }

    private int BodyOf(int rule, in Situation situation, ReadOnlySpan<int> features)
    {
        if (map.BodyOfRule[rule] >= 0)
        {
            return map.BodyOfRule[rule];
        }
        if (map.Rules.Rules[rule].Body == Rule.AreaOwner)
        {
            return situation.Home >= 0 ? map.OwnerOfMunicipality[situation.Home] : map.Fallback;
        }
        var when = map.Rules.Rules[rule].When;
        return map.OwnerOfFeature[FeatureFor(when.Layer!, when.Owner, features)];
    }

    /// <summary>The first containing feature of a kind and owner, or -1.</summary>
    private int FeatureFor(string kind, string? owner, ReadOnlySpan<int> features)
    {
        foreach (var feature in features)
        {
            var area = map.Features[feature];
            if (area.Kind == kind && (owner is null || area.Owner == owner))
            {
                return feature;
            }
        }
        return -1;
    }

    private RuleFailure Check(int index, in Situation situation, ReadOnlySpan<int> features)
    {
        if (!situation.RulesOfCategory[index])
        {
            return RuleFailure.Categories;
        }
        var when = map.Rules.Rules[index].When;
        if (when.AreNone)
        {
            return RuleFailure.None;
        }
        if (!AnswersHold(map.AnswersOfRule[index], situation.Answers))
        {
            return RuleFailure.Answers;
        }
        if (map.HomesOfRule[index] is { } homes && !(situation.Home >= 0 && homes[situation.Home]))
        {
            return RuleFailure.Areas;
        }
        if (situation.Date < when.ValidFrom)
        {
            return RuleFailure.ValidFrom;
        }
        if (situation.Date > when.ValidTo)
        {
            return RuleFailure.ValidTo;
        }
        if (when.Hours is { } hours && !hours.Hold(situation.Date.DayOfWeek, situation.Time))
        {
            return RuleFailure.Hours;
        }
        if (when.Layer is { } layer && FeatureFor(layer, when.Owner, features) < 0)
        {
            return when.Owner is not null && FeatureFor(layer, null, features) >= 0 ? RuleFailure.Owner : RuleFailure.Layer;
        }
        return RuleFailure.None;
    }

    private static bool AnswersHold(KeyValuePair<string, string[]>[] wanted, Answers answers)
    {
        foreach (var (question, values) in wanted)
        {
            var holds = false;
            var given = answers.Of(question);
            for (var i = 0; i < given.Count && !holds; i++)
            {
                holds = Array.IndexOf(values, given[i]) >= 0;
            }
            if (!holds)
            {
                return false;
            }
        }
        return true;
    }
}
