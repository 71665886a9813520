using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What was wrong with a form, in the reader's words: the summary on top and the text at each field say the same.</summary>
public sealed class Problems
{
    private Problems(IReadOnlyList<Problem> all) => All = all;

    public static Problems None { get; } = new([]);

    public IReadOnlyList<Problem> All { get; }

    /// <summary>The texts of a refusal; <see cref="None"/> for null.</summary>
    public static Problems Of(Refusal? refusal, Words words) =>
        refusal is null ? None : new([.. refusal.All().Select(r => new Problem(r.Field, words[r.TextKey, [.. r.Arguments]]))]);

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
    public static string IdOf(string field) => "f-" + string.Concat(field.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}

/// <summary>One problem.</summary>
/// <param name="Field">Name of the form field, or null for the whole form.</param>
public sealed record Problem(string? Field, string Says);
