namespace Zinneke.Kernel;

/// <summary>What a digest is about: one thing, or several as one, so that all of them can be stopped at one go (RFC 8058).</summary>
internal static class DigestSubject
{
    /// <summary>Of more the link would be longer than a header may be; the next digest names the others.</summary>
    private const int ThingsMax = 12;
    private const string Several = "kernel.mail.several";

    /// <returns>Null when it is about nothing.</returns>
    public static Subject? Of(IReadOnlyList<Subject> things) => things.Count switch
    {
        0 => null,
        1 => things[0],
        _ => new Subject(Several, string.Join('\n', things.Take(ThingsMax))),
    };

    /// <summary>The things, of which there is at least one.</summary>
    public static IReadOnlyList<Subject> ThingsOf(Subject about) => about.Kind == Several
        ? [.. about.Id.Split('\n').Select(thing => thing.Split(':', 2)).Select(parts => new Subject(parts[0], parts[1]))]
        : [about];
}
