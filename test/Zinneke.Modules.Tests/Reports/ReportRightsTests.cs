using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Who sees and does what to a report, in whose name, and what is shown, told and kept of it.</summary>
public class ReportRightsTests
{
    private static readonly Acting Stranger = new(Caller.Anonymous("fr"), false), Reporter = new(Caller.Anonymous("fr"), true);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_hidden_report_is_there_for_its_reporter_and_staff_alone(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        var west = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(number, "resolve", west, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        await city.ActAsync(number, "hide", west);
        var east = new Acting(await city.CallerAsync("agent", DeskCity.East), false);
        foreach (var acting in new[] { Stranger, east, Stranger with { Via = DeskCity.East } })
        {
            foreach (var action in new[] { "reopen", "confirm", "comment", "fly" })
            {
                (await TryAsync(store, number, action, acting, new ActionRequest { Reason = "notSolved", Version = 1 })).ShouldBe("reports.unknownReport");
            }
            (await store.Get<AddPhotos>().RunAsync(number, [], acting, default)).Refusal.ShouldNotBeNull();
        }
        (await TryAsync(store, number, "hide", new Acting(west, false))).ShouldBe("reports.actionNotAllowed", "it is hidden already");
        (await TryAsync(store, number, "reopen", new Acting(await city.CallerAsync("agent", DeskCity.Region), false), new ActionRequest { Reason = "notSolved" })).ShouldBeNull("the parent body sees it");
        (await TryAsync(store, number, "accept", Stranger with { Via = DeskCity.West })).ShouldBeNull("who has the reply link sees it");
        (await TryAsync(store, number, "comment", Reporter, new ActionRequest { Text = Text.Of("fr", "Merci") })).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_has_a_private_category_is_never_shown_whole_and_its_photos_follow(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var categories = DeskCity.Categories.Replace("\"code\":\"waste-dump\",", "\"code\":\"waste-dump\",\"private\":true,", StringComparison.Ordinal);
        (await city.Get<ImportCategories>().RunAsync(DeskCity.Stream(categories), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        var number = await city.FileAsync();
        var file = await AddPhotoAsync(store, number);
        var (west, region) = (new Acting(await city.CallerAsync("agent", DeskCity.West), false), new Acting(await city.CallerAsync("agent", DeskCity.Region), false));
        (await TryAsync(store, number, "show", west)).ShouldBe("reports.actionNotAllowed", "it is shown");
        (await TryAsync(store, number, "recategorise", west, new ActionRequest { Category = "waste-dump" })).ShouldBeNull();
        (await SeenAsync(store, number, file)).ShouldBe((Visibility.Private, FileVisibility.Hidden));
        (await TryAsync(store, number, "show", region)).ShouldBe("reports.actionNotAllowed", "it cannot be shown further");
        (await TryAsync(store, number, "hide", region)).ShouldBeNull();
        (await TryAsync(store, number, "show", region)).ShouldBeNull();
        (await SeenAsync(store, number, file)).ShouldBe((Visibility.Private, FileVisibility.Hidden), "as far as its category allows");

        var hole = await city.FileAsync();
        var shown = await AddPhotoAsync(store, hole);
        foreach (var (action, visibility, photo) in new[] { ("setPrivate", Visibility.Private, FileVisibility.Hidden), ("show", Visibility.Public, FileVisibility.Public), ("hide", Visibility.Hidden, FileVisibility.Hidden), ("show", Visibility.Public, FileVisibility.Public) })
        {
            (await TryAsync(store, hole, action, west)).ShouldBeNull();
            (await SeenAsync(store, hole, shown)).ShouldBe((visibility, photo), action);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_crew_of_a_body_above_leaves_the_work_to_the_holder(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        var done = new ActionRequest { Text = Text.Of("fr", "Réparé") };
        (await TryAsync(store, number, "resolve", new Acting(await city.CallerAsync("crew", DeskCity.Region), false), done)).ShouldBe("reports.notYourReport");
        var photo = await AddPhotoAsync(store, number);
        var before = new ActionRequest { Photo = await PhotoIdAsync(store, photo) };
        var crew = new Acting(await city.CallerAsync("crew", DeskCity.West), false);
        (await TryAsync(store, number, "resolve", crew, before)).ShouldBe("reports.required", "a photo of the problem shows no repair");
        (await TryAsync(store, number, "resolve", crew, done)).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_history_names_the_body_that_acted_and_where_the_report_went(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        (await TryAsync(store, number, "reject", Stranger with { Via = DeskCity.West }, new ActionRequest { Reason = "notOurRoad", SuggestedBody = DeskCity.East })).ShouldBeNull();
        (await TryAsync(store, number, "accept", Stranger with { Via = DeskCity.East })).ShouldBeNull();
        (await TryAsync(store, number, "assign", new Acting(await city.CallerAsync("agent", DeskCity.Region), false), new ActionRequest { Body = DeskCity.Water, Reason = "a sentence, not a code" })).ShouldBeNull();
        (await TryAsync(store, number, "comment", Reporter, new ActionRequest { Text = Text.Of("fr", "Merci"), Reason = "call 0470 00 00 00" })).ShouldBeNull();
        (await city.Get<SupportReport>().RunAsync(number, "net:1", Actor.Anonymous, default)).Refusal.ShouldBeNull();
        await using var context = store.Database.Open();
        var detail = (await new ReadReport(context).DetailAsync(number, default))!;
        detail.ForPublic(false, null).History.Select(e => (e.Action, e.By, e.To, e.Reason)).ShouldBe(
        [
            ("submit", null, null, null), ("reject", DeskCity.West, DeskCity.East, "notOurRoad"), ("accept", DeskCity.East, null, null),
            ("assign", DeskCity.Region, DeskCity.Water, "other"), ("comment", null, null, "other"), ("support", null, null, null),
        ]);
        var json = JsonSerializer.SerializeToElement(ReportJson.Of(detail, city.Get<RoutingMap>().Current.Map, "fr", staff: false), Json.Options);
        json.GetProperty("history")[1].GetProperty("by").GetProperty("id").GetString().ShouldBe(DeskCity.West);
        json.GetProperty("history")[1].GetProperty("body").GetProperty("id").GetString().ShouldBe(DeskCity.East);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_audit_trail_keeps_what_events_leave_out(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        var west = await city.CallerAsync("agent", DeskCity.West);
        var from = Instants.FromMicros(store.Clock.NowMicros()).AddDays(2);
        await city.ActAsync(number, "register", west, new ActionRequest { Reference = "W-77" });
        await city.ActAsync(number, "accept", west);
        await city.ActAsync(number, "plan", west, new ActionRequest { PlannedFrom = from });
        await city.ActAsync(number, "setPriority", west, new ActionRequest { Priority = Priority.High });
        await city.ActAsync(number, "assignPerson", west, new ActionRequest { Person = west.Account });
        await city.ActAsync(number, "hold", west, new ActionRequest { Reason = "weather" });
        await city.ActAsync(number, "move", west, new ActionRequest { Lon = 4.36, Lat = 50.86 });
        (await city.Get<SupportReport>().RunAsync(number, "net:1", Actor.Anonymous, default)).Refusal.ShouldBeNull();
        (await city.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        await using var context = store.Database.Open();
        var rows = await context.Set<AuditRow>().Where(a => a.SubjectKind == "report").OrderBy(a => a.EventId).ToListAsync();
        var pairs = rows.ConvertAll(row => (Before: JsonDocument.Parse(row.Before!).RootElement, After: JsonDocument.Parse(row.After!).RootElement));
        static string Of(JsonElement facts, string field) => facts.TryGetProperty(field, out var value) ? value.ToString() : "";
        string Changes(string field) => string.Join(' ', pairs.Select(p => (From: Of(p.Before, field), To: Of(p.After, field))).Where(p => p.From != p.To).Select(p => $"{p.From}>{p.To}"));
        foreach (var (name, change) in new[]
        {
            ("reference", ">W-77"), ("state", "assigned>accepted accepted>planned planned>onHold"), ("priority", "normal>high"), ("assignee", $">{west.Account}"),
            ("plannedFrom", $">{from.ToMicros()}"), ("holdReason", ">weather"), ("lon", "4.35>4.36"), ("supportCount", "0>1"), ("contact", "True>False"),
        })
        {
            Changes(name).ShouldBe(change, name);
        }
        rows.ShouldAllBe(row => !row.Before!.Contains("example.org") && !row.After!.Contains("example.org"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_address_that_says_no_place_waits_at_the_coordinator_who_assigns_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (number, other) = (await SendAsync(store, "Quelque part derrière la gare"), await SendAsync(store, "Près du pont"));
        var report = await ReadAsync(store, number);
        (report.State, report.Holder, report.DueAt, report.HolderDueAt, report.ChosenByRule).ShouldBe((ReportState.Submitted, DeskCity.Region, null, null, false));
        var region = await city.CallerAsync("agent", DeskCity.Region);
        await using (var context = store.Database.Open())
        {
            DeskSight.Of(region, (await new ReadReport(context).DetailAsync(number, default))!, store.Clock.NowMicros()).Report.ShouldBeTrue();
        }
        (await TryAsync(store, number, "accept", new Acting(region, false))).ShouldBe("reports.actionNotAllowed");
        store.Clock.Advance(TimeSpan.FromHours(3));
        await city.ActAsync(number, "setPriority", region, new ActionRequest { Priority = Priority.High });
        (await ReadAsync(store, number)).DueAt.ShouldBeNull("no time is promised before somebody has it");
        await city.ActAsync(number, "assign", region, new ActionRequest { Body = DeskCity.West });
        report = await ReadAsync(store, number);
        (report.State, report.Holder, report.Hops).ShouldBe((ReportState.Assigned, DeskCity.West, 0));
        report.DueAt.ShouldBe(DueDate.Of(report.CreatedAt, new Sla(5, SlaUnit.Workdays), city.Get<RoutingMap>().Current.Map.CalendarOf(DeskCity.West)));
        report.HolderSince.ShouldBe(store.Clock.NowMicros());

        await city.ActAsync(other, "recategorise", region, new ActionRequest { Category = "road-gully" });
        (await ReadAsync(store, other)).State.ShouldBe(ReportState.Submitted, "the place is still not known");
        await city.ActAsync(other, "move", region, new ActionRequest { Lon = 4.45, Lat = 50.85 });
        report = await ReadAsync(store, other);
        (report.State, report.Holder, report.Hops, report.ChosenByRule).ShouldBe((ReportState.Assigned, DeskCity.Water, 0, true));
        var last = await SendAsync(store, "Là-bas");
        await city.ActAsync(last, "assign", region, new ActionRequest { Body = DeskCity.Region });
        (await ReadAsync(store, last)).State.ShouldBe(ReportState.Assigned, "the coordinator keeps it");
        await store.SettleAsync();
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Fact]
    public async Task Mails_say_where_a_report_went_once_and_pass_on_no_words_of_strangers()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var bodies = DeskCity.Bodies.Replace("\"channels\":[{\"type\":\"inbox\"}]", "\"channels\":[{\"type\":\"email\",\"address\":\"desk@example.org\"}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refused.ShouldBe(0);
        await city.ReloadAsync();
        var sent = new NewReport
        {
            ClientId = store.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Un trou", Lang = "fr", Subscribe = true, Contact = new NewContact { Email = "ada@example.org" },
        };
        var number = (await store.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false), store.Writer.DoAsync, default)).Value.Id.ToString();
        var west = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(number, "move", west, new ActionRequest { Lon = 4.36, Lat = 50.86 });
        (await MailsAsync(store)).ShouldBe(["ada@example.org reports.mail.received", "desk@example.org reports.mail.toBody"], ignoreOrder: true, "nobody hears of a pin that leaves the report where it is");
        await city.ActAsync(number, "recategorise", west, new ActionRequest { Category = "road-gully" });
        (await MailsAsync(store)).ShouldBe(["ada@example.org reports.mail.nowWith", "desk@example.org reports.mail.toBody"], ignoreOrder: true);
        await city.ActAsync(number, "resolve", await city.CallerAsync("agent", DeskCity.Water), new ActionRequest { Text = Text.Of("fr", "Grille nettoyee") });
        (await MailsAsync(store, "Grille nettoyee")).ShouldBe(["ada@example.org reports.mail.resolved"]);
        (await TryAsync(store, number, "reopen", Stranger, new ActionRequest { Reason = "notSolved", Text = Text.Of("fr", "Gagnez un prix sur example.com") })).ShouldBeNull();
        (await MailsAsync(store, null, "Gagnez")).ShouldBe(["ada@example.org reports.mail.reopened", "desk@example.org reports.mail.toBody"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_receipt_says_why_and_names_no_day_before_one_is_promised()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        await city.FileAsync(email: "ada@example.org", lang: "fr");
        await city.FileAsync(lon: null, email: "ada@example.org", lang: "fr");
        await store.SettleAsync();
        await using var context = store.Database.Open();
        var contents = (await context.Set<MailRow>().OrderBy(mail => mail.Id).ToListAsync()).ConvertAll(mail => JsonSerializer.Deserialize<MailContent>(mail.Content!, Json.Options)!.Text);
        contents[0].ShouldStartWith("Merci. Commune d’Ouest a reçu votre signalement. À régler pour le lundi 11 mai 2026. C’est une voirie communale. Le lien");
        contents[1].ShouldStartWith("Merci. Région a reçu votre signalement. Le lien");
    }

    /// <summary>What was posted since the last look.</summary>
    private static async Task<IEnumerable<string>> MailsAsync(TestStore store, string? holds = null, string? lacks = null)
    {
        await store.SettleAsync();
        store.Clock.Advance(TimeSpan.FromMinutes(1)); // The next event has an instant of its own.
        return await store.Writer.DoAsync<List<string>>(Actor.System, async unit =>
        {
            var rows = await unit.Store.Set<MailRow>().ToListAsync();
            foreach (var row in rows)
            {
                var content = row.Content.ShouldNotBeNull();
                content.ShouldContain(holds ?? "");
                content.ShouldNotContain(lacks ?? "\0");
            }
            unit.Store.RemoveRange(rows);
            return rows.ConvertAll(row => $"{row.Address} {row.Notice}");
        }) is { Ok: true } found ? found.Value : [];
    }

    private static async Task<string> SendAsync(TestStore store, string address)
    {
        var sent = new NewReport { ClientId = store.Get<Ids>().Next(), Category = "road-hole", Address = address, Description = "Un trou", Lang = "fr" };
        var filed = await store.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false), store.Writer.DoAsync, default);
        return filed.Value.Id.ToString();
    }

    /// <returns>Id of the stored file.</returns>
    private static async Task<Guid> AddPhotoAsync(TestStore store, string number)
    {
        var id = store.Get<Ids>().Next();
        await store.Writer.DoAsync(Actor.System, async unit =>
        {
            var report = (await ReadReport.FindAsync(unit.Store, number, false, default))!;
            var file = new StoredFile { Id = id, Hash = id.ToString("N") + id.ToString("N"), Format = PhotoFormat.Jpeg, Bytes = 1, Width = 1, Height = 1, Orientation = 1, CreatedAt = unit.Now };
            file.Claim(FileVisibility.Public);
            unit.Store.AddRange(file, new ReportPhoto { Id = unit.NextId(), ReportId = report.Id, FileId = id, Order = 0 });
        });
        return id;
    }

    private static async Task<Guid> PhotoIdAsync(TestStore store, Guid file)
    {
        await using var context = store.Database.Open();
        return (await context.Set<ReportPhoto>().SingleAsync(p => p.FileId == file)).Id;
    }

    private static async Task<(Visibility Report, FileVisibility Photo)> SeenAsync(TestStore store, string number, Guid file)
    {
        await using var context = store.Database.Open();
        return ((await ReadReport.FindAsync(context, number, false, default))!.Visibility, (await context.Set<StoredFile>().SingleAsync(f => f.Id == file)).Visibility);
    }

    private static async Task<Report> ReadAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return (await ReadReport.FindAsync(context, number, false, default))!;
    }

    private static async Task<string?> TryAsync(TestStore store, string number, string action, Acting acting, ActionRequest? request = null) =>
        (await store.Get<ActOnReport>().RunAsync(number, action, request ?? new ActionRequest(), acting, store.Writer.DoAsync, default)).Refusal?.Code;
}
