using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What offices and reporters of the demonstration say with an action, in four languages.</summary>
internal static class DemoAnswers
{
    private static readonly Lazy<Dictionary<string, Text[]>> ByKey = new(Read);

    /// <summary>One of the answers under a key such as <c>resolve-road</c>, else of its general form <c>resolve-*</c>.</summary>
    public static Text Of(string action, string about, Random chance)
    {
        var answers = ByKey.Value.GetValueOrDefault($"{action}-{about}") ?? ByKey.Value.GetValueOrDefault($"{action}-*") ?? ByKey.Value[action];
        return answers[chance.Next(answers.Length)];
    }

    private static Dictionary<string, Text[]> Read()
    {
        using var stream = typeof(DemoAnswers).Assembly.GetManifestResourceStream("Zinneke.Reports.Demo.answers.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Text[]>>(stream, Json.Options)!;
    }
}
