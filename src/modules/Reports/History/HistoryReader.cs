using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Checks the lines of a file of history one after another and routes them. What is wrong goes to the faults of the rows with the name of the file's own column.
/// </summary>
/// <param name="language">Of reports that name none.</param>
internal sealed class HistoryReader(CsvRows rows, Faults faults, HistoryMap map, Router router, RouteReport routing, HistoryNumbers numbers, string language)
{
    private const int IdLengthMax = 200, ChannelLengthMax = 40;
    private const string InstantExpected = "a date and time with zone such as 2026-07-21T10:00:00+02:00";

    private static readonly string[] LocalForms = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    private readonly RoutingSnapshot known = router.Map;
    private readonly WorkCalendar calendar = router.Map.CalendarOf(null);
    private readonly WorkCalendar? local = map.Zone is { } zone ? new WorkCalendar(zone) : null;
    private readonly HashSet<UInt128> seen = [];
    private readonly ILookup<string, Category> byName = router.Map.Categories.Leaves
        .SelectMany(leaf => leaf.Names.ByLanguage.Values.Distinct().Select(name => (name, leaf))).ToLookup(named => named.name, named => named.leaf, StringComparer.OrdinalIgnoreCase);

    private readonly string stateWords = string.Join(", ", Enum.GetValues<ReportState>().Select(ReportWords.Word));
    private int before;

