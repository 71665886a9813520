using System.Globalization;
using System.Text;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What words of a search lead to.</summary>
/// <param name="Frame">The map of it; null when nothing was found.</param>
/// <param name="Addresses">Those to choose from, likeliest first; none when a municipality was named.</param>
internal sealed record FoundPlaces(MapFrame? Frame, IReadOnlyList<Address> Addresses)
{
    public static FoundPlaces None { get; } = new(null, []);
}

/// <summary>Leads the map to a municipality by its name or postcode, or to an address, accents and case ignored, and knows where a map begins.</summary>
internal sealed class PlaceSearch(AreaMap areas, AddressIndex addresses, TimeProvider time)
{
    private const int ShownMax = 8;

    private static readonly MapFrame Anywhere = new(4.3517, 50.8466, 11);

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

    /// <summary>What these words lead to: a municipality that they name, else addresses, else a municipality whose name they are a part of.</summary>
    public async Task<FoundPlaces> FindAsync(Store store, string words, CancellationToken cancellation)
    {
        var asked = Plain(words);
        if (asked.Length == 0)
        {
            return FoundPlaces.None;
        }
        var named = Municipalities.ToList();
        if (FrameOf(named.Find(a => a.Postcodes.Contains(asked)) ?? named.Find(a => a.Names.ByLanguage.Values.Any(n => Plain(n) == asked))) is { } whole)
        {
            return new FoundPlaces(whole, []);
        }
        return await addresses.FindAsync(store, words, ShownMax, cancellation) is { Count: > 0 } found
            ? new FoundPlaces(found is [var only] ? Near(only) : MapFrame.Of(found.Aggregate(Box.Empty, (box, one) => box.With(new LonLat(one.Lon, one.Lat)))), found)
            : new FoundPlaces(FrameOf(named.Find(a => a.Names.ByLanguage.Values.Any(n => Plain(n).Contains(asked, StringComparison.Ordinal)))), []);
    }

    /// <summary>A map close enough to place the pin by hand.</summary>
    public static MapFrame Near(Address address) => new(address.Lon, address.Lat, address.Number is null ? 16 : 18);

    private static MapFrame? FrameOf(Area? area) => area is null ? null : MapFrame.Of(area.Shape.Bounds);

    private IReadOnlyList<Area> Municipalities => areas.Current.On(DateOnly.FromDateTime(time.GetUtcNow().DateTime)).Of(Area.Municipality).All;

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
}
