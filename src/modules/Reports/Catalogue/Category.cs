using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>One node of the catalogue of problems. Only a leaf can be reported.</summary>
/// <param name="Code">Stable code, such as <c>road-surface-pothole</c>; rules match it or its beginning up to a <c>-</c>.</param>
/// <param name="Parent">Code of the node above, null at the first level.</param>
/// <param name="Names">In every language of the catalogue.</param>
public sealed record Category(string Code, string? Parent, Text Names, bool Leaf)
{
    public const int DuplicateRadiusDefaultMetres = 50;
    public const int DuplicateDaysDefault = 180;

    /// <summary>Further words to be found by, by language.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Keywords { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Name of a drawing of the page; the one of the node above when null.</summary>
    public string? Icon { get; init; }

    /// <summary>The time within which it should be solved; every leaf has one.</summary>
    public Promise? Promise { get; init; }

    /// <summary>How near another report of the same branch may be the same problem, 10 to 250 metres.</summary>
    public int DuplicateRadiusMetres { get; init; } = DuplicateRadiusDefaultMetres;

    /// <summary>How far apart in time two reports may be and still be the same problem, in days.</summary>
    public int DuplicateDays { get; init; } = DuplicateDaysDefault;

    /// <summary>Reported by staff only; residents never see it.</summary>
    public bool ProfessionalOnly { get; init; }

    /// <summary>What Open311 calls the type of the service.</summary>
    public Open311Type Open311Type { get; init; }

    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>Said above the form.</summary>
    public Text Notice { get; init; } = Text.Empty;

    /// <summary>Said first and loudest: "call 112".</summary>
    public Text Safety { get; init; } = Text.Empty;

    /// <summary>A better place for the same wish, offered before typing; it never blocks.</summary>
    public Deflection? Deflection { get; init; }

    /// <summary>Anonymous reports are refused.</summary>
    public bool NeedsContact { get; init; }

    /// <summary>Words and photos are never public, the point only rounded.</summary>
    public bool Private { get; init; }

    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>Whether a code is that of a branch or lies below it: equal, or beginning with it and a <c>-</c>.</summary>
    internal static bool IsIn(string code, string branch) => code.StartsWith(branch, StringComparison.Ordinal) && (code.Length == branch.Length || code[branch.Length] == '-');
}

public enum Open311Type
{
    Realtime,
    Batch,
    Blackbox,
}

/// <summary>A link offered instead of a report.</summary>
/// <param name="Url">By language, since offices have a page in each.</param>
public sealed record Deflection(Text Words, Text Url);

/// <summary>The time within which a problem should be solved, and who or what overrides it.</summary>
public sealed record Promise(Sla Usual)
{
    public IReadOnlyDictionary<string, Sla> ByBody { get; init; } = new Dictionary<string, Sla>();

    public IReadOnlyDictionary<Priority, Sla> ByPriority { get; init; } = new Dictionary<Priority, Sla>();

    /// <summary>The time that holds: the rule's own, else the priority's, else the body's, else the usual one.</summary>
    public Sla For(string? body, Priority priority, Sla? rule) =>
        rule ?? (ByPriority.TryGetValue(priority, out var urgent) ? urgent : body is not null && ByBody.TryGetValue(body, out var own) ? own : Usual);
}

/// <summary>What a question takes.</summary>
public enum QuestionType
{
    /// <summary>One line.</summary>
    String,
    Number,
    DateTime,

    /// <summary>Several lines.</summary>
    Text,
    SingleValueList,
    MultiValueList,
}

/// <summary>A question of a category; one with <see cref="Asks"/> false is a notice that only informs.</summary>
public sealed record Question(string Code, QuestionType Type, Text Words)
{
    public bool Required { get; init; }

    /// <summary>False for a notice: it takes no answer.</summary>
    public bool Asks { get; init; } = true;

    /// <summary>Place among the category's questions, from 1.</summary>
    public int Order { get; init; } = 1;

    /// <summary>How to answer.</summary>
    public Text Hint { get; init; } = Text.Empty;

    /// <summary>Answers of a list, in their order.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];
}

/// <summary>One answer of a list.</summary>
public sealed record Choice(string Key, Text Words);
