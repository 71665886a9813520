namespace Zinneke.Testing;

/// <summary>
/// The browser of this machine: named by ZINNEKE_TEST_CHROMIUM, else found on the path. <c>./zinneke test</c> installs Debian's.
/// The headless shell comes first: the same Chromium without the windows and menus around the page, which nobody looks at and which cost a quarter of the work.
/// </summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    public static string? Program { get; } = Find();

    public static string? ReasonToSkip { get; } = Surroundings.SkipUnless(Program is not null, "no Chromium (./zinneke test installs one, or set ZINNEKE_TEST_CHROMIUM)");

    /// <summary>Milliseconds after which a test that waits for a browser's answer has failed: some questions have no limit of their own, and one that never ends would end the whole run.</summary>
    public const int LongestTest = 600_000;

    public static string Required => Program ?? throw new InvalidOperationException("Chromium is missing: ./zinneke test installs it, or set ZINNEKE_TEST_CHROMIUM");

    private static string? Find() =>
        Environment.GetEnvironmentVariable("ZINNEKE_TEST_CHROMIUM") is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

/// <summary>A fact that needs a browser: skipped where there is none, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => (Skip, Timeout) = (Chromium.ReasonToSkip, Chromium.LongestTest);
}

/// <summary>A theory that needs a browser: skipped where there is none, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => (Skip, Timeout) = (Chromium.ReasonToSkip, Chromium.LongestTest);
}

/// <summary>A fact that needs a browser and files of the reference data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceBrowserFactAttribute : FactAttribute
{
    public ReferenceBrowserFactAttribute(params string[] needed) => (Skip, Timeout) = (Chromium.ReasonToSkip ?? ReferenceData.ReasonToSkip(needed), Chromium.LongestTest);
}
