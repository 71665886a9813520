using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Whether a point lies in a municipality.</summary>
public enum Outside
{
    No,

    /// <summary>At most 200 m from the nearest, which is taken.</summary>
    Near,

    /// <summary>In none.</summary>
    Far,
}

/// <summary>Why a rule did not hold.</summary>
public enum RuleFailure : byte
{
    None,
    Categories,
    Answers,
    Areas,
    ValidFrom,
    ValidTo,
    Hours,
    Layer,
    Owner,
}

/// <summary>One rule that was looked at.</summary>
/// <param name="Failed">None when it matched.</param>
public readonly record struct RuleStep(Rule Rule, RuleFailure Failed);

/// <summary>Why a body is an alternative.</summary>
public enum AlternativeReason
{
    /// <summary>It would have it if the point lay on the other side of a boundary.</summary>
    Boundary,

    /// <summary>A later rule names it.</summary>
    Rule,
}

/// <summary>Another body that may be responsible.</summary>
/// <param name="DistanceMetres">How far the boundary is; null for a later rule.</param>
public sealed record Alternative(string Body, AlternativeReason Reason, double? DistanceMetres);

/// <summary>On which side of what a point would have to lie.</summary>
public enum Side
{
    /// <summary>Where the point is.</summary>
    Here,

    /// <summary>In another municipality.</summary>
    InMunicipality,

    /// <summary>On a road, in a park: on the feature.</summary>
    On,

    /// <summary>Beside the feature that the point lies on.</summary>
    Beside,
}

/// <summary>One answer to the question at a boundary.</summary>
/// <param name="Names">Of the municipality or feature that <paramref name="Side"/> speaks of.</param>
/// <param name="Point">A point five metres inside that side, to be shown on the map.</param>
public sealed record SideOption(string Body, Side Side, Text Names, LonLat Point)
{
    internal Rule? Rule { get; init; }

    internal string? Area { get; init; }
}

/// <summary>Who said which body it is.</summary>
public enum DecidedBy
{
    /// <summary>The rules, as the register of algorithms allows.</summary>
    Rule,

    /// <summary>Nobody yet: the register did not allow it, so people of the coordinating body will.</summary>
    Person,
}

/// <summary>Who is responsible, how sure that is, and why.</summary>
public sealed record Route
{
    /// <summary>How sure it is once somebody has said on which side the problem lies.</summary>
    public const double AnsweredConfidence = 0.95;

    /// <summary>Id of the body.</summary>
    public required string Body { get; init; }

    /// <summary>The municipality it was routed in; null when the point lies far outside, or nothing is known of the place.</summary>
    public string? Area { get; init; }

    /// <summary>The rule that named the body; null when nothing is known of the place.</summary>
    public Rule? Rule { get; init; }

    public Outside Outside { get; init; }

    /// <summary>0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>At most three, nearest boundary first, then later rules.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; init; } = [];

    /// <summary>What to ask at a boundary: the body chosen first, then the others; empty when there is nothing to ask. "I don't know" is always an answer too.</summary>
    public IReadOnlyList<SideOption> Question { get; init; } = [];

    /// <summary>Each rule that was looked at, until the first that matched.</summary>
    public IReadOnlyList<RuleStep> Trace { get; init; } = [];

    /// <summary>Version of the rules.</summary>
    public long RuleSet { get; init; }

    /// <summary>Null for a route that was only tried out.</summary>
    public DecidedBy? By { get; init; }

    /// <summary>At a boundary, and nobody has said on which side.</summary>
    public bool Uncertain => Question.Count > 0;

    /// <summary>Takes the answer to the question, the id of a body; null for "I don't know", which changes nothing.</summary>
    /// <returns>The route with the body that was said, or 422 <c>unknownSide</c> when that was no answer to the question.</returns>
    public Outcome<Route> Answered(string? body)
    {
        if (body is null)
        {
            return this;
        }
        if (Question.FirstOrDefault(option => option.Body == body) is not { } side)
        {
            return Refusal.Invalid("reports.unknownSide", "sideAnswer", body);
        }
        var others = Alternatives.Where(alternative => alternative.Body != body).ToList();
        if (body != Body)
        {
            var distance = Alternatives.First(alternative => alternative.Body == body).DistanceMetres;
            others.Insert(0, new Alternative(Body, AlternativeReason.Boundary, distance));
        }
        return this with { Body = body, Area = side.Area, Rule = side.Rule, Confidence = AnsweredConfidence, Alternatives = others, Question = [] };
    }
}
