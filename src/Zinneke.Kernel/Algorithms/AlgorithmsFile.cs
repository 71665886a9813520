using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Zinneke.Kernel;

/// <summary>
/// The file by which an installation completes and changes its register: <c>{"algorithms":[{"key":"reports.route","contactEmail":"...","revisionDate":"2027-05-01", ...}]}</c>.
/// A field that it does not name stays as it is shipped.
/// </summary>
internal static class AlgorithmsFile
{
    public const string Kind = "algorithms";
    public const int ReviewMonthsMax = 12;

    /// <summary>Members that follow from the others.</summary>
    public static readonly string[] Added = ["lang", "runs", "refusedFor"];

    /// <summary>Checks the whole file; the fields are good only when no fault was added.</summary>
    /// <param name="known">Keys that this program contributes.</param>
    /// <param name="today">The next review lies at most a year ahead of it; null for a file that was checked when it was imported.</param>
    /// <returns>The fields of each entry by its key.</returns>
    public static Dictionary<string, JsonObject> Read(JsonTree file, IReadOnlyCollection<string> known, DateOnly? today, Faults faults)
    {
        var root = new JsonFields(file, faults);
        var entries = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var at in root.Records("algorithms"))
        {
            var key = at.Code("key");
            if (key.Length > 0 && !known.Contains(key))
            {
                at.Fault("key", "one of " + string.Join(", ", known));
            }
            var fields = ReadFields(at);
            if (today?.AddMonths(ReviewMonthsMax) is { } latest && (string?)fields["revisionDate"] is { } review && string.CompareOrdinal(review, Day(latest)) > 0)
            {
                at.Fault("revisionDate", $"a date until {Day(latest)}: the next review is at most {ReviewMonthsMax} months ahead");
            }
            if ((string?)fields["status"] == "retired" && fields["endDate"] is null)
            {
                at.Fault("endDate", "a month such as 2026-07: when it was retired");
            }
            if (!entries.TryAdd(key, fields))
            {
                at.Fault("key", "each algorithm once");
            }
        }
        root.NoOthers();
        return entries;
    }

    /// <summary>The entries as a file that reads back to the same.</summary>
    public static string Write(IReadOnlyDictionary<string, JsonObject> entries) => new JsonObject
    {
        ["algorithms"] = new JsonArray([.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => WithKey(entry.Key, entry.Value))]),
    }.ToJsonString(Json.Options);

    /// <summary>An entry with the name of its algorithm in front.</summary>
    public static JsonObject WithKey(string key, JsonObject fields)
    {
        var entry = new JsonObject { ["key"] = key };
        foreach (var (name, value) in fields)
        {
            entry[name] = value?.DeepClone();
        }
        return entry;
    }

    public static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The fields that a record of the file names. What the API adds to them is passed over, so that its answer can be edited and imported.</summary>
    public static JsonObject ReadFields(JsonFields at)
    {
        var fields = new JsonObject();
        foreach (var field in AlgorithmFields.All.Where(field => !Added.Contains(field.Name)))
        {
            if (field.Spoken)
            {
                if (at.OptionalText(field.Name, Languages.All, field.LengthMax) is { IsEmpty: false } text)
                {
                    fields[field.Name] = JsonSerializer.SerializeToNode(text, Json.Options);
                }
            }
            else if (field.Type == "list")
            {
                if (at.Strings(field.Name) is { Count: > 0 } words)
                {
                    fields[field.Name] = JsonSerializer.SerializeToNode(words, Json.Options);
                }
            }
            else if (at.OptionalString(field.Name, field.LengthMax) is { } word)
            {
                if (Expected(field, word) is { } expected)
                {
                    at.Fault(field.Name, expected);
                    continue;
                }
                fields[field.Name] = word;
            }
        }
        foreach (var added in Added)
        {
            at.Optional(added);
        }
        at.NoOthers();
        return fields;
    }

    /// <exception cref="InvalidOperationException">The shipped entry has a fault.</exception>
    public static JsonObject ReadShipped(string key, Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"algorithm {key}: no resource {resource}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var faults = new Faults();
        var fields = JsonTree.Parse(bytes, faults) is { } tree ? ReadFields(new JsonFields(tree, faults)) : [];
        return faults.None ? fields : throw new InvalidOperationException($"{resource}: {faults.First[0]}");
    }

    /// <summary>What should stand there instead; null when the word fits its type.</summary>
    private static string? Expected(AlgorithmField field, string word) => field.Type switch
    {
        "uuid" => Guid.TryParse(word, out _) ? null : "a UUID",
        "email" => EmailAddress.Read(word).Ok ? null : "an e-mail address",
        "url" => Uri.TryCreate(word, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? null : "an address that begins with https://",
        "date" => DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "a date such as 2026-07-21",
        "month" => DateOnly.TryParseExact(word, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "a month such as 2026-07",
        _ => field.Codes.Count == 0 || field.Codes.Contains(word) ? null : "one of " + string.Join(", ", field.Codes),
    };
}
