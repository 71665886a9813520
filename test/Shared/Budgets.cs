using System.Text.Json;

namespace Zinneke.Testing;

/// <summary>Bytes that paths which run often may allocate, <c>bench/budgets.json</c>: the same on a noisy machine as on a quiet one, unlike times.</summary>
internal static class Budgets
{
    private static readonly Dictionary<string, long> All = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(Path.Combine(Surroundings.Root, "bench", "budgets.json")))!;

    /// <param name="name">Its name in the file.</param>
    public static void ShouldKeep(this long bytes, string name) => bytes.ShouldBeLessThanOrEqualTo(All[name], name);
}
