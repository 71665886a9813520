using System.Globalization;
using Microsoft.AspNetCore.Http;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a subscription or a feed is about: one report, an area, a circle around a place, or everything; each perhaps in some categories only.</summary>
/// <param name="RadiusMetres">Of the circle, 50 to 5,000; 0 when there is none.</param>
/// <param name="Categories">Each with all below it; none for every category.</param>
internal sealed record Followed(Guid? Report, string? Area, LonLat? Around, int RadiusMetres, IReadOnlyList<string> Categories)
{
    public const int RadiusMin = 50, RadiusMax = 5_000;

    /// <summary>Metres about a street corner: what somebody who names no radius means.</summary>
    public const int RadiusUsual = 500;

    private const int CategoriesMax = 20;

    public static Followed Everything { get; } = new(null, null, null, 0, []);

    public static Followed One(Guid report) => Everything with { Report = report };

    /// <summary>report, area, circle, or all.</summary>
    public string Kind => Report is not null ? "report" : Area is not null ? "area" : Around is not null ? "circle" : "all";

    /// <summary>What can be followed is a surface with a name, and not private. A line holds no point.</summary>
    public static bool IsOpen(Area area) => area is { Private: false, Names.IsEmpty: false, Shape.Kind: ShapeKind.Polygons };

    /// <summary>The same text for the same thing.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind}:{(Report is { } report ? report.ToString("D") : Area ?? (Around is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Lon:0.#####},{at.Lat:0.#####},{RadiusMetres}") : ""))} {string.Join(' ', Categories.Order(StringComparer.Ordinal))}");

    /// <summary>The box that holds the circle; null when it is none.</summary>
    public Box? Box => Around is { } centre ? new LocalPlane(centre).Around(RadiusMetres) : null;

    public bool Holds(LonLat place) => Around is { } centre && centre.MetresTo(place) <= RadiusMetres;

    public bool Takes(string category) => Categories.Count == 0 || Categories.Any(code => Category.IsIn(category, code));

    /// <summary>Reads <c>area</c>, <c>lon</c>, <c>lat</c>, <c>radius</c> (metres) and <c>category</c> (codes with commas between) of an address or form; empty values count as absent.</summary>
    /// <returns>422 with every field that cannot be read.</returns>
    public static Outcome<Followed> Of(Func<string, string?> field, RoutingSnapshot map, DatedAreas areas)
    {
        var faults = new List<Refusal>();
        string? Value(string name) => field(name) is { Length: > 0 } value ? value : null;
        double? Number(string name)
        {
            if (Value(name) is not { } text)
            {
                return null;
            }
            if (double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                return number;
            }
            faults.Add(Refusal.Invalid("reports.answerNotNumber", name));
            return null;
        }
        var (lon, lat, radius) = (Number("lon"), Number("lat"), Number("radius"));
        var categories = (Value("category") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        return faults.Count > 0 ? Refusal.Of(faults) : Checked(Value("area"), lon, lat, radius, categories, map, areas);
    }

    /// <summary>The same for values that are read already.</summary>
    public static Outcome<Followed> Checked(string? area, double? lon, double? lat, double? radius, IReadOnlyList<string> categories, RoutingSnapshot map, DatedAreas areas)
    {
        var faults = new List<Refusal>();
        if (area is not null && !(areas.Find(area) is { } named && IsOpen(named)))
        {
            faults.Add(Refusal.Invalid("reports.unknownArea", "area", Fault.Shorten(area)));
        }
        var around = lon is { } x && lat is { } y ? new LonLat(x, y) : (LonLat?)null;
        if ((lon is null) != (lat is null) || around is { InRange: false })
        {
            faults.Add(Refusal.Invalid("reports.latitudeOutside", lon is null ? "lon" : "lat"));
        }
        if (around is not null && radius is < RadiusMin or > RadiusMax)
        {
            faults.Add(Refusal.Invalid("reports.radiusOutside", "radius", RadiusMin, RadiusMax));
        }
        foreach (var code in categories.Take(CategoriesMax + 1).Where(code => map.Categories.Find(code) is null))
        {
            faults.Add(Refusal.Invalid("reports.unknownCategory", "category", Fault.Shorten(code)));
        }
        if (categories.Count > CategoriesMax)
        {
            faults.Add(Refusal.Invalid("reports.tooManyCategories", "category", CategoriesMax));
        }
        return faults.Count > 0 ? Refusal.Of(faults) : new Followed(null, around is null ? area : null, around, around is null ? 0 : (int)(radius ?? RadiusUsual), categories);
    }

    /// <summary>As the query of an address.</summary>
    public QueryString Query
    {
        get
        {
            var query = new QueryString();
            query = Area is { } area ? query.Add("area", area) : query;
            if (Around is { } at)
            {
                query = query.Add("lon", Said(at.Lon)).Add("lat", Said(at.Lat)).Add("radius", RadiusMetres.ToString(CultureInfo.InvariantCulture));
            }
            return Categories.Count > 0 ? query.Add("category", string.Join(',', Categories)) : query;
        }
    }

    /// <summary>What it is, in words: "Ixelles", "500 m around the place", "all of Brussels"; with the categories when there are some.</summary>
    public Text NameIn(RoutingSnapshot map, DatedAreas areas, Words words, Text region) => new(Languages.All.Select(language =>
    {
        var place = Area is { } area ? areas.Find(area)?.Names.In(language) ?? area
            : Around is not null ? words.In(language, "reports.follow.circle", RadiusMetres)
            : region.In(language);
        var names = Categories.Select(code => map.Categories.Find(code)?.Names.In(language) ?? code).ToList();
        return KeyValuePair.Create(language, names.Count == 0 ? place : words.In(language, "reports.follow.only", place, string.Join(", ", names)));
    }));

    private static string Said(double degrees) => degrees.ToString("0.######", CultureInfo.InvariantCulture);
}
