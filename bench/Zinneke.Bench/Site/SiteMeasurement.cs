using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Bench.Reports;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Bench.Site;

/// <summary><c>bench site</c>: how long the server takes for each kind of page when there are a million reports (kernel.md K26). The program runs in a process of its own, the reader in this one.</summary>
internal static class SiteMeasurement
{
    private const int Count = 400, WarmUp = 400;

    /// <summary>Between warming up and measuring: what has run often is compiled better in the background.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public static Measurement Entry { get; } = new(
        "site", "each kind of page at a million reports", new Dictionary<string, string> { ["count"] = "1000000", ["seed"] = "1", ["data"] = "" }, RunAsync);

    private static async Task<Findings> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var named = options["data"] is { Length: > 0 } data ? data : null;
        var folder = named ?? Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            if (!File.Exists(Path.Combine(folder, "zinneke.db")))
            {
                await BenchCity.ImportHistoryAsync(folder, options["count"], options["seed"]);
            }
            var asked = await PagesAsync(folder);
            var added = await ProgramProcess.VerbAsync("user", "add", "--email", "officer@example.org", "--role", "administrator", "--data", folder);
            await using var server = await ServedProgram.StartAsync(folder, "sqlite");
            await FollowedAsync(folder);
            var session = await SignInAsync(server.Address, new Uri(added.GetProperty("signInUrl").GetString()!).Query["?t=".Length..]);
            var figures = new List<Figure>();
            foreach (var (name, paths, staff) in asked)
            {
                figures.AddRange(await TakeAsync(server.Address, name, paths, staff ? session : null));
            }
            return new Findings(
                $"{options["count"]} reports; {BenchCity.Name}; the embedded store. One reader, who asks for one page after another and never twice for the same within a minute where there are many of a kind; from the request to the last byte, on the same two cores.",
                "every page came whole, with status 200.",
                "nothing of the kind: peers publish none.",
                figures);
        }
        finally
        {
            if (named is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Addresses of each kind of page, as different as they come.</summary>
    private static async Task<IReadOnlyList<(string Name, string[] Paths, bool Staff)>> PagesAsync(string folder)
    {
        await using var services = BenchServices.Of(folder, "sqlite");
        await using var store = services.GetRequiredService<Database>().Open();
        var areas = (await AreaMap.ReadAsync(store, Area.Municipality)).All.Select(area => area.Id).Distinct().ToArray();
        var bodies = (await BodyMap.ReadAsync(store)).Select(body => body.Id).ToArray();
        var tree = (await RoutingMap.ReadTreeAsync(store, default)).All;
        var categories = tree.Select(category => category.Code).ToArray();
        var top = tree.Where(category => category.Parent is null).Select(category => category.Code).ToArray();
        var shown = store.Set<Report>().Where(report => report.Visibility == Visibility.Public && report.State != ReportState.Withdrawn);
        var every = await shown.OrderBy(r => r.Id).Select(r => new { r.Number, r.Lon, r.Lat }).ToListAsync();
        var some = new Random(7).GetItems(every.ToArray(), Count + WarmUp);
        string[] Many(Func<int, string> path) => [.. Enumerable.Range(0, Count + WarmUp).Select(path)];
        string AreaOf(int i) => areas[i % areas.Length];
        string CategoryOf(int i) => categories[i / areas.Length % categories.Length];
        string Circle(int i) => string.Create(CultureInfo.InvariantCulture, $"lon={some[i].Lon ?? 4.35}&lat={some[i].Lat ?? 50.85}&radius={200 + i}");
        var texts = await store.Set<ReportWordsRow>().OrderBy(row => row.ReportId).Take(2000).Select(row => row.Search).ToListAsync();
        string[] words = [.. texts.SelectMany(text => text.Split(' ')).Where(word => word.Length > 3).GroupBy(word => word).OrderByDescending(group => group.Count()).Select(group => group.Key).Take(60)];
        string[] buckets = ["received", "inProgress", "solved", "notDone"];
        return
        [
            ("front page", ["/fr"], false),
            ("reports, newest", ["/fr/reports"], false),
            ("reports of a municipality and category", Many(i => $"/fr/reports?area={AreaOf(i)}&category={CategoryOf(i)}"), false),
            ("reports of a state and category", Many(i => $"/fr/reports?bucket={buckets[i % 4]}&category={CategoryOf(i * areas.Length)}&area={AreaOf(i / 4)}"), false),
            ("reports, by number", Many(i => $"/fr/reports?text={some[i].Number}"), false),
            ("reports, by words", Many(i => $"/fr/reports?text={Uri.EscapeDataString(words[i % words.Length])}&bucket={buckets[i % 4]}&area={AreaOf(i / 4)}"), false),
            ("search", Many(i => $"/fr/search?q={Uri.EscapeDataString(string.Join(' ', texts[i].Split(' ').Where(word => word.Length > 3).Skip(i % 2).Take(1 + i % 3)))}"), false),
            ("a report", Many(i => $"/fr/reports/{some[i].Number}"), false),
            ("reporting, first screen", ["/fr/reports/new"], false),
            ("statistics", Many(i => $"/fr/reports/statistics?area={AreaOf(i)}&category={top[i / areas.Length % top.Length]}"), false),
            ("statistics of some months", Many(i => $"/fr/reports/statistics?from={2013 + i % 8}-{1 + i / 8 % 12:00}&to={2021 + i / 96}-01"), false),
            ("heat map of a category", Many(i => $"/fr/reports/heat?category={CategoryOf(i * areas.Length)}"), false),
            ("heat map", Many(i => $"/fr/reports/heat?area={AreaOf(i)}&category={CategoryOf(i)}"), false),
            ("feed of a circle", Many(i => $"/fr/reports/feed.atom?{Circle(i)}"), false),
            ("feed of a municipality", Many(i => $"/fr/reports/feed.atom?area={AreaOf(i)}&category={CategoryOf(i)}"), false),
            ("indicators", Many(i => $"/fr/indicators?area={AreaOf(i)}&from={2013 + i / areas.Length}-01"), false),
            ("open data, published heads", ["/fr/data", "/fr/log"], false),
            ("a body", Many(i => $"/fr/bodies/{bodies[i % bodies.Length]}"), false),
            ("privacy, accessibility, algorithms, sign-in", ["/fr/privacy", "/fr/accessibility", "/fr/algorithms", "/fr/sign-in"], false),
            ("inbox", ["/fr/desk/reports"], true),
            ("inbox of a category", Many(i => $"/fr/desk/reports?category={categories[i % categories.Length]}&state=assigned"), true),
            ("inbox with words", Many(i => $"/fr/desk/reports?text={Uri.EscapeDataString(words[i % words.Length])}&category={categories[i % categories.Length]}"), true),
            ("audit trail", ["/fr/admin/audit"], true),
            ("a report at the desk", Many(i => $"/fr/desk/reports/{some[i].Number}"), true),
        ];
    }

    private static async Task<IEnumerable<Figure>> TakeAsync(Uri site, string name, string[] paths, string? session)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site };
        if (session is not null)
        {
            http.DefaultRequestHeaders.Add("Cookie", session);
        }
        var times = new double[Count];
        for (var i = -WarmUp; i < Count; i++)
        {
            if (i == 0)
            {
                await Task.Delay(Rest);
            }
            var begun = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(paths[(i + WarmUp) % paths.Length]);
            await answer.Content.ReadAsByteArrayAsync();
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri}: {answer.StatusCode}");
            }
        }
        Array.Sort(times);
        Console.Error.WriteLine($"{name}: {times[Count / 2]:F1} ms, {times[Count * 95 / 100]:F1} ms");
        return [new Figure($"{name}, median", times[Count / 2], "ms"), new Figure($"{name}, 95 of 100", times[Count * 95 / 100], "ms", "≤ 20 ms")];
    }

    /// <summary>Waits until everything has been derived: a site that has just been filled is not what is measured.</summary>
    private static async Task FollowedAsync(string folder)
    {
        while ((await ProgramProcess.VerbAsync("follower", "list", "--data", folder)).GetProperty("followers").EnumerateArray().Any(one => one.GetProperty("lag").GetInt64() > 0 || one.GetProperty("outdated").GetBoolean()))
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
    }

    /// <returns>The session's cookie.</returns>
    private static async Task<string> SignInAsync(Uri site, string token)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var signedIn = await browser.PostAsync("/fr/sign-in/link", new FormUrlEncodedContent([KeyValuePair.Create("t", token)]));
        return signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
