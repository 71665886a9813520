using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What was wrong with a form, in the reader's words: the summary on top and the text at each field say the same.</summary>
public sealed class Problems
{
    private readonly string prefix;

    private Problems(IReadOnlyList<Problem> all, string? form) => (All, prefix) = (all, form is null ? "f-" : $"f-{form}-");

    public static Problems None { get; } = new([], null);

    public IReadOnlyList<Problem> All { get; }

    /// <summary>The texts of a refusal; none for null.</summary>
    /// <param name="form">Sets the ids of this form's fields apart from those of other forms of the page; null when it is the only one with such fields.</param>
    public static Problems Of(Refusal? refusal, Words words, string? form = null) =>
        new([.. refusal?.All().Select(r => new Problem(r.Field, words[r.TextKey, [.. r.Arguments]])) ?? []], form);

    /// <summary>The first problem of a field, or null.</summary>
    public string? For(string field)
    {
        foreach (var problem in All)
        {
            if (problem.Field == field)
            {
                return problem.Says;
            }
        }
        return null;
    }

    /// <summary>The id of the input of a field: letters, digits and hyphens.</summary>
    public string IdOf(string field) => prefix + string.Concat(field.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}

/// <summary>One problem.</summary>
/// <param name="Field">Name of the form field, or null for the whole form.</param>
public sealed record Problem(string? Field, string Says);
