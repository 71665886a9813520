using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Bench.Reports;

/// <summary>The queries of reports.md 7 over loopback HTTP, each against a full scan; and sending.</summary>
internal sealed class HttpQueries(HttpClient http, ScannedReports scan, CategoryTree tree, IndexQueries random)
{
    private const int Count = 1000;
    private int sent, asked; // Different each time, so that no answer is kept.
    private const string OpenWords = "assigned,accepted,planned,inProgress,onHold";
    private static readonly ulong Open = MapFilter.BitsOf(ReportWords.OpenStates);

    public async Task<IReadOnlyList<Sampled>> RunAsync() => [await StreetAsync(), await NearAsync(), await TileAsync(), await BulkListAsync()];

    private Task<Sampled> StreetAsync()
    {
        Box[] boxes = [.. Enumerable.Range(0, Count).Select(_ => IndexQueries.Around(random.Somewhere(), 445, 560))];
        return Samples.TakeAsync("bboxStreetHttp", boxes, Count, box => GetAsync($"/api/v1/reports?bbox={Words(box)}&state={OpenWords}&limit=100"), (box, answer) =>
            Of(answer, "reports").Select(report => report.GetProperty("number").GetString()).SequenceEqual(scan.Newest(box, Open, 100).Select(report => report.Number)));
    }

    private Task<Sampled> NearAsync()
    {
        Category[] leaves = [.. tree.Leaves.Where(leaf => leaf.DuplicateRadiusMetres == 50).DefaultIfEmpty(tree.Leaves.First())];
        var places = Enumerable.Range(0, Count).Select(i => (Place: random.Somewhere(), Category: leaves[i % leaves.Length])).ToArray();
        return Samples.TakeAsync("near50Http", places, Count, one => GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/reports/duplicates?lon={one.Place.Lon}&lat={one.Place.Lat}&category={one.Category.Code}")),
            (one, answer) => Of(answer, "suggestions").All(near => scan.Placed.First(report => report.Id == near.GetProperty("id").GetGuid()) is var report
                && Math.Abs(near.GetProperty("distanceM").GetDouble() - one.Place.MetresTo(new LonLat(report.Lon!.Value, report.Lat!.Value))) < 0.2)
                && Of(answer, "suggestions").Count() == Math.Min(5, Candidates(one.Place, one.Category)));
    }

    /// <summary>How many there are to choose from: of the branch, within the radius, open; solved ones are older than a fortnight in this history.</summary>
    private int Candidates(LonLat place, Category category)
    {
        var branch = tree.BranchOf(category).Code;
        var plane = new LocalPlane(place);
        return scan.Placed.Count(report => report.State.IsOpen() && Category.IsIn(report.Category, branch)
            && plane.MetresTo(new LonLat(report.Lon!.Value, report.Lat!.Value)) <= Math.Clamp(category.DuplicateRadiusMetres, 20, 250));
    }

    private Task<Sampled> TileAsync()
    {
        Box[] boxes = [.. Enumerable.Range(0, Count).Select(i =>
        {
            var place = random.Somewhere();
            var (x, y) = Mercator.TileOf(place, 12);
            var tile = Mercator.TileBox(12, x, y);
            var shift = 1e-5 * i;
            return new Box(tile.West + shift, tile.South, tile.East + shift, tile.North);
        })];
        return Samples.TakeAsync("mapTileHttp", boxes, Count, box => GetAsync($"/api/v1/reports/map?bbox={Words(box)}&zoom=12.{Interlocked.Increment(ref asked):0000000}&bucket=inProgress"), (box, answer) =>
            Of(answer, "features").Select(feature => feature.GetProperty("properties").GetProperty("count").GetInt32()).OrderDescending()
                .SequenceEqual(scan.Clusters(box, 12, new MapFilter(MapFilter.BitsOf(Bucket.InProgress)))));
    }

    private Task<Sampled> BulkListAsync()
    {
        var (first, last) = (scan.All.Min(report => report.CreatedAt), scan.All.Max(report => report.CreatedAt));
        var chance = new Random(3);
        var closed = tree.All.Where(category => category.ProfessionalOnly).Select(category => category.Code).ToHashSet(StringComparer.Ordinal);
        string[] starts = [.. Enumerable.Range(0, 200).Select(_ => Instants.FromMicros(chance.NextInt64(first, last)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))];
        return Samples.TakeAsync("georeport1000Http", starts, 200, start =>
        {
            var end = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture).AddDays(89).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            return GetAsync($"/open311/v2/requests.json?start_date={start}&end_date={end}&page_size=1000");
        }, (start, answer) =>
        {
            var from = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture).ToMicros();
            var to = from + 89 * TimeSpan.MicrosecondsPerDay;
            var within = scan.All.Count(report => report.CreatedAt >= from && report.CreatedAt <= to && report.Visibility == Visibility.Public && report.State != ReportState.Withdrawn && !closed.Contains(report.Category));
            return JsonDocument.Parse(answer).RootElement.GetArrayLength() == Math.Min(1000, within);
        });
    }

    /// <summary>Reports sent by so many clients at once, each acknowledged when it is on disk; and how many a second that was.</summary>
    public async Task<(Sampled Sampled, double PerSecond)> SubmitAsync(string name, int clients, TimeSpan warm, TimeSpan span)
    {
        var category = tree.Leaves.First(leaf => leaf is { ProfessionalOnly: false, Questions.Count: 0, NeedsContact: false, Private: false }).Code;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => LoopAsync(category, warm)));
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => LoopAsync(category, span)));
        var all = times.SelectMany(one => one).ToArray();
        return (Samples.Of(name, all, exact: true), all.Length / watch.Elapsed.TotalSeconds);
    }

    private async Task<IEnumerable<double>> LoopAsync(string category, TimeSpan span)
    {
        var times = new ConcurrentQueue<double>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < span)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsJsonAsync("/api/v1/reports", new { clientId = new Guid(Interlocked.Increment(ref sent), 7, 7, new byte[8]), category, lon = 4.3525, lat = 50.8467, description = "Mesure", lang = "fr" });
            times.Enqueue(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
            if (answer.StatusCode != System.Net.HttpStatusCode.Created)
            {
                throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
        return times;
    }

    private async ValueTask<byte[]> GetAsync(string path)
    {
        using var answer = await http.GetAsync(path);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{path}: {answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
    }

    private static JsonElement.ArrayEnumerator Of(byte[] answer, string list) => JsonDocument.Parse(answer).RootElement.GetProperty(list).EnumerateArray();

    private static string Words(Box box) => string.Create(CultureInfo.InvariantCulture, $"{box.West:R},{box.South:R},{box.East:R},{box.North:R}");
}
