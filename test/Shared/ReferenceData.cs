namespace Zinneke.Testing;

/// <summary>
/// Published data that results are compared with. It is not part of the project: it lies in the folder ZINNEKE_REFERENCE, by default ../shared/data beside the checkout.
/// A test that needs it is a <see cref="ReferenceFactAttribute"/> or <see cref="ReferenceTheoryAttribute"/>.
/// </summary>
internal static class ReferenceData
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("ZINNEKE_REFERENCE") is { Length: > 0 } named
        ? Path.GetFullPath(named, Surroundings.Root)
        : Path.GetFullPath("../shared/data", Surroundings.Root);

    public static bool Has(string relative) => Path.Exists(Path.Combine(Folder, relative));

    /// <summary>Full path of a file or folder of the reference data, such as <c>areas/brussels-19.geojson</c>.</summary>
    public static string At(string relative) => Has(relative)
        ? Path.Combine(Folder, relative)
        : throw new FileNotFoundException($"reference data is missing: {relative} in {Folder} (set ZINNEKE_REFERENCE)");

    internal static string? ReasonToSkip(string[] needed) =>
        Array.Find(needed, path => !Has(path)) is { } missing
            ? Surroundings.SkipUnless(false, $"no reference data {missing} in {Folder} (set ZINNEKE_REFERENCE)")
            : null;
}

/// <summary>A fact that needs files of the reference data: skipped where they are missing, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute(params string[] needed) => Skip = ReferenceData.ReasonToSkip(needed);
}

/// <summary>A theory that needs files of the reference data: skipped where they are missing, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceTheoryAttribute : TheoryAttribute
{
    public ReferenceTheoryAttribute(params string[] needed) => Skip = ReferenceData.ReasonToSkip(needed);
}
