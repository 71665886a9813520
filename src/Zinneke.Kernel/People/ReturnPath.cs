namespace Zinneke.Kernel;

/// <summary>Where a person goes on afterwards: a path of this site and nothing else, so that no link of ours leads to another site.</summary>
public static class ReturnPath
{
    private const int LengthMax = 2000;
    private static readonly Uri Here = new("http://here.invalid");

    /// <returns>The path when it is one of this site and no longer than 2,000 letters, else <paramref name="otherwise"/>.</returns>
    public static string Of(string? wanted, string otherwise) => wanted is { Length: <= LengthMax } && IsLocal(wanted) ? wanted : otherwise;

    /// <summary>
    /// True for <c>/path?query</c>. Browsers take a backslash for a slash, drop tabs and line ends, and resolve dots, so <c>/\host</c>, <c>/[tab]/host</c> and
    /// <c>/..//host</c> are other sites too.
    /// </summary>
    public static bool IsLocal(string? path) =>
        path is ['/', ..] && !path.Any(letter => letter == '\\' || char.IsControl(letter))
        && !path.StartsWith("//", StringComparison.Ordinal)
        && Uri.TryCreate(Here, path, out var resolved) && resolved.Host == Here.Host && !resolved.AbsolutePath.StartsWith("//", StringComparison.Ordinal);
}
