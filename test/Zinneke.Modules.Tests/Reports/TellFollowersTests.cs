using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Who follows hears of what was asked for, once for each event (reports.md R11, kernel.md K28).</summary>
public class TellFollowersTests
{
    private static readonly LonLat Corner = new(4.35, 50.85);

    [Theory, OnSqlite, OnPostgres]
    public async Task An_area_and_a_circle_hear_of_what_is_new_and_how_it_ended_and_nobody_hears_twice(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await StartAsync(store);
        await FollowAsync(city, "area@example.org", Followed.Everything with { Area = "1" });
        await FollowAsync(city, "other-area@example.org", Followed.Everything with { Area = "2" });
        await FollowAsync(city, "circle@example.org", Followed.Everything with { Around = Corner, RadiusMetres = 50 });
        await FollowAsync(city, "circle@example.org", Followed.Everything with { Area = "1" });
        await FollowAsync(city, "near-miss@example.org", Followed.Everything with { Around = new LonLat(4.36, 50.85), RadiusMetres = 500 }); // 702 m away.
        await FollowAsync(city, "roads@example.org", Followed.Everything with { Area = "1", Categories = ["road"] });
        await FollowAsync(city, "waste@example.org", Followed.Everything with { Area = "1", Categories = ["waste"] });
        await FollowAsync(city, "reporter@example.org", Followed.Everything with { Area = "1" });
        await FollowAsync(city, "unconfirmed@example.org", Followed.Everything with { Area = "1" }, confirm: false);

        var number = await city.FileAsync(email: "reporter@example.org");
        await store.SettleAsync();
        (await ToldAsync(store)).ShouldBe(["area@example.org newNear", "circle@example.org newNear", "reporter@example.org received", "roads@example.org newNear"]);

        var agent = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(number, "accept", agent);
        await store.SettleAsync();
        (await ToldAsync(store)).Count(line => line.EndsWith(" followed", StringComparison.Ordinal)).ShouldBe(0, "a step in between is news of the report, not of the place");
        await city.ActAsync(number, "resolve", agent, new ActionRequest { Text = Text.Of("fr", "C’est réparé.") });
        await store.SettleAsync();
        (await ToldAsync(store)).Where(line => line.EndsWith(" followed", StringComparison.Ordinal))
            .ShouldBe(["area@example.org followed", "circle@example.org followed", "reporter@example.org followed", "roads@example.org followed"], "who sent it without asking for news follows the area all the same");
        (await MailsAsync(store)).Last(m => m.Address == "area@example.org").Content!.ShouldContain(" est encore ", Case.Sensitive, "who follows a place is not asked whether it is solved");
    }

