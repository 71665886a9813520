using System.Globalization;
using System.Text.Json.Nodes;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Carries members of a record between its JSON and the fields of a form. What is no number stays as it was typed: the check of the file says what is wrong.</summary>
public static class EntryJson
{
    /// <summary>Words in every language, as fields <c>names.fr</c> ...</summary>
    public static void ReadWords(this Typed typed, JsonObject record, string member, string? field = null)
    {
        foreach (var language in Languages.All)
        {
            typed[$"{field ?? member}.{language}"] = (string?)record[member]?[language] ?? "";
        }
    }

    /// <param name="optional">Left out when no language has words.</param>
    public static void WriteWords(this JsonObject record, string member, Typed typed, bool optional = false, string? field = null)
    {
        var words = new JsonObject();
        foreach (var language in Languages.All)
        {
            if (typed[$"{field ?? member}.{language}"] is { } said)
            {
                words[language] = said;
            }
        }
        record.Put(member, optional && words.Count == 0 ? null : words);
    }

    /// <summary>A number where one was typed; the words themselves where not, to be refused by the check.</summary>
    public static JsonNode? Number(string? typed) =>
        typed is null ? null
        : long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(typed.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : typed;

    public static JsonArray List(IEnumerable<string> values) => [.. values.Select(value => (JsonNode?)value)];

    /// <summary>Words separated by commas or lines.</summary>
    public static IEnumerable<string> Parts(string? typed) => (typed ?? "").Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Sets a member, or takes it out when there is nothing to say.</summary>
    public static void Put(this JsonObject record, string member, JsonNode? value)
    {
        if (value is null or JsonArray { Count: 0 })
        {
            record.Remove(member);
        }
        else
        {
            record[member] = value;
        }
    }

    /// <summary>A member that is only written when it is true.</summary>
    public static void PutIf(this JsonObject record, string member, bool value) => record.Put(member, value ? JsonValue.Create(true) : null);

    public static IEnumerable<string> Strings(this JsonObject record, string member) => (record[member] as JsonArray)?.Select(item => (string?)item).OfType<string>() ?? [];

    /// <summary>A string or number as it is typed.</summary>
    public static string? Words(this JsonNode? value) => value?.ToString();
}
