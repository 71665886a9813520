namespace Zinneke.Testing;

/// <summary>Where the tests run: the checkout, and whether something missing may be skipped.</summary>
internal static class Surroundings
{
    /// <summary>The folder that holds Zinneke.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>On a build machine (CI=true) nothing is skipped: what is missing there is a failure.</summary>
    public static bool Strict { get; } = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The reason to skip, or null where the test has to run (and then fails with its own words when what it needs is missing).</summary>
    public static string? SkipUnless(bool present, string reason) => present || Strict ? null : reason;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Zinneke.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Zinneke.slnx");
    }
}
