using System.Globalization;
using System.Text;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What words of a search lead to.</summary>
/// <param name="Frame">The map of it; null when nothing was found.</param>
/// <param name="Addresses">Those to choose from, likeliest first; none when an area was named.</param>
internal sealed record FoundPlaces(MapFrame? Frame, IReadOnlyList<Address> Addresses)
{
    public static FoundPlaces None { get; } = new(null, []);
}

/// <summary>Leads the map to an area of any kind by its name, to a municipality by its postcode, or to an address, accents and case ignored, and knows where a map begins.</summary>
internal sealed class PlaceSearch(AreaMap areas, AddressIndex addresses, TimeProvider time)
{
    private const int ShownMax = 8;

    private static readonly MapFrame Anywhere = new(4.3517, 50.8466, 11);

    private NameBook? book;

    /// <summary>All municipalities in one picture; Brussels while none is imported.</summary>
    public MapFrame Start
    {
        get
        {
            var boxes = Municipalities.Select(a => a.Shape.Bounds).ToList();
            return boxes.Count == 0 ? Anywhere : MapFrame.Of(boxes.Aggregate((all, box) => all.With(box)));
        }
    }

    /// <summary>A map around the pin of a report, or the start.</summary>
    public MapFrame FrameOf(NewReport report) => report is { Lon: { } lon, Lat: { } lat } ? new MapFrame(lon, lat, 17) : Start;

    /// <summary>A map of one municipality; null when there is none of this id.</summary>
    public MapFrame? FrameOf(string? municipality) => municipality is null ? null : FrameOf(Municipalities.FirstOrDefault(area => area.Id == municipality));

    /// <summary>What these words lead to: a municipality that they name, else addresses, else another area that they name, or whose name or one of its words begins so. Of several a municipality, then the shortest name.</summary>
    public async Task<FoundPlaces> FindAsync(Store store, string words, CancellationToken cancellation)
    {
        var asked = Plain(words);
        if (asked.Length == 0)
        {
            return FoundPlaces.None;
        }
        var named = NamesOf(areas.Current);
        var exact = named.Find(asked, static (name, wanted) => name == wanted);
        if (FrameOf(Municipalities.FirstOrDefault(a => a.Postcodes.Contains(asked)) ?? (exact is { Kind: Area.Municipality } ? exact : null)) is { } whole)
        {
            return new FoundPlaces(whole, []);
        }
        return await addresses.FindAsync(store, words, ShownMax, cancellation) is { Count: > 0 } found
            ? new FoundPlaces(found is [var only] ? Near(only) : MapFrame.Of(found.Aggregate(Box.Empty, (box, one) => box.With(new LonLat(one.Lon, one.Lat)))), found)
            : new FoundPlaces(FrameOf(exact ?? named.Find(asked, static (name, wanted) => name.StartsWith(wanted, StringComparison.Ordinal)) ?? named.Find(asked, static (name, wanted) => name.Contains(' ' + wanted, StringComparison.Ordinal))), []);
    }

    /// <summary>A map close enough to place the pin by hand.</summary>
    public static MapFrame Near(Address address) => new(address.Lon, address.Lat, address.Number is null ? 16 : 18);

    private static MapFrame? FrameOf(Area? area) => area is null ? null : MapFrame.Of(area.Shape.Bounds);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().DateTime);

    private IReadOnlyList<Area> Municipalities => areas.Current.On(Today).Of(Area.Municipality).All;

    /// <summary>The names of today's areas, made plain once; those of private ones are told to nobody.</summary>
    private NameBook NamesOf(AreaVersions versions)
    {
        var today = Today;
        if (book is not { } known || known.Versions != versions || known.On != today)
        {
            book = known = new NameBook(versions, today, [.. versions.On(today).All.Where(area => !area.Private).SelectMany(area => area.Names.ByLanguage.Values.Select(Plain).Distinct().Select(name => (name, area)))
                .OrderBy(one => one.area.Kind != Area.Municipality).ThenBy(one => one.name.Length).ThenBy(one => one.area.Id, StringComparer.Ordinal)]);
        }
        return known;
    }

    /// <summary>Lower case, without accents, hyphens as spaces.</summary>
    private static string Plain(string words)
    {
        var plain = new StringBuilder(words.Length);
        foreach (var letter in Folding.Decomposed(words.Trim().ToLowerInvariant(), NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(letter is '-' or '\'' or '’' ? ' ' : letter);
            }
        }
        return plain.ToString();
    }

    /// <summary>Plain names of areas in every language, the likeliest first.</summary>
    private sealed record NameBook(AreaVersions Versions, DateOnly On, IReadOnlyList<(string Name, Area Area)> Names)
    {
        public Area? Find(string asked, Func<string, string, bool> fits) => Names.FirstOrDefault(one => fits(one.Name, asked)).Area;
    }
}
