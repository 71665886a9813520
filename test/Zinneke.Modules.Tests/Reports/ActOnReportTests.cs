using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Who may act, what the history keeps, and when a report is due: with the rows, on both stores.</summary>
public class ActOnReportTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_role_limited_to_categories_or_areas_is_staff_of_nothing_else(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var hole = await city.FileAsync();
        var waste = await city.CallerAsync("agent", DeskCity.West, categories: ["waste"]);
        var elsewhere = await city.CallerAsync("agent", DeskCity.West, areas: ["2"], name: "elsewhere");
        var road = await city.CallerAsync("agent", DeskCity.West, categories: ["road"], areas: ["1"], name: "road");
        (await TryAsync(store, hole, "accept", waste)).ShouldBe(RefusalKind.Forbidden);
        (await TryAsync(store, hole, "accept", elsewhere)).ShouldBe(RefusalKind.Forbidden);

        // Of two roles each must reach by itself: staff of the holder for waste only, staff of the region for everything.
        var both = await city.CallerAsync("agent", DeskCity.West, categories: ["waste"], name: "both");
        both = await city.CallerAsync("agent", DeskCity.Region, name: "both");
        (await TryAsync(store, hole, "accept", both)).ShouldBe(RefusalKind.Forbidden, "the region's staff see it and leave the work to its holder");
        await using (var context = store.Database.Open())
        {
            var detail = (await new ReadReport(context).DetailAsync(hole, default))!;
            DeskSight.Of(both, detail, store.Clock.NowMicros()).ShouldBe(new DeskSight(true, false, false));
            DeskSight.Of(road, detail, store.Clock.NowMicros()).ShouldBe(new DeskSight(true, true, false));
            DeskSight.Of(waste, detail, store.Clock.NowMicros()).ShouldBe(new DeskSight(false, false, false));
        }
        (await TryAsync(store, hole, "accept", road)).ShouldBeNull();
        var limited = await city.CallerAsync("agent", DeskCity.Region, categories: ["waste"], name: "limited");
        (await TryAsync(store, hole, "assign", limited, new ActionRequest { Body = DeskCity.East, Reason = "other" })).ShouldBe(RefusalKind.Forbidden, "the coordinator's role is limited too");
        (await TryAsync(store, hole, "assign", both, new ActionRequest { Body = DeskCity.East, Reason = "other" })).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Support_photos_and_an_erased_contact_stand_in_the_history(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        (await city.Get<SupportReport>().RunAsync(number, "net:1", Actor.Anonymous, default)).Refusal.ShouldBeNull();
        (await city.Get<SupportReport>().RunAsync(number, "net:1", Actor.Anonymous, default)).Refusal.ShouldBeNull();
        (await city.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        await using var context = store.Database.Open();
        var detail = (await new ReadReport(context).DetailAsync(number, default))!;
        detail.Entries.Select(e => (e.Action, e.Internal)).ShouldBe([("submit", false), ("support", false), ("contactErased", true)], "who says it twice is one person");
        detail.ForPublic(isReporter: false, token: null).History.Select(e => e.Action).ShouldBe(["submit", "support"]);
        detail.Report.Version.ShouldBe(3);
        detail.Entries.ShouldAllBe(e => e.Text.IsEmpty);
        (await city.Get<ActOnReport>().RunAsync(number, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        (await city.Get<SupportReport>().RunAsync(number, "net:2", Actor.Anonymous, default)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound, "nobody sees it any more");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_becomes_overdue_while_its_reporter_is_awaited_and_what_was_stays_so(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var region = await city.CallerAsync("agent", DeskCity.Region);
        var (waits, late) = (await city.FileAsync("waste-dump"), await city.FileAsync("waste-dump"));
        async Task<string[]> OverdueAsync()
        {
            await using var context = store.Database.Open();
            var now = store.Clock.NowMicros();
            var found = (await new FindReports(context).PageAsync(new ReportQuery { OverdueAt = now }, reports => reports, null, default)).Rows.Select(row => row.Report).ToList();
            found.ShouldAllBe(report => report.IsOverdue(now));
            return [.. found.Select(report => report.Number)];
        }
        foreach (var number in new[] { waits, late })
        {
            await city.ActAsync(number, "accept", region);
        }
        await city.ActAsync(waits, "hold", region, new ActionRequest { Reason = "awaitingReporter" });
        store.Clock.Advance(TimeSpan.FromHours(25));
        (await OverdueAsync()).ShouldBe([late]);
        await city.ActAsync(late, "hold", region, new ActionRequest { Reason = "awaitingReporter" });
        store.Clock.Advance(TimeSpan.FromHours(25));
        (await OverdueAsync()).ShouldBe([late], "it was late before");
        await city.ActAsync(waits, "resume", region);
        (await OverdueAsync()).ShouldBe([late]);
        store.Clock.Advance(TimeSpan.FromHours(25));
        (await OverdueAsync()).ShouldBe([waits, late], ignoreOrder: true);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Words_are_in_a_known_language_and_a_reference_is_short(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (number, west) = (await city.FileAsync(), await city.CallerAsync("agent", DeskCity.West));
        foreach (var (action, request, code, field) in new[]
                 {
                     ("comment", new ActionRequest { Text = Text.Of("es", "Hola") }, "reports.unknownLanguage", "text"),
                     ("comment", new ActionRequest { Text = Text.Of("", "Hola"), Lang = "es" }, "reports.unknownLanguage", "lang"),
                     ("register", new ActionRequest { Reference = new string('7', ActionRequest.ReferenceLengthMax + 1) }, "reports.referenceTooLong", "reference"),
                 })
        {
            var refusal = (await city.Get<ActOnReport>().RunAsync(number, action, request, new Acting(west, false), store.Writer.DoAsync, default)).Refusal;
            (refusal?.Kind, refusal?.Code, refusal?.Field).ShouldBe((RefusalKind.Invalid, code, field));
        }
        await city.ActAsync(number, "register", west, new ActionRequest { Reference = new string('7', ActionRequest.ReferenceLengthMax) });
        await city.ActAsync(number, "comment", west, new ActionRequest { Text = Text.Of("", "Dag"), Lang = "nl" });
    }

    [Theory]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:3::5", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    public void A_household_supports_once(string one, string other, bool same)
    {
        static string NameOf(string address)
        {
            var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
            http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(address);
            return SupportReport.NameOf(http, Caller.Anonymous("fr"));
        }
        (NameOf(one) == NameOf(other)).ShouldBe(same);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_bucket_narrows_the_states_that_are_asked_for(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.FileAsync();
        await city.ActAsync(await city.FileAsync(), "accept", await city.CallerAsync("agent", DeskCity.West));
        async Task<int> CountAsync(Bucket? bucket, params ReportState[] states)
        {
            await using var context = store.Database.Open();
            return (await new FindReports(context).PageAsync(new ReportQuery { Bucket = bucket, States = states }, null, null, default)).Rows.Count;
        }
        (await CountAsync(null)).ShouldBe(2);
        var accepted = ReportWords.BucketOf(ReportState.Accepted);
        (await CountAsync(accepted, ReportState.Accepted)).ShouldBe(1);
        (await CountAsync(accepted, ReportState.Resolved)).ShouldBe(0, "in no state are they both");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_words_for_a_place_do_not_move_with_the_pin(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (west, coordinator) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.Region));
        var number = await city.FileAsync();
        await city.ActAsync(number, "move", west, new ActionRequest { Lon = 4.35, Lat = 50.85 });
        (await AddressAsync(store, number)).ShouldBe("Rue du Canal 12", "it stays where it is");
        await city.ActAsync(number, "move", west, new ActionRequest { Lon = 4.36, Lat = 50.85, Address = " Quai du Port 3 " });
        (await AddressAsync(store, number)).ShouldBe("Quai du Port 3");
        await using (var context = store.Database.Open())
        {
            (await new FindReports(context).PageAsync(new ReportQuery { Words = "canal" }, null, null, default)).Rows.ShouldBeEmpty();
        }
        await city.ActAsync(number, "move", west, new ActionRequest { Lon = 4.37, Lat = 50.85 });
        (await AddressAsync(store, number)).ShouldBeNull();
        (await TryAsync(store, number, "move", west, new ActionRequest { Lon = 4.38, Lat = 50.85, Address = new string('x', NewReport.AddressLengthMax + 1) })).ShouldBe(RefusalKind.Invalid);
        (await TryAsync(store, number, "move", west, new ActionRequest { Lon = double.NaN, Lat = 50.85 })).ShouldBe(RefusalKind.Invalid);

        var inWords = await city.FileAsync(lon: null);
        await city.ActAsync(inWords, "move", coordinator, new ActionRequest { Lon = 4.36, Lat = 50.85 });
        (await AddressAsync(store, inWords)).ShouldBe("Rue du Canal 12", "the words led to this place");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_time_of_the_category_of_the_priority_and_of_the_rule_counts_wherever_it_is_routed(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (now, calendar) = (store.Clock.NowMicros(), city.Get<RoutingMap>().Current.Map.CalendarOf(null));
        var usual = DueDate.Of(now, new Sla(5, SlaUnit.Workdays), calendar);
        var number = await city.FileAsync();
        (await DueAsync(store, number)).ShouldBe(usual);
        var west = await city.CallerAsync("agent", DeskCity.West);
        store.Clock.Advance(TimeSpan.FromHours(2));
        await city.ActAsync(number, "recategorise", west, new ActionRequest { Category = "waste-dump" });
        (await DueAsync(store, number)).ShouldBe(now + (24 * TimeSpan.MicrosecondsPerHour), "24 hours from the report on");

        var rules = DeskCity.Rules.Replace("\"when\":{},", "\"when\":{},\"sla\":{\"value\":2,\"unit\":\"days\"},", StringComparison.Ordinal);
        (await city.Get<ImportRules>().RunAsync(DeskCity.Stream(rules), "rules", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        var region = await city.CallerAsync("agent", DeskCity.Region);
        await city.ActAsync(number, "recategorise", region, new ActionRequest { Category = "road-hole" });
        var byRule = DueDate.Of(now, new Sla(2, SlaUnit.Days), calendar);
        (await DueAsync(store, number)).ShouldBe(byRule, "the rule that placed it now has a time of its own");
        store.Clock.Advance(TimeSpan.FromHours(2));
        await city.ActAsync(number, "transfer", west, new ActionRequest { Body = DeskCity.East, Reason = "other" });
        (await DueAsync(store, number)).ShouldBe(byRule, "a transfer does not move the public promise");
        await city.ActAsync(number, "setPriority", await city.CallerAsync("agent", DeskCity.East), new ActionRequest { Priority = Priority.High });
        (await DueAsync(store, number)).ShouldBe(byRule, "the rule's time stands above that of a priority");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_that_gets_a_private_category_is_private_and_a_resident_gives_it_none_for_professionals(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var categories = DeskCity.Categories.Replace("\"code\":\"waste-dump\",", "\"code\":\"waste-dump\",\"private\":true,", StringComparison.Ordinal);
        var gully = categories.IndexOf("\"professionalOnly\":false", categories.IndexOf("road-gully", StringComparison.Ordinal), StringComparison.Ordinal);
        categories = string.Concat(categories.AsSpan(0, gully), "\"professionalOnly\":true", categories.AsSpan(gully + "\"professionalOnly\":false".Length));
        (await city.Get<ImportCategories>().RunAsync(DeskCity.Stream(categories), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        var number = await city.FileAsync();
        var resident = new Acting(Caller.Anonymous("fr"), true);
        (await city.Get<ActOnReport>().RunAsync(number, "recategorise", new ActionRequest { Category = "road-gully" }, resident, store.Writer.DoAsync, default)).Refusal!.Code.ShouldBe("reports.unknownCategory");
        (await city.Get<ActOnReport>().RunAsync(number, "recategorise", new ActionRequest { Category = "waste-dump" }, resident, store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        await using var context = store.Database.Open();
        (await ReadReport.FindAsync(context, number, false, default))!.Visibility.ShouldBe(Visibility.Private);
    }

    private static async Task<RefusalKind?> TryAsync(TestStore store, string number, string action, Caller by, ActionRequest? request = null) =>
        (await store.Get<ActOnReport>().RunAsync(number, action, request ?? new ActionRequest(), new Acting(by, false), store.Writer.DoAsync, default)).Refusal?.Kind;

    private static async Task<string?> AddressAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await new ReadReport(context).DetailAsync(number, default))!.Words!.Address;
    }

    private static async Task<long?> DueAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await ReadReport.FindAsync(context, number, false, default))!.DueAt;
    }
}
