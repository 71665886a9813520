using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The reports of the demonstration city: who is responsible for what, an officer in each body, and two years of reports with their histories and drawn photos, some of them of one problem; and a round.</summary>
internal sealed class ReportsDemo(Database database, Writer writer, Settings settings, TimeProvider time, FileStore files, DrawFiles draw, Ids ids, Numbers numbers, ImportBodies bodies, ImportCategories categories, ImportRules rules, Accounts accounts)
    : DemoPart
{
    private const int Count = 2_000, SliceSize = 100, Years = 2;

    private static readonly (string Language, double Share)[] Tongues = [("fr", 0.6), ("nl", 0.25), ("en", 0.1), ("de", 0.05)];

    public override string Name => "reports.city";

    public override IReadOnlyList<string> After => ["kernel.city"];

    public override Task<bool> FindsOthersAsync(Store store, CancellationToken cancellation) => store.Set<Report>().AnyAsync(cancellation);

    public override async Task MakeAsync(DemoStage stage, CancellationToken cancellation)
    {
        await PutCataloguesAsync(cancellation);
        var officers = await PutOfficersAsync(cancellation);
        var photos = await DemoPhotos.MakeAsync(files, writer, draw, database, ids, cancellation);
        await using var store = database.Open();
        var router = await RoutingMap.ReadAsync(store, settings, time, cancellation);
        var reports = new DemoReports(router, officers, photos, ids, stage.Now);
        var made = 0;
        var history = DemoTwins.In(HistoryOf(stage, router.Map), stage.Now, stage.Chance);
        foreach (var slice in history.Where(past => past.CreatedAt.ToMicros() < stage.Now).Chunk(SliceSize))
        {
            var first = made;
            made += slice.Length;
            // A slice is there whole or not at all.
            if (await store.Set<Report>().AnyAsync(report => report.ClientId == DemoReports.ClientId(first), cancellation))
            {
                continue;
            }
            var lives = new List<DemoLife>();
            for (var i = 0; i < slice.Length; i++)
            {
                lives.Add(reports.Make(slice[i], first + i, (await numbers.NextAsync(slice[i].CreatedAt.Year, cancellation)).Value));
            }
            await writer.DoAsync(Actor.System, unit =>
            {
                reports.Put(unit, slice, lives, first);
                return Task.CompletedTask;
            }, cancellation);
        }
        await new DemoTwins(router.Map, officers).MergeAsync(database, writer, stage.Now, cancellation);
        await DemoRound.PutAsync(store, writer, router.Map, stage.Now, cancellation);
    }

    private async Task PutCataloguesAsync(CancellationToken cancellation)
    {
        using var bodiesFile = DemoLogos.Into(DemoCatalogue.Open("bodies"));
        using var categoriesFile = DemoCatalogue.Open("categories");
        using var rulesFile = DemoCatalogue.Open("rules");
        await bodies.RunAsync(bodiesFile, "bodies.json", Actor.System, cancellation);
        await categories.RunAsync(categoriesFile, "categories.json", Actor.System, cancellation);
        await rules.RunAsync(rulesFile, "rules.json", Actor.System, cancellation);
    }

    /// <summary>One officer for each body, named by role and number: nobody is invented.</summary>
    private async Task<Dictionary<string, Actor>> PutOfficersAsync(CancellationToken cancellation)
    {
        var officers = new Dictionary<string, Actor>(StringComparer.Ordinal);
        foreach (var body in DemoCatalogue.Bodies)
        {
            var account = await accounts.GiveRoleAsync(
                Caller.Program(body.Languages[0]), $"officer.{body.Id}@demo.example", $"Agent {officers.Count + 1}", new WantedRole(BuiltInRoles.Officer, body.Id), cancellation: cancellation);
            officers[body.Id] = account.Value.Actor;
        }
        return officers;
    }

    /// <summary>Two years until today, where the city is: the last day is cut off at the hour.</summary>
    private static IEnumerable<HistoricReport> HistoryOf(DemoStage stage, RoutingSnapshot map)
    {
        var calendar = map.CalendarOf(null);
        var today = calendar.DateOf(stage.Now);
        var city = map.MunicipalityIndex;
        var (centre, radius) = city.Count > 0
            ? (new LonLat((city.Bounds.West + city.Bounds.East) / 2, (city.Bounds.South + city.Bounds.North) / 2), new LonLat(city.Bounds.West, city.Bounds.South).MetresTo(new LonLat(city.Bounds.East, city.Bounds.North)) / 2)
            : (new LonLat(4.3525, 50.8467), 6_000);
        bool Inside(LonLat p) => city.Count == 0 || city.Containing(p, []) > 0;
        return new HistoryGenerator(stage.Chance.Next(), map.Categories, calendar, centre, radius, Inside, Tongues).Make(Count, today.AddYears(-Years), today.AddDays(1));
    }
}
