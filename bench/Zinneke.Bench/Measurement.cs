namespace Zinneke.Bench;

/// <summary>A measurement of the program, by name.</summary>
/// <param name="Help">What it measures, one line.</param>
/// <param name="Options">Names and defaults.</param>
/// <param name="Run">Measures, and throws when an answer is wrong.</param>
internal sealed record Measurement(string Name, string Help, IReadOnlyDictionary<string, string> Options, Func<IReadOnlyDictionary<string, string>, Task<Findings>> Run)
{
    /// <summary>Options as typed, with the defaults of the others; false when one is unknown or has no value.</summary>
    public bool TryRead(string[] typed, out IReadOnlyDictionary<string, string> options)
    {
        var values = new Dictionary<string, string>(Options, StringComparer.Ordinal);
        for (var i = 0; i < typed.Length; i += 2)
        {
            if (i + 1 == typed.Length || !typed[i].StartsWith("--", StringComparison.Ordinal) || !values.ContainsKey(typed[i][2..]))
            {
                options = values;
                return false;
            }
            values[typed[i][2..]] = typed[i + 1];
        }
        options = values;
        return true;
    }
}

/// <summary>One figure.</summary>
/// <param name="Goal">What the specification asks of a quiet machine of two current cores.</param>
internal sealed record Figure(string Name, double Value, string Unit, string? Goal = null);

/// <summary>What was found.</summary>
/// <param name="What">What was measured, on which data.</param>
/// <param name="Checked">How the answers were checked before.</param>
/// <param name="Compared">What the figures are to be set beside.</param>
internal sealed record Findings(string What, string Checked, string Compared, IReadOnlyList<Figure> Figures)
{
    /// <summary>What is printed on standard output, where a specification gives it a shape; null for the figures.</summary>
    public object? Printed { get; init; }
}
