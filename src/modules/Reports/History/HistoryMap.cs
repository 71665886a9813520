using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Where a value of ours stands in the file of another system.</summary>
/// <param name="Theirs">Name of the column there.</param>
/// <param name="Words">Our value for each of theirs, <c>*</c> for all others; null when values are taken as they are.</param>
internal sealed record HistoryColumn(string Theirs, IReadOnlyDictionary<string, string>? Words);

/// <summary>How a file of history is read: <c>{"source","timeZone","defaults","columns":{ours: theirs, or {column, map{value: ours, "*": default}}}}</c>.</summary>
/// <param name="Source">The other system; with its own numbers the key of an import.</param>
/// <param name="Zone">Of times that name none; null when all must.</param>
/// <param name="Defaults">Values of ours where the file has none.</param>
internal sealed record HistoryMap(string Source, TimeZoneInfo? Zone, IReadOnlyDictionary<string, string> Defaults, IReadOnlyDictionary<string, HistoryColumn> Columns)
{
    /// <summary>The columns of a file of ours; those of a place, of a body and of numbers may be missing.</summary>
    public static IReadOnlyList<string> Ours { get; } =
    [
        "external_id", "created_at", "closed_at", "updated_at", "state", "category", "description", "lon", "lat", "x", "y", "crs", "address", "postcode", "body", "reference", "number",
        "channel", "lang",
    ];

    private static readonly string[] Needed = ["external_id", "created_at", "state", "category"];

    /// <summary>A file with our own columns.</summary>
    public static HistoryMap Plain { get; } = new("import", null, new Dictionary<string, string>(), Ours.ToDictionary(ours => ours, ours => new HistoryColumn(ours, null)));

    /// <summary>A file in the bulk form of GeoReport v2, with the names of categories.</summary>
    public static HistoryMap GeoReport { get; } = new("georeport", null, new Dictionary<string, string>(), new Dictionary<string, HistoryColumn>
    {
        ["external_id"] = new("service_request_id", null),
        ["created_at"] = new("requested_datetime", null),
        ["updated_at"] = new("updated_datetime", null),
        ["closed_at"] = new("closed_date", null),
        ["state"] = new("status_description", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["open"] = "assigned", ["closed"] = "resolved" }),
        ["category"] = new("service_name", null),
        ["description"] = new("description", null),
        ["address"] = new("address", null),
        ["channel"] = new("source", null),
        ["lon"] = new("long", null),
        ["lat"] = new("lat", null),
    })
    {
        NamesCategories = true,
    };

    /// <summary>Categories may stand under their name instead of their code.</summary>
    public bool NamesCategories { get; init; }

    /// <summary>Columns that the file must have: with a map every one that it names, else those without which nothing can be read.</summary>
    public IReadOnlyList<string> Required => ReferenceEquals(this, Plain) ? Needed : [.. Columns.Values.Select(column => column.Theirs).Distinct()];

    /// <summary>Reads a map file; what is wrong goes to the faults.</summary>
    public static HistoryMap Read(JsonTree file, Faults faults)
    {
        var fields = new JsonFields(file, faults);
        var source = fields.Code("source");
        var zone = ReadZone(fields);
        var defaults = ReadDefaults(fields, faults);
        var columns = new Dictionary<string, HistoryColumn>(StringComparer.Ordinal);
        foreach (var (name, value) in fields.Record("columns")?.Entries() ?? [])
        {
            if (IsOurs(name, value, faults) && ReadColumn(value, faults) is { } column)
            {
                columns[name] = column;
            }
        }
        fields.NoOthers();
        foreach (var needed in Needed.Where(needed => faults.None && !columns.ContainsKey(needed) && (needed == "external_id" || !defaults.ContainsKey(needed))))
        {
            faults.Add(file.Line, $"columns.{needed}", "nothing", needed == "external_id" ? "a column" : "a column or a default");
        }
        return new HistoryMap(source, zone, defaults, columns);
    }

    private static TimeZoneInfo? ReadZone(JsonFields fields)
    {
        if (fields.OptionalString("timeZone") is not { } name)
        {
            return null;
        }
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }
        fields.Fault("timeZone", "a time zone such as Europe/Brussels");
        return null;
    }

    private static Dictionary<string, string> ReadDefaults(JsonFields fields, Faults faults)
    {
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in fields.Record("defaults")?.Entries() ?? [])
        {
            if (IsOurs(name, value, faults) && IsText(value, faults))
            {
                defaults[name] = value.Words!;
            }
        }
        return defaults;
    }

    private static HistoryColumn? ReadColumn(JsonTree value, Faults faults)
    {
        if (value.Kind == JsonValueKind.String)
        {
            return new HistoryColumn(value.Words!, null);
        }
        var fields = new JsonFields(value, faults);
        var theirs = fields.String("column");
        Dictionary<string, string>? words = null;
        foreach (var (name, word) in fields.Record("map")?.Entries() ?? [])
        {
            if (IsText(word, faults))
            {
                (words ??= new(StringComparer.Ordinal))[name] = word.Words!;
            }
        }
        fields.NoOthers();
        return new HistoryColumn(theirs, words);
    }

    private static bool IsOurs(string name, JsonTree at, Faults faults) => Ours.Contains(name) || Faulty(at, "one of our columns: " + string.Join(", ", Ours), faults);

    private static bool IsText(JsonTree value, Faults faults) => value.Kind == JsonValueKind.String || Faulty(value, "text", faults);

    private static bool Faulty(JsonTree at, string expected, Faults faults)
    {
        faults.Add(at, expected);
        return false;
    }
}