    /// <summary>Through an app with a key, or signed in and with the private link: neither is a message of the body.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_added_in_the_place_of_the_reporter_is_no_message_of_the_body(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await StartAsync(store);
        var number = await city.FileAsync(email: "reporter@example.org", subscribe: true);
        await store.SettleAsync();
        await FollowAsync(city, "follower@example.org", Followed.One(await IdOfAsync(store, number)));
        var before = await ToldAsync(store);
        var secret = (await store.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("an app", ["open311"]))).Value.Secret;
        var (app, agent) = ((await store.Get<Callers>().OfKeyAsync(secret, "fr"))!, await city.CallerAsync("agent", DeskCity.West));
        var said = await city.Get<ActOnReport>().RunAsync(number, "comment", new ActionRequest { Text = Text.Of("fr", "Toujours là") }, new Acting(app, IsReporter: true), store.Writer.DoAsync, default);
        said.Refusal.ShouldBeNull();
        await store.SettleAsync();
        (await ToldAsync(store)).ShouldBe(before);
        await city.ActAsync(number, "comment", agent, new ActionRequest { Text = Text.Of("fr", "Nous venons") });
        await store.SettleAsync();
        (await ToldAsync(store)).Count.ShouldBe(before.Count + 2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_waits_to_be_looked_at_is_new_once_it_is_published(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, null, (Terms.All.Single(setting => setting.Name == "reports.moderation"), "before"));
        var city = await StartAsync(store);
        await FollowAsync(city, "area@example.org", Followed.Everything with { Area = "1" });
        var agent = await city.CallerAsync("agent", DeskCity.West);
        var (over, slow, quick) = (await city.FileAsync(), await city.FileAsync(), await city.FileAsync());
        await city.ActAsync(over, "decline", agent, new ActionRequest { Reason = "nothingFound", Text = Text.Of("fr", "Rien vu.") });
        await city.ActAsync(quick, "publish", agent); // Before anybody was told of anything.
        await store.SettleAsync();
        (await ToldAsync(store)).ShouldBe(["area@example.org newNear"]);
        await city.ActAsync(slow, "publish", agent);
        await city.ActAsync(over, "publish", agent); // Nobody needs to hear as new what has ended.
        await store.SettleAsync();
        (await ToldAsync(store)).ShouldBe(["area@example.org newNear", "area@example.org newNear"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_follower_of_a_report_hears_its_steps_in_the_own_language_at_the_chosen_pace_until_it_is_stopped(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await StartAsync(store);
        var number = await city.FileAsync();
        await store.SettleAsync();
        var id = await IdOfAsync(store, number);
        await FollowAsync(city, "nl@example.org", Followed.One(id), "nl");
        await FollowAsync(city, "daily@example.org", Followed.One(id), pace: MailPace.Daily);
        var agent = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(number, "accept", agent);
        await store.SettleAsync();
        var mails = await MailsAsync(store);
        mails.Select(m => (m.Address, m.State)).ShouldBe([("daily@example.org", MailState.Held), ("nl@example.org", MailState.Waiting)], ignoreOrder: true);
        var dutch = mails.Single(m => m.Address == "nl@example.org");
        (dutch.Language, dutch.Content!.Contains("Put, West: ", StringComparison.Ordinal)).ShouldBe(("nl", true), dutch.Content);

        await Mails.ChoosePaceAsync(city.Get<Writer>(), "nl@example.org", new Subject("report", id), MailPace.Never);
        await city.ActAsync(number, "decline", agent, new ActionRequest { Reason = "nothingFound", Text = Text.Of("fr", "Rien vu.") });
        await store.SettleAsync();
        (await MailsAsync(store)).Count(m => m.Address == "nl@example.org").ShouldBe(1);
        (await MailsAsync(store)).Count(m => m.Address == "daily@example.org").ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Asking_twice_is_one_subscription_and_a_stranger_changes_nothing_of_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await StartAsync(store);
        var what = Followed.Everything with { Area = "1" };
        await FollowAsync(city, "ada@example.org", what, "fr", MailPace.Weekly);
        await FollowAsync(city, "ada@example.org", what, "nl", MailPace.AtOnce, confirm: false);
        await using var read = store.Database.Open();
        var kept = await read.Set<Subscription>().SingleAsync();
        (kept.Language, await Mails.PaceOfAsync(read, "ada@example.org", kept.About)).ShouldBe(("fr", MailPace.Weekly));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_stopped_unconfirmed_or_over_is_forgotten_and_a_person_takes_the_rest_along(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await StartAsync(store);
        var number = await city.FileAsync();
        var id = await IdOfAsync(store, number);
        await FollowAsync(city, "ada@example.org", Followed.One(id));
        await FollowAsync(city, "ada@example.org", Followed.Everything with { Area = "1" });
        await FollowAsync(city, "ada@example.org", Followed.Everything with { Area = "2" }, confirm: false);
        await FollowAsync(city, "grace@example.org", Followed.Everything with { Area = "1" });
        (await city.Get<Privacy>().ExportAsync(new Person(null, "ada@example.org")))["reports.subscriptions"].Count.ShouldBe(3);
        await using (var read = store.Database.Open())
        {
            (await read.Set<Consent>().Where(c => c.TextKey == FollowReports.Consent).Select(c => c.Email).ToListAsync()).ShouldBe(["ada@example.org", "ada@example.org", "grace@example.org"], ignoreOrder: true);
            var stopped = await read.Set<Subscription>().SingleAsync(s => s.Email == "grace@example.org");
            await Mails.ChoosePaceAsync(city.Get<Writer>(), stopped.Email, stopped.About, MailPace.Never);
        }
        (await RetainAsync(city)).ShouldBe(1, "stopped");
        var other = await IdOfAsync(store, await city.FileAsync());
        await FollowAsync(city, "grace@example.org", Followed.One(other));
        await Mails.ChoosePaceAsync(city.Get<Writer>(), "grace@example.org", new Subject("report", other), MailPace.Never);
        (await RetainAsync(city)).ShouldBe(1, "a report's stopped, while it is open");
        store.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        (await RetainAsync(city)).ShouldBe(1, "never confirmed");
        await city.ActAsync(number, "resolve", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Text = Text.Of("fr", "C’est réparé.") });
        (await RetainAsync(city)).ShouldBe(0);
        store.Clock.Advance(TimeSpan.FromDays(184) + TimeSpan.FromSeconds(1));
        (await RetainAsync(city)).ShouldBe(1, "the report is over");
        await using (var read = store.Database.Open())
        {
            (await read.Set<Consent>().CountAsync(c => c.TextKey == FollowReports.Consent)).ShouldBe(1, "what was agreed goes with what it was for");
        }
        var data = city.Services.GetServices<PersonalData>().OfType<SubscriptionData>().Single();
        var erased = await city.Get<Writer>().DoAsync<int>(Actor.System, async unit => await data.EraseAsync(unit, new Person(null, "ada@example.org"), default));
        erased.Value.ShouldBe(1);
    }

    /// <summary>Box and circle by another road: every place of a grid around the centre, measured on the sphere.</summary>
    [Fact]
    public void A_circle_holds_what_is_nearer_than_its_radius()
    {
        var circle = Followed.Everything with { Around = Corner, RadiusMetres = 1000 };
        for (var x = -20; x <= 20; x++)
        {
            for (var y = -20; y <= 20; y++)
            {
                var place = new LonLat(Corner.Lon + (x * 0.001), Corner.Lat + (y * 0.001));
                var metres = Haversine(Corner, place);
                if (Math.Abs(metres - 1000) > 2)
                {
                    circle.Holds(place).ShouldBe(metres < 1000);
                }
                if (metres < 998)
                {
                    circle.Box!.Value.Contains(place).ShouldBeTrue();
                }
            }
        }
    }

    private static async Task<DeskCity> StartAsync(TestStore store)
    {
        await store.StartAsync();
        return await DeskCity.FoundAsync(store.Services);
    }

    internal static async Task FollowAsync(DeskCity city, string email, Followed what, string language = "fr", MailPace pace = MailPace.AtOnce, bool confirm = true)
    {
        var follow = city.Get<FollowReports>();
        var asked = await follow.RunAsync(what, new Follower(email, language, pace, null, true), Actor.Anonymous, city.Get<Writer>().DoAsync, default);
        asked.Value.Confirmed.ShouldBeFalse();
        if (!confirm)
        {
            return;
        }
        await using var store = city.Get<Database>().Open();
        var letter = await store.Set<MailRow>().AsNoTracking().Where(m => m.Address == email && m.Notice == FollowReports.Asked).OrderByDescending(m => m.Id).FirstAsync();
        var content = letter.Content!;
        var token = content[(content.IndexOf("confirm?t=", StringComparison.Ordinal) + "confirm?t=".Length)..];
        token = token[..token.IndexOf('"', StringComparison.Ordinal)];
        (await follow.ConfirmAsync(city.Get<Writer>(), token, default)).Refusal.ShouldBeNull();
        (await follow.ConfirmAsync(city.Get<Writer>(), token, default)).Refusal.ShouldBeNull("pressing twice is once");
    }

    private static async Task<int> RetainAsync(DeskCity city)
    {
        var data = city.Services.GetServices<PersonalData>().OfType<SubscriptionData>().Single();
        var all = 0;
        for (var gone = 1; gone > 0; all += gone)
        {
            gone = (await city.Get<Writer>().DoAsync<int>(Actor.System, async unit => await data.RetainAsync(unit, default))).Value;
        }
        return all;
    }

    private static async Task<Guid> IdOfAsync(TestStore store, string number)
    {
        await using var read = store.Database.Open();
        return (await ReadReport.FindAsync(read, number, tracked: false, default))!.Id;
    }

    private static async Task<List<MailRow>> MailsAsync(TestStore store)
    {
        await using var read = store.Database.Open();
        return await read.Set<MailRow>().AsNoTracking().Where(m => m.Notice != FollowReports.Asked).OrderBy(m => m.Id).ToListAsync();
    }

    private static async Task<List<string>> ToldAsync(TestStore store) =>
        [.. (await MailsAsync(store)).Select(m => $"{m.Address} {m.Notice[(m.Notice.LastIndexOf('.') + 1)..]}").Order(StringComparer.Ordinal)];

    private static double Haversine(LonLat a, LonLat b)
    {
        const double radians = Math.PI / 180;
        var (dLat, dLon) = ((b.Lat - a.Lat) * radians, (b.Lon - a.Lon) * radians);
        var h = (Math.Sin(dLat / 2) * Math.Sin(dLat / 2)) + (Math.Cos(a.Lat * radians) * Math.Cos(b.Lat * radians) * Math.Sin(dLon / 2) * Math.Sin(dLon / 2));
        return 2 * LocalPlane.EarthRadiusMetres * Math.Asin(Math.Sqrt(h));
    }
}
