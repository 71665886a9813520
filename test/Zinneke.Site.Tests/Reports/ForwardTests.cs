using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A body's reports go to its own Open311 endpoint and come back solved, over real connections (reports.md 5.2).</summary>
public class ForwardTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_is_sent_once_and_solved_when_it_is_closed_there_and_a_reopened_one_names_the_first(StoreKind kind)
    {
        await using var town = await Town.NewAsync(kind, "\"apiKey\":\"k1\",\"jurisdictionId\":\"west.example\"");
        var number = await town.City.FileAsync(email: "ada@example.org");
        await town.System.HeardAsync("POST", 1);
        var first = town.System.Taken.Single();
        (first["service_code"], first["lat"], first["long"], first["description"], first["api_key"], first["jurisdiction_id"]).ShouldBe(("POT", "50.85", "4.35", $"Un trou dans la chaussée [Z-{number}]", "k1", "west.example"));
        first.Fields.ShouldNotContain("email", "the channel may not have it");
        (await town.UntilAsync(number, report => report.Reference == "G1")).State.ShouldBe(ReportState.Assigned, "taken is not accepted");

        town.Site.Clock.Advance(TimeSpan.FromSeconds(300));
        (await town.System.HeardAsync("GET", 1))[0].ShouldBe("GET /geo/requests.json?service_request_id=G1&jurisdiction_id=west.example");
        await town.RowsAsync(rows => rows.Single().LookedAt == town.Site.Clock.NowMicros());
        (await town.ReportAsync(number)).State.ShouldBe(ReportState.Assigned, "open says nothing");
        (first.Status, first.Notes) = ("closed", "Nid de poule bouché.");
        town.Site.Clock.Advance(TimeSpan.FromSeconds(300));
        await town.UntilAsync(number, report => report.State == ReportState.Resolved);
        (await town.EntriesAsync(number)).Single(entry => entry.Action == "resolve").ShouldSatisfyAllConditions(entry => entry.ActingBody.ShouldBe(DeskCity.West), entry => entry.Text.Exactly("fr").ShouldBe("Nid de poule bouché."));

        await town.City.ActAsync(number, "reopen", Caller.Anonymous("fr"), new ActionRequest { Reason = "notSolved" });
        await town.System.HeardAsync("POST", 2);
        town.System.Taken.Last()["description"].ShouldBe($"Signalement rouvert, suite de la demande G1. Un trou dans la chaussée [Z-{number}]");
        await town.UntilAsync(number, report => report.Reference == "G2");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_arrived_although_nobody_heard_so_is_found_by_its_marker_and_not_sent_twice(StoreKind kind)
    {
        await using var town = await Town.NewAsync(kind);
        town.System.After = http =>
        {
            http.Abort();
            return Results.Empty;
        };
        var number = await town.City.FileAsync();
        await town.System.HeardAsync("POST", 1);
        await town.FailingAsync(1);
        town.System.After = _ => null;
        town.System.Asked = _ => Results.StatusCode(503);
        town.Site.Clock.Advance(TimeSpan.FromSeconds(30));
        await town.System.HeardAsync("GET", 1);
        await town.FailingAsync(2);
        town.System.Asked = _ => null;
        town.Site.Clock.Advance(TimeSpan.FromSeconds(120));
        (await town.System.HeardAsync("GET", 2))[1].ShouldStartWith("GET /geo/requests.json?start_date=2026-05-04T05");
        await town.UntilAsync(number, report => report.Reference == "G1");
        town.System.Taken.Count.ShouldBe(1);
        await town.System.HeardAsync("POST", 1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_endpoint_that_fails_for_a_day_is_an_alarm_until_it_takes_something(StoreKind kind)
    {
        await using var town = await Town.NewAsync(kind);
        var west = await town.City.CallerAsync("agent", DeskCity.West);
        town.System.Before = _ => Results.StatusCode(500);
        var number = await town.City.FileAsync();
        await town.System.HeardAsync("POST", 1);
        foreach (var (minutes, attempts) in ((double, int)[])[(0.5, 2), (2, 3), (10, 4), (60, 5), (60, 6), (24 * 60, 7)])
        {
            await town.FailingAsync(attempts - 1);
            (await town.AlarmsAsync(west)).ShouldBeEmpty();
            town.Site.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await town.System.HeardAsync("POST", attempts);
        }
        await Town.UntilAsync(number, async () => (await town.EntriesAsync(number)).Any(entry => entry.Action == "note"));
        (await town.EntriesAsync(number)).Single(entry => entry.Action == "note").ShouldSatisfyAllConditions(entry => entry.Internal.ShouldBeTrue(), entry => entry.Text.In("en").ShouldContain("HTTP 500"));
        (await town.AlarmsAsync(west)).ShouldHaveSingleItem().Error.ShouldBe("HTTP 500");
        (await town.ReportAsync(number)).Holder.ShouldBe(DeskCity.West, "it is in the inbox");
        town.System.Before = _ => null;
        var next = await town.City.FileAsync();
        await town.UntilAsync(next, report => report.Reference == "G1");
        (await town.AlarmsAsync(west)).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_refused_stays_at_the_desk_with_the_reason(StoreKind kind)
    {
        await using var town = await Town.NewAsync(kind);
        town.System.Before = _ => GeoSystem.Errors(400, "The location is outside our town");
        var number = await town.City.FileAsync();
        await Town.UntilAsync(number, async () => (await town.EntriesAsync(number)).Any(entry => entry.Action == "note"));
        var note = (await town.EntriesAsync(number)).Single(entry => entry.Action == "note");
        (note.Internal, note.Text.In("en")).ShouldBe((true, "The system of Commune d’Ouest did not take this report: HTTP 400: The location is outside our town. It is to be dealt with here."));
        var report = await town.ReportAsync(number);
        (report.Holder, report.State, report.Reference).ShouldBe((DeskCity.West, ReportState.Assigned, null));
        town.Site.Clock.Advance(TimeSpan.FromHours(2));
        await Task.Delay(1200);
        await town.System.HeardAsync("POST", 1);
    }

    [Fact]
    public async Task A_token_is_asked_for_until_it_gives_the_id_in_xml_too()
    {
        await using var town = await Town.NewAsync(StoreKind.Sqlite, "\"format\":\"xml\"");
        town.System.Ready = false;
        var number = await town.City.FileAsync();
        await town.System.HeardAsync("POST /geo/requests.xml", 1);
        foreach (var (seconds, times) in ((int, int)[])[(2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (60, 6), (300, 7), (900, 8), (3600, 9)])
        {
            await town.SettledAsync(times - 1);
            town.Site.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await town.System.HeardAsync("GET /geo/tokens/t-G1.xml", times);
        }
        town.System.Ready = true;
        await town.SettledAsync(9);
        town.Site.Clock.Advance(TimeSpan.FromHours(1));
        await town.UntilAsync(number, report => report.Reference == "G1");
    }

    [Fact]
    public async Task Updates_are_asked_for_where_they_are_served()
    {
        await using var town = await Town.NewAsync(StoreKind.Sqlite, "\"updates\":true");
        var number = await town.City.FileAsync();
        await town.UntilAsync(number, report => report.Reference == "G1");
        (town.System.Taken.Single().Status, town.System.Taken.Single().Notes) = ("CLOSED", "Fait.");
        town.Site.Clock.Advance(TimeSpan.FromSeconds(300));
        await town.UntilAsync(number, report => report.State == ReportState.Resolved);
        (await town.System.HeardAsync("GET", 1))[0].ShouldStartWith("GET /geo/servicerequestupdates.json?start_date=");
    }

    [Fact]
    public async Task What_ends_at_the_desk_is_not_asked_about_and_what_came_through_three_systems_goes_no_further()
    {
        await using var town = await Town.NewAsync(StoreKind.Sqlite);
        var number = await town.City.FileAsync();
        await town.UntilAsync(number, report => report.Reference == "G1");
        await town.City.ActAsync(number, "transfer", await town.City.CallerAsync("agent", DeskCity.West), new ActionRequest { Body = DeskCity.East, Reason = "notOurRoad" });
        var round = await town.City.FileAsync(words: "Un trou [Z-2026-000009] [Z-2026-000009] [Z-2026-000009]");
        await Town.UntilAsync(round, async () => (await town.EntriesAsync(round)).Any(entry => entry.Action == "note"));
        town.Site.Clock.Advance(TimeSpan.FromHours(1));
        await town.RowsAsync(rows => rows.All(row => row.EndedAt is not null));
        town.System.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_what_the_channel_may_have_goes_out_and_nothing_of_what_is_not_public()
    {
        await using var town = await Town.NewAsync(StoreKind.Sqlite, "\"contact\":true,\"attributeMap\":{\"inside\":\"IN\",\"depth\":\"D\"}");
        static string Question(string code, string type, int order, string more = "") =>
            $$"""{"code":"{{code}}","datatype":"{{type}}","required":false,"order":{{order}},"variable":true,"text":{"fr":"a","nl":"a","en":"a","de":"a"}{{more}}}""";
        var questions = string.Join(',', Question("depth", "string", 1), Question("own", "string", 2),
            Question("inside", "multivaluelist", 3, ""","values":[{"key":"glass","text":{"fr":"a","nl":"a","en":"a","de":"a"}},{"key":"wood","text":{"fr":"b","nl":"b","en":"b","de":"b"}}]"""));
        var categories = DeskCity.Categories.Replace("\"questions\":[]}", $"\"questions\":[{questions}]}}", StringComparison.Ordinal);
        (await town.City.Get<ImportCategories>().RunAsync(DeskCity.Stream(categories), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        await town.City.ReloadAsync();
        await town.Site.SettleAsync();
        async Task<string> FileAsync(Visibility visibility)
        {
            var sent = new NewReport
            {
                ClientId = town.Site.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Trou", Lang = "fr", Answers = Answers.Parse("inside=glass;inside=wood;depth=10;own=x"),
                Contact = new NewContact { Email = "ada@example.org", Name = "Ada" },
            };
            var filed = await town.Site.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false), (actor, useCase, stop) => town.Site.Get<Writer>().DoAsync(actor, async unit =>
            {
                var outcome = await useCase(unit);
                unit.Store.Set<Report>().Local.Single().Visibility = visibility;
                return outcome;
            }, stop), default);
            return (await Town.ReportAsync(town.City, filed.Value.Id.ToString())).Number;
        }

        await town.UntilAsync(await FileAsync(Visibility.Public), report => report.Reference == "G1");
        var taken = town.System.Taken.Single();
        (taken["email"], taken["first_name"], taken["attribute[IN][]"], taken["attribute[D]"]).ShouldBe(("ada@example.org", "Ada", "glass,wood", "10"));
        taken.Fields.ShouldNotContain("attribute[own]");
        var kept = await FileAsync(Visibility.Private);
        await Town.UntilAsync(kept, async () => (await town.EntriesAsync(kept)).Any(entry => entry.Action == "note"));
        await town.System.HeardAsync("POST", 1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_installations_forward_to_each_other(StoreKind kind)
    {
        await using var north = await TestSite.NewAsync(kind: kind);
        await using var south = await TestSite.NewAsync(kind: kind);
        var (here, there) = (await DeskCity.FoundAsync(north.Services), await DeskCity.FoundAsync(south.Services));
        await Town.ConnectAsync(here, DeskCity.West, $"{south.Address}open311/v2", $"\"apiKey\":\"{await KeyAsync(south)}\"", "{\"road\":\"waste-dump\"}");
        await Town.ConnectAsync(there, DeskCity.West, $"{north.Address}open311/v2", $"\"format\":\"xml\",\"apiKey\":\"{await KeyAsync(north)}\"", "{\"road\":\"waste-dump\"}");

        foreach (var (from, to, site) in ((DeskCity, DeskCity, TestSite)[])[(here, there, north), (there, here, south)])
        {
            var number = await from.FileAsync();
            var reference = (await Town.UntilAsync(from, number, report => report.Reference is not null)).Reference!;
            var copy = await Town.ReportAsync(to, reference);
            (copy.Category, copy.Channel, copy.Lon).ShouldBe(("waste-dump", "open311", 4.35));
            (await Town.WordsAsync(to, copy.Id)).ShouldEndWith($"[Z-{number}]");
            await to.ActAsync(reference, "resolve", await to.CallerAsync("agent", DeskCity.Region), new ActionRequest { Text = Text.Of("fr", "Le dépôt est enlevé.") });
            site.Clock.Advance(TimeSpan.FromSeconds(300));
            await Town.UntilAsync(from, number, report => report.State == ReportState.Resolved);
            (await Town.EntriesAsync(from, number)).Single(entry => entry.Action == "resolve").Text.In("fr").ShouldBe("Le dépôt est enlevé.");
        }
    }

    private static async Task<string> KeyAsync(TestSite site) => (await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("the other town", ["open311"]))).Value.Secret;

    /// <summary>The small city whose west has an endpoint of its own.</summary>
    private sealed class Town(TestSite site, GeoSystem system, DeskCity city) : IAsyncDisposable
    {
        public TestSite Site => site;

        public GeoSystem System => system;

        public DeskCity City => city;

        public static async Task<Town> NewAsync(StoreKind kind, string more = "\"updates\":false")
        {
            var site = await TestSite.NewAsync(kind: kind);
            var system = await GeoSystem.StartAsync();
            var city = await DeskCity.FoundAsync(site.Services);
            await ConnectAsync(city, DeskCity.West, system.Url, more, "{\"road\":\"ROAD\",\"road-hole\":\"POT\"}");
            return new Town(site, system, city);
        }

        public static async Task ConnectAsync(DeskCity city, string body, string url, string more, string services)
        {
            var channel = $"{{\"type\":\"open311\",\"url\":\"{url}\",\"serviceMap\":{services},\"allowPrivate\":true,{more}}}";
            var at = DeskCity.Bodies.IndexOf("[{\"type\":\"inbox\"}]", DeskCity.Bodies.IndexOf($"\"id\":\"{body}\"", StringComparison.Ordinal), StringComparison.Ordinal) + 1;
            (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(DeskCity.Bodies.Insert(at, channel + ",")), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
            await city.ReloadAsync();
        }

        public static async Task<Report> ReportAsync(DeskCity city, string number)
        {
            await using var store = city.Get<Database>().Open();
            return (await ReadReport.FindAsync(store, number, false, default))!;
        }

        public static async Task<string> WordsAsync(DeskCity city, Guid id)
        {
            await using var store = city.Get<Database>().Open();
            return (await store.Set<ReportWordsRow>().SingleAsync(words => words.ReportId == id)).Description;
        }

        public static async Task<IReadOnlyList<ReportEntry>> EntriesAsync(DeskCity city, string number)
        {
            await using var store = city.Get<Database>().Open();
            return (await new ReadReport(store).DetailAsync(number, default))!.Entries;
        }

        public static async Task<Report> UntilAsync(DeskCity city, string number, Func<Report, bool> holds)
        {
            var report = await ReportAsync(city, number);
            for (var wait = 0; !holds(report) && wait < 750; wait++)
            {
                await Task.Delay(20);
                report = await ReportAsync(city, number);
            }
            holds(report).ShouldBeTrue($"{report.State} {report.Reference}");
            return report;
        }

        public Task<Report> ReportAsync(string number) => ReportAsync(city, number);

        public Task<IReadOnlyList<ReportEntry>> EntriesAsync(string number) => EntriesAsync(city, number);

        public Task<Report> UntilAsync(string number, Func<Report, bool> holds) => UntilAsync(city, number, holds);

        public static async Task UntilAsync(string number, Func<Task<bool>> holds)
        {
            for (var wait = 0; !await holds() && wait < 750; wait++)
            {
                await Task.Delay(20);
            }
            (await holds()).ShouldBeTrue(number);
        }

        /// <summary>Waits until so many attempts were marked as not answered, which a clock that is moved too soon would not be.</summary>
        public Task FailingAsync(int attempts) => RowsAsync(rows => rows.Any(row => row.Attempts == attempts && row.FailingSince is not null && row.DueAt - site.Clock.NowMicros() != TimeSpan.FromMinutes(4).ToMicros()));

        /// <summary>Waits until a token was asked for so often.</summary>
        public Task SettledAsync(int times) => RowsAsync(rows => rows.Any(row => row.State == ForwardState.Promised && row.Attempts == times && row.DueAt - site.Clock.NowMicros() != TimeSpan.FromMinutes(4).ToMicros()));

        public async Task RowsAsync(Func<IReadOnlyList<Forward>, bool> holds)
        {
            IReadOnlyList<Forward> rows = [];
            for (var wait = 0; wait < 750; wait++)
            {
                await using var store = site.Get<Database>().Open();
                rows = await store.Set<Forward>().AsNoTracking().ToListAsync();
                if (holds(rows))
                {
                    return;
                }
                await Task.Delay(20);
            }
            holds(rows).ShouldBeTrue(string.Join('\n', rows.Select(row => $"{row.State} {row.Attempts} {row.Error}")));
        }

        public async Task<IReadOnlyList<ChannelAlarm>> AlarmsAsync(Caller caller)
        {
            await using var store = site.Get<Database>().Open();
            return await ChannelAlarm.OfAsync(store, caller, site.Get<BodyMap>(), site.Clock.NowMicros(), default);
        }

        public async ValueTask DisposeAsync()
        {
            await site.DisposeAsync();
            await system.DisposeAsync();
        }
    }
}
