namespace Zinneke.Kernel;

/// <summary>One fault of a file or a record that somebody gave us: where it is, what was found and what was expected instead.</summary>
/// <param name="Line">1-based line, or 0 when the fault belongs to the whole file.</param>
/// <param name="Field">Column, JSON path or element; empty for the whole line.</param>
/// <param name="Found">What stands there, shortened to 80 characters.</param>
/// <param name="Expected">What should stand there, in English words.</param>
public sealed record Fault(int Line, string Field, string Found, string Expected)
{
    public override string ToString() => $"line {Line}, {(Field.Length == 0 ? "whole line" : Field)}: found {Found}, expected {Expected}";

    /// <summary>Shortens what was found so that a fault stays one readable line.</summary>
    public static string Shorten(string? found) =>
        found is null ? "nothing" : found.Length <= 80 ? found : string.Concat(found.AsSpan(0, 79), "…");
}

/// <summary>A file or option that cannot be used: ends a verb with exit code 2 and this message.</summary>
public sealed class BadInputException : Exception
{
    public BadInputException(string message) : base(message) { }

    public BadInputException(string message, Exception inner) : base(message, inner) { }

    public BadInputException() { }

    public BadInputException(string file, Fault fault) : base($"{file}: {fault}") => Faults = [fault];

    public BadInputException(string file, IReadOnlyList<Fault> faults) : base($"{file}: {faults[0]}" + (faults.Count > 1 ? $" (and {faults.Count - 1} more)" : "")) =>
        Faults = faults;

    public IReadOnlyList<Fault> Faults { get; } = [];
}
