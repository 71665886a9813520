using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>One rule of who is responsible: when all its conditions hold, it names the body.</summary>
/// <param name="Id">Stable; kept with each report that it routed.</param>
/// <param name="Order">Rules are looked at in ascending order.</param>
/// <param name="Body">Id of a body, or <see cref="AreaOwner"/>, or <see cref="LayerOwner"/>.</param>
/// <param name="Explain">Why, in words for residents.</param>
public sealed record Rule(string Id, int Order, RuleConditions When, string Body, Text Explain)
{
    /// <summary>The body whose areas hold the home area.</summary>
    public const string AreaOwner = "areaOwner";

    /// <summary>The owner of the first containing feature of the rule's layer, in file order.</summary>
    public const string LayerOwner = "layerOwner";

    /// <summary>How sure the rule is by itself, 0 to 1.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>The time within which it should be solved when this rule routed it; null for the category's.</summary>
    public Sla? Sla { get; init; }
}

/// <summary>Conditions of a rule; those that say nothing hold always.</summary>
public sealed record RuleConditions
{
    public static RuleConditions None { get; } = new();

    /// <summary>The category is one of these or lies below one: equal, or beginning with it and a <c>-</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Some feature of this kind contains the point.</summary>
    public string? Layer { get; init; }

    /// <summary>That feature is of this owner.</summary>
    public string? Owner { get; init; }

    /// <summary>The home is one of these areas.</summary>
    public IReadOnlyList<string> Areas { get; init; } = [];

    /// <summary>Each of these questions was answered with one of its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Answers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public RuleHours? Hours { get; init; }

    /// <summary>First local date on which the rule holds.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Last local date on which the rule holds.</summary>
    public DateOnly? ValidTo { get; init; }

    public bool AreNone =>
        Categories.Count == 0 && Layer is null && Owner is null && Areas.Count == 0 && Answers.Count == 0 && Hours is null && ValidFrom is null && ValidTo is null;
}

/// <summary>Local hours of the day, on some days of the week.</summary>
/// <param name="From">Included.</param>
/// <param name="To">Not included; at or before <paramref name="From"/> it means the next day.</param>
/// <param name="Days">Days on which the span begins; every day when empty.</param>
public sealed record RuleHours(TimeOnly From, TimeOnly To, IReadOnlyList<DayOfWeek> Days)
{
    public bool Hold(DayOfWeek day, TimeOnly time)
    {
        bool Begins(DayOfWeek d) => Days.Count == 0 || Days.Contains(d);
        return From < To
            ? Begins(day) && time >= From && time < To
            : (Begins(day) && time >= From) || (Begins((DayOfWeek)(((int)day + 6) % 7)) && time < To);
    }
}

/// <summary>All rules in force together.</summary>
/// <param name="Rules">In ascending order; the last has no conditions.</param>
/// <param name="FallbackBody">Takes what <see cref="Rule.AreaOwner"/> cannot name.</param>
/// <param name="CoordinatorBody">Takes what nobody takes.</param>
/// <param name="ToleranceMetres">How near a boundary is a doubt.</param>
internal sealed record RuleSet(IReadOnlyList<Rule> Rules, string FallbackBody, string CoordinatorBody, double ToleranceMetres = RuleSet.ToleranceDefaultMetres)
{
    public const double ToleranceDefaultMetres = 15;

    /// <summary>Rises with each import that changes something; a report keeps the one it was routed with.</summary>
    public long Version { get; init; } = 1;
}