    /// <summary>The current row, or null when it has a fault.</summary>
    public ImportedReport? Read()
    {
        before = faults.Count;
        var id = Text("external_id", IdLengthMax);
        if (id.Length > 0 && !seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan())))))
        {
            Fault("external_id", id, "each once in the file");
        }
        var created = Instant("created_at");
        var updated = OptionalInstant("updated_at");
        var closed = OptionalInstant("closed_at");
        var state = State();
        var category = CategoryOf();
        var description = Text("description", NewReport.DescriptionLengthMax, required: false);
        var (channel, lang) = (Text("channel", ChannelLengthMax, required: false), Language());
        var reference = Text("reference", ActionRequest.ReferenceLengthMax, required: false);
        var point = Point();
        var address = Address();
        var body = BodyOf();
        if (faults.Count > before)
        {
            return null;
        }
        if (point is null && address is null)
        {
            Fault("lon", "", "a longitude and latitude, x and y, or an address");
        }
        CheckOrder(created, closed, updated, state);
        var number = numbers.Check(id, Value("number"), calendar.DateOf(created).Year, out var expected);
        if (expected is not null)
        {
            Fault("number", Value("number"), expected);
        }
        if (faults.Count > before)
        {
            return null;
        }
        channel = channel.Length == 0 ? "import" : channel;
        var hash = Hash(created, closed, updated, state, category!.Code, description, point, address, channel, lang, body, reference, number);
        return Routed(new ImportedReport(
            map.Source, id, hash, calendar.DateOf(created).Year, created, IsEnd(state) ? closed : null, updated ?? closed ?? created, state, known.IsPrivate(category.Code, point is { } at ? (at.Lon, at.Lat) : null, created) ? Visibility.Private : Visibility.Public,
            category.Priority, category.Code, description, point?.Lon, point?.Lat, address, channel, lang, number, reference.Length == 0 ? null : reference, body, null, null, 0, 1, false, null), category);
    }

    /// <summary>Where it lies and, unless the file says so, who has it; and by when it was promised.</summary>
    private ImportedReport Routed(ImportedReport past, Category category)
    {
        LonLat? point = past is { Lon: { } lon, Lat: { } lat } ? new LonLat(lon, lat) : null;
        var route = routing.Preview(router, new Sought(point, past.Address ?? "", past.Category, Answers.None, null, past.CreatedAt)).Value;
        var holder = past.Holder ?? route.Body;
        var due = category.Promise?.For(holder, past.Priority, past.Holder is null ? route.Rule?.Sla : null) is { } sla ? DueDate.Of(past.CreatedAt, sla, known.CalendarOf(holder)) : (long?)null;
        past = past with { Area = route.Area, RuleSet = route.RuleSet, DueAt = due };
        return past.State == ReportState.Submitted ? past with { Holder = null, DueAt = null }
            : past.Holder is not null ? past
            : past with { Holder = holder, Rule = route.Rule?.Id, Confidence = route.Confidence, Uncertain = route.Uncertain && past.State.IsOpen() };
    }

    /// <summary>The value of ours: from its column, by the words of the map, else the default; empty when there is none.</summary>
    private string Value(string ours)
    {
        var value = "";
        if (map.Columns.TryGetValue(ours, out var column))
        {
            value = rows[column.Theirs].Trim();
            if (column.Words is { } words && (words.TryGetValue(value, out var word) || words.TryGetValue("*", out word)))
            {
                value = word;
            }
            else if (column.Words is not null && value.Length > 0)
            {
                Fault(ours, value, "one of " + string.Join(", ", column.Words.Keys));
            }
        }
        return value.Length > 0 ? value : map.Defaults.GetValueOrDefault(ours, "");
    }

    private void Fault(string ours, string found, string expected) =>
        faults.Add(rows.Line, map.Columns.TryGetValue(ours, out var column) ? column.Theirs : ours, found.Length == 0 ? "nothing" : $"\"{found}\"", expected);

    private string Text(string ours, int lengthMax, bool required = true)
    {
        var value = Value(ours);
        if (value.Length > lengthMax || (required && value.Length == 0))
        {
            Fault(ours, value, $"text of {(required ? 1 : 0)} to {lengthMax} characters");
        }
        return value;
    }

    private long Instant(string ours) => OptionalInstant(ours, required: true) ?? 0;

    private long? OptionalInstant(string ours, bool required = false)
    {
        var value = Value(ours);
        if (value.Length == 0 && !required)
        {
            return null;
        }
        if (Instants.TryRead(value.Length > 10 && value[10] == ' ' ? $"{value.AsSpan(0, 10)}T{value.AsSpan(11)}" : value, out var micros))
        {
            return micros;
        }
        if (local is not null && DateTime.TryParseExact(value, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return local.At(DateOnly.FromDateTime(time), TimeOnly.FromDateTime(time));
        }
        Fault(ours, value, local is null ? InstantExpected : "a date and time such as 2026-07-21T10:00:00");
        return null;
    }

    private ReportState State()
    {
        var value = Value("state");
        if (ReportWords.Parse<ReportState>(value) is { } state)
        {
            return state;
        }
        Fault("state", value, "one of " + stateWords);
        return default;
    }

    /// <summary>A leaf of the catalogue, by code or, where the file has names only, by a name that no other has; those for professionals are allowed.</summary>
    private Category? CategoryOf()
    {
        var value = Value("category");
        if (known.Categories.Find(value) is { Leaf: true } category)
        {
            return category;
        }
        if (map.NamesCategories && byName[value].Distinct().Take(2).ToArray() is [var named])
        {
            return named;
        }
        Fault("category", value, map.NamesCategories ? "code or name of a category that can be reported" : "code of a category that can be reported");
        return null;
    }

    private string Language()
    {
        var value = Value("lang");
        if (value.Length > 0 && !Languages.Known(value))
        {
            Fault("lang", value, "one of " + string.Join(", ", Languages.All));
        }
        return value.Length == 0 ? language : value;
    }

    /// <summary>Longitude and latitude; else metres east and north in the coordinate system that the line names.</summary>
    private LonLat? Point()
    {
        if (Value("lon").Length > 0 || Value("lat").Length > 0)
        {
            var (lon, lat) = (Number("lon", -180, 180), Number("lat", -90, 90));
            return new LonLat(lon, lat);
        }
        if (Value("x").Length == 0 && Value("y").Length == 0)
        {
            return null;
        }
        var crs = Value("crs");
        if (!crs.StartsWith("EPSG:", StringComparison.OrdinalIgnoreCase) || !int.TryParse(crs.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var epsg) || Lambert.Of(epsg) is not { } lambert)
        {
            Fault("crs", crs, "EPSG:31370 or EPSG:3812");
            return null;
        }
        var (x, y) = (Number("x", -1e6, 1e7), Number("y", -1e6, 1e7));
        var point = lambert.ToWgs84(x, y);
        return new LonLat(Math.Round(point.Lon, 7), Math.Round(point.Lat, 7));
    }

    private double Number(string ours, double min, double max)
    {
        var value = Value(ours);
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }
        Fault(ours, value, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
        return 0;
    }

    private string? Address()
    {
        var (address, postcode) = (Text("address", NewReport.AddressLengthMax, required: false), Text("postcode", 20, required: false));
        return address.Length == 0 ? postcode.Length == 0 ? null : postcode
            : postcode.Length == 0 || address.Contains(postcode, StringComparison.Ordinal) ? address : $"{address}, {postcode}";
    }

    private string? BodyOf()
    {
        var value = Value("body");
        if (value.Length > 0 && known.Find(value) is null)
        {
            Fault("body", value, "id of a body");
        }
        return value.Length == 0 ? null : value;
    }

    private void CheckOrder(long created, long? closed, long? updated, ReportState state)
    {
        if (closed < created)
        {
            Fault("closed_at", Value("closed_at"), "not before created_at");
        }
        if (updated < created)
        {
            Fault("updated_at", Value("updated_at"), "not before created_at");
        }
        if (closed is not null && state.IsOpen())
        {
            Fault("closed_at", Value("closed_at"), $"nothing, because it is {ReportWords.Word(state)}");
        }
    }

    /// <summary>States whose reports were resolved or declined at the time of <c>closed_at</c>.</summary>
    private static bool IsEnd(ReportState state) => state is ReportState.Resolved or ReportState.Closed or ReportState.Declined or ReportState.Archived;

    /// <summary>A fingerprint of the facts: their texts, each ended by a unit separator.</summary>
    private static byte[] Hash(params ReadOnlySpan<object?> facts)
    {
        var text = new StringBuilder(256);
        foreach (var fact in facts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{fact}\u001f");
        }
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
