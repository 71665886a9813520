namespace Zinneke.Kernel;

/// <summary>What a digest is about: one thing, or several as one, so that all of them can be stopped at one go (RFC 8058).</summary>
internal static class DigestSubject
{
    private const string Several = "kernel.mail.several";

    /// <returns>Null when it is about nothing.</returns>
    public static Subject? Of(IReadOnlyList<Subject> things) => things.Count switch
    {
        0 => null,
        1 => things[0],
        _ => new Subject(Several, string.Join('\n', things)),
    };

    /// <summary>The things, of which there is at least one.</summary>
    public static IReadOnlyList<Subject> ThingsOf(Subject about) => about.Kind == Several
        ? [.. about.Id.Split('\n').Select(thing => thing.Split(':', 2)).Select(parts => new Subject(parts[0], parts[1]))]
        : [about];
}
