using System.Globalization;
using System.Text.Json;

namespace Zinneke.Reports;

/// <summary>Sentences that people could have written, by the category they speak of and by language. Nobody wrote them.</summary>
internal static class Phrases
{
    private const double ShareGeneral = 0.1;

    private static readonly Dictionary<string, Dictionary<string, string[]>> ByCode = Read();

    /// <summary>A sentence of the category, or of the nearest node above that has one in the language.</summary>
    public static string Of(string category, string language, Random chance)
    {
        var code = chance.NextDouble() < ShareGeneral ? "*" : category;
        string[]? sentences;
        while (!(ByCode.TryGetValue(code, out var languages) && languages.TryGetValue(language, out sentences)))
        {
            code = code.LastIndexOf('-') is > 0 and var end ? code[..end] : "*";
        }
        return sentences[chance.Next(sentences.Length)]
            .Replace("{n}", (1 + chance.Next(220)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{d}", (2 + chance.Next(12)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static Dictionary<string, Dictionary<string, string[]>> Read()
    {
        using var stream = typeof(Phrases).Assembly.GetManifestResourceStream("Zinneke.Reports.History.phrases.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string[]>>>(stream)!;
    }
}
