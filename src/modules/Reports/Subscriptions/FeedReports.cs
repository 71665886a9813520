using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Atom and GeoJSON feeds (R11, R55): public reports of a window, an area or a circle, each perhaps in some categories or one state only, or with some words, as the public list; and the history of one report.</summary>
internal static class FeedReports
{
    private const int EntriesMax = 50;

    /// <summary>They show names of bodies, categories and areas too.</summary>
    private static readonly string[] Tags = ["reports", "catalogue", "area"];

    /// <summary>Read at once to find fifty in a circle: its box is a quarter bigger.</summary>
    private const int ReadMax = 100;

    /// <summary>Of a thin area in a busy box so many pages are looked through.</summary>
    private const int PagesMax = 20;

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/feed.atom", ListAsync).Public().Limited(MapApi.Looking).Cached(Tags, [.. ListFilter.Names, "lon", "lat", "radius"]);
        doors.Pages.MapGet("/reports/feed.geojson", GeoAsync).Public().Limited(MapApi.Looking).Cached(Tags, [.. ListFilter.Names, "lon", "lat", "radius"]).OpenToOtherSites();
        doors.Pages.MapGet("/reports/{number}/feed.atom", OneAsync).Public();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, FindReports find, RoutingMap routing, FollowReports follow, SiteAddress site, Words words, Settings settings, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        if (!Asked(http.Request.Query, map, follow, settings).Is(out var asked, out var refusal))
        {
            return refusal.AsProblem();
        }
        var (what, listed) = asked;
        var (language, region) = (http.Language(), settings.Get(KernelSettings.RegionName));
        var rows = await NewestAsync(find, what, listed, follow.Areas, cancellation);
        var name = string.Join(" · ", new[]
        {
            what.NameIn(map, follow.Areas, words, region).In(language), listed.Body is { } body ? map.Find(body)?.Names.In(language) : null, listed.Bucket is { } bucket ? words["reports.bucket." + ReportWords.Word(bucket)] : null, listed.Words,
        }.OfType<string>());
        return new Feed(
            words["reports.feed.title", name], site.Of($"/{language}/reports{http.Request.QueryString}"), site.Of($"{http.Request.Path}{http.Request.QueryString}"), region.In(language), language,
            [.. rows.Select(row => Entry(row, map, site, words, language))]);
    }

    /// <summary>The same reports as GeoJSON (RFC 7946): those whose place is not public are features without one.</summary>
    private static async Task<IResult> GeoAsync(HttpContext http, FindReports find, RoutingMap routing, FollowReports follow, SiteAddress site, Settings settings, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        if (!Asked(http.Request.Query, map, follow, settings).Is(out var asked, out var refusal))
        {
            return refusal.AsProblem();
        }
        var (language, rows) = (http.Language(), await NewestAsync(find, asked.What, asked.Listed, follow.Areas, cancellation));
        var json = JsonSerializer.SerializeToUtf8Bytes(new { type = "FeatureCollection", features = rows.Select(row => Feature(row, map, site, language)) }, Json.Options);
        return MapApi.Tagged(http, json, "application/geo+json");
    }

    private static object Feature(ReportRow row, RoutingSnapshot map, SiteAddress site, string language)
    {
        var report = row.Report;
        var shown = report.Visibility == Visibility.Public;
        return new
        {
            type = "Feature",
            id = report.Id,
            geometry = shown && report.Place is var (lon, lat) ? new { type = "Point", coordinates = (double[])[lon, lat] } : null,
            properties = new
            {
                report.Number, report.Category, name = report.CategoryName(map, language), report.State, bucket = report.BucketWith(row.Target), report.Area, body = report.Holder,
                address = shown ? row.Address : null, description = shown ? row.Description : null,
                createdAt = Instants.FromMicros(report.CreatedAt), updatedAt = Instants.FromMicros(report.UpdatedAt), url = site.Of($"/{language}/reports/{report.Number}"),
            },
        };
    }

    /// <summary>The place and the filter of a feed.</summary>
    private static Outcome<(Followed What, ReportQuery Listed)> Asked(IQueryCollection query, RoutingSnapshot map, FollowReports follow, Settings settings) =>
        !Followed.Of(name => query[name].ToString(), map, follow.Areas).Is(out var what, out var refusal) || !BoxOf(query["bbox"].ToString(), what).Is(out var box, out refusal)
            || !ListFilter.Read(query, new WorkCalendar(settings.Get(KernelSettings.TimeZone))).Is(out var listed, out refusal)
            ? refusal
            : (what, listed with { Box = box });

    private static async Task<IResult> OneAsync(string number, HttpContext http, ReadReport read, RoutingMap routing, SiteAddress site, Words words, Settings settings, CancellationToken cancellation)
    {
        if (await read.DetailAsync(number, cancellation) is not { } detail || !FindReportsApi.IsOpenToAll(detail.Report))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
        }
        var (language, map, report) = (http.Language(), routing.Current.Map, detail.Report);
        if (detail.PublicTarget is { } target)
        {
            return TrackReport.ToTarget(http, $"/{language}/reports/{target.Number}/feed.atom");
        }
        var page = site.Of($"/{language}/reports/{report.Number}");
        var history = detail.ForPublic(isReporter: false, token: null).History;
        return new Feed(
            words["reports.track.title", report.CategoryName(map, language), report.Number], page, site.Of(http.Request.Path), settings.Get(KernelSettings.RegionName).In(language), language,
            [
                .. history.Reverse().Take(EntriesMax).Select(entry => new FeedEntry(
                    $"{page}#{entry.At}", Pages.DeskWords.Did(entry.Action, entry.To, entry.Reason, map, words), page, entry.At, entry.At, entry.Text.In(language))),
            ]);
    }

    /// <summary>What changed last in the place. A municipality is in each row; what lies in another area, or in a circle, is found by its points, from page to page of the box around it.</summary>
    private static async Task<IEnumerable<ReportRow>> NewestAsync(FindReports find, Followed what, ReportQuery listed, DatedAreas areas, CancellationToken cancellation)
    {
        var other = what.Area is { } id && areas.Find(id) is { Kind: not Area.Municipality } area ? area : null;
        var byPoint = other is not null || what.Around is not null;
        Func<LonLat, bool> inside = other is null ? what.Holds : areas.Of(other.Kind).Inside(other.Id);
        var query = listed with
        {
            Box = listed.Box ?? (other?.Shape.Bounds is { } around ? [around.West, around.South, around.East, around.North] : null), Area = other is null ? what.Area : null, Sort = ReportSort.Updated,
            Limit = byPoint ? ReadMax : EntriesMax, Once = true,
        };
        var found = new List<ReportRow>();
        foreach (var category in what.Categories.Count == 0 ? [null] : what.Categories.Select(code => (string?)code))
        {
            ReportPlace? after = null;
            var (here, pages) = (0, 0);
            do
            {
                var page = await find.PageAsync(query with { Category = category }, null, after, cancellation);
                List<ReportRow> lie = [.. page.Rows.Where(row => !byPoint || (row.Report.Place is var (lon, lat) && inside(new LonLat(lon, lat))))];
                found.AddRange(lie);
                here += lie.Count;
                after = page.Next;
            }
            while (byPoint && after is not null && here < EntriesMax && ++pages < PagesMax);
        }
        return found.DistinctBy(row => row.Report.Id).OrderByDescending(row => row.Report.UpdatedAt).Take(EntriesMax);
    }

    /// <summary>The window asked for, or the box around the circle.</summary>
    private static Outcome<double[]?> BoxOf(string text, Followed what)
    {
        if (text.Length == 0)
        {
            return what.Box is { } around ? new[] { around.West, around.South, around.East, around.North } : (double[]?)null;
        }
        return ReportQuery.ReadBox(text) is { } box ? box : Refusal.Invalid("reports.badBox", "bbox");
    }

    /// <summary>A private report is named by its category and municipality, as everywhere.</summary>
    private static FeedEntry Entry(ReportRow row, RoutingSnapshot map, SiteAddress site, Words words, string language)
    {
        var report = row.Report;
        var shown = report.Visibility == Visibility.Public;
        var (category, state) = (report.CategoryName(map, language), words["reports.state." + ReportWords.Word(report.State)]);
        var place = (shown ? row.Address : null) ?? map.Municipality(report.Area)?.Names.In(language) ?? "";
        return new FeedEntry(
            $"urn:uuid:{report.Id}", place.Length > 0 ? $"{category} – {place}" : category, site.Of($"/{language}/reports/{report.Number}"), report.CreatedAt, report.UpdatedAt,
            shown && row.Description.Length > 0 ? $"{state}. {row.Description}" : state)
        {
            Category = (report.Category, category),
            Place = shown && report.Place is var (lon, lat) ? new LonLat(lon, lat) : null,
        };
    }
}
