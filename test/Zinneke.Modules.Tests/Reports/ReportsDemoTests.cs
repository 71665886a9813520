using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class ReportsDemoTests(ITestOutputHelper output)
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Two_years_of_reports_that_replay_to_what_they_are(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        store.Clock.Set(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero));
        var part = store.Get<IEnumerable<DemoPart>>().Single(part => part.Name == "reports.city");
        var stage = new DemoStage(store.Services, store.Clock.GetUtcNow().ToMicros(), new Random(1));
        var start = Stopwatch.GetTimestamp();
        await part.MakeAsync(stage, CancellationToken.None);
        output.WriteLine($"made in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        await store.SettleAsync();

        await using var reading = store.Database.Open();
        var reports = await reading.Set<Report>().AsNoTracking().ToListAsync();
        reports.Count.ShouldBeInRange(1_990, 2_050);
        reports.Count(report => report.MergedInto is not null).ShouldBeGreaterThanOrEqualTo(2, "some are of one problem");
        reports.Where(report => report.MergedInto is not null).GroupBy(report => report.MergedInto).ShouldAllBe(group => group.Count() >= 2);
        reports.Select(report => report.State).Distinct().Count().ShouldBeGreaterThanOrEqualTo(8);
        reports.Select(report => report.Language).Distinct().Order().ShouldBe(["de", "en", "fr", "nl"]);
        reports.Select(report => report.Number).Distinct().Count().ShouldBe(reports.Count);
        reports.Count(report => report.State.IsOpen()).ShouldBeInRange(50, 400);
        reports.Count(report => report.ReopenCount > 0).ShouldBeGreaterThan(20);
        reports.Count(report => report.Hops > 0).ShouldBeGreaterThan(15);
        (await reading.Set<ReportPhoto>().CountAsync(photo => photo.After)).ShouldBeGreaterThan(50);
        (await reading.Set<StoredFile>().CountAsync(file => file.State == RenditionState.Ready)).ShouldBeGreaterThan(500);
        (await reading.Set<Account>().CountAsync()).ShouldBe(28);

        var waiting = reports.Where(report => report.State.IsOpen() && report.Place is not null).GroupBy(report => report.Holder).SelectMany(held => DuplicateGroups.Among(
            held.Select(report => new Sighting(report.Number, new Geo.LonLat(report.Lon!.Value, report.Lat!.Value), report.Category, report.CreatedAt)), SuggestDuplicates.RadiusMetresMax, long.MaxValue));
        waiting.Count().ShouldBeGreaterThanOrEqualTo(1, "others wait to be looked at");

        await Replays(store, reports);
        (await reading.Set<ReportEntry>().Select(entry => entry.ReportId).Distinct().CountAsync()).ShouldBe(reports.Count);

        await part.MakeAsync(stage with { Chance = new Random(1) }, CancellationToken.None);
        (await reading.Set<Report>().CountAsync()).ShouldBe(reports.Count, "a part that is made again finishes, and adds nothing");
    }

    private static async Task Replays(TestStore store, List<Report> reports)
    {
        var log = store.Get<Log>();
        var events = new List<Event>();
        for (IReadOnlyList<Event> page = await log.ReadAsync(0, 10_000); page.Count > 0; page = await log.ReadAsync(events[^1].Position, 10_000))
        {
            events.AddRange(page);
        }
        var bySubject = events.Where(e => e.Subject.Kind == "report").ToLookup(e => e.Subject.Id);
        foreach (var report in reports)
        {
            var own = bySubject[report.Id.ToString("D")].ToList();
            own.Select(e => e.SubjectVersion).ShouldBe(Enumerable.Range(1, own.Count).Select(v => (long)v));
            report.Version.ShouldBe(own.Count);
            own.Zip(own.Skip(1)).ShouldAllBe(pair => pair.First.At <= pair.Second.At);
            own[^1].Read<AnyEvent>().After.ShouldBe(report.Standing(), report.Number);
        }
    }

    private sealed record AnyEvent(Standing After);

    [Fact]
    public void Every_category_has_a_picture_and_every_picture_can_be_drawn()
    {
        var drawn = StreetPictures.All.Select(picture => picture.Subject).ToHashSet();
        DemoCatalogue.Categories.Leaves.ShouldAllBe(leaf => drawn.Contains(StreetPictures.SubjectOf(leaf.Code)));
        StreetPictures.All.Count().ShouldBeInRange(36, 48);
        foreach (var (subject, background) in StreetPictures.All)
        {
            System.Xml.Linq.XDocument.Parse(StreetPictures.Svg(subject, background)).Root!.Name.LocalName.ShouldBe("svg");
        }
    }
}
