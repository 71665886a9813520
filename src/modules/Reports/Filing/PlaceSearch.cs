using System.Globalization;
using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Leads the map to a municipality by its name or postcode, accents and case ignored, and knows where a map begins.</summary>
internal sealed class PlaceSearch(AreaMap areas, TimeProvider time)
{
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

    /// <summary>The map of the place that these words name, or null.</summary>
    public MapFrame? Find(string words)
    {
        var asked = Plain(words);
        if (asked.Length == 0)
        {
            return null;
        }
        var named = Municipalities.ToList();
        var found = named.Find(a => a.Postcodes.Contains(asked))
            ?? named.Find(a => a.Names.ByLanguage.Values.Any(n => Plain(n) == asked))
            ?? named.Find(a => a.Names.ByLanguage.Values.Any(n => Plain(n).Contains(asked, StringComparison.Ordinal)));
        return found is null ? null : MapFrame.Of(found.Shape.Bounds);
    }

    private IReadOnlyList<Area> Municipalities => areas.Current.On(DateOnly.FromDateTime(time.GetUtcNow().DateTime)).Of(Area.Municipality).All;

    /// <summary>Lower case, without accents, hyphens as spaces.</summary>
    private static string Plain(string words)
    {
        var plain = new StringBuilder(words.Length);
        foreach (var letter in words.Trim().ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(letter is '-' or '\'' or '’' ? ' ' : letter);
            }
        }
        return plain.ToString();
    }
}
