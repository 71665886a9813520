using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What somebody sent, follows and supports, by account or by a link that opens once (R14).</summary>
public class MyReportsTests
{
    private const string Ada = "ada@example.org", Grace = "grace@example.org";

    [Theory, OnSqlite, OnPostgres]
    public async Task The_list_holds_what_one_sent_follows_and_supports_newest_first_and_erasing_leaves_the_reports(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var own = await city.FileAsync(email: Ada);
        var others = await city.FileAsync(email: Grace);
        var supported = await city.FileAsync();
        var hidden = await city.FileAsync();
        var caller = await city.CallerAsync("agent", DeskCity.West, name: "ada");
        await city.Get<FollowReports>().RunAsync(Followed.One(await IdAsync(store, others)), new Follower(Ada, "fr", MailPace.AtOnce, null, true), Actor.Anonymous, city.Get<Writer>().DoAsync, default);
        foreach (var number in new[] { supported, hidden })
        {
            (await city.Get<SupportReport>().RunAsync(number, SupportReport.NameOf(caller.Actor), caller.Actor, default)).Refusal.ShouldBeNull();
        }
        await using (var context = store.Database.Open())
        {
            (await context.Set<Report>().Where(r => r.Number == hidden).ExecuteUpdateAsync(set => set.SetProperty(r => r.Visibility, Visibility.Hidden))).ShouldBe(1);
        }
        var person = new Person(caller.Account, Ada);
        (await ListAsync(store, person)).ShouldBe([(supported, MineBy.Supported), (own, MineBy.Sent)], "what is asked for and not confirmed is not followed yet, and what is hidden is nobody's but its sender's");
        await using (var context = store.Database.Open())
        {
            await context.Set<Subscription>().ExecuteUpdateAsync(set => set.SetProperty(s => s.ConfirmedAt, 1));
        }
        (await ListAsync(store, person)).ShouldBe([(supported, MineBy.Supported), (others, MineBy.Followed), (own, MineBy.Sent)]);
        (await ListAsync(store, new Person(null, Grace))).ShouldBe([(others, MineBy.Sent)]);
        (await ListAsync(store, new Person(caller.Account, null))).ShouldBe([(supported, MineBy.Supported)], "an address that was not shown to be theirs finds nothing");

        foreach (var email in (string[])[Ada, Grace])
        {
            await TellFollowersTests.FollowAsync(city, email, Followed.Everything with { Area = "1" }, pace: MailPace.Daily);
        }
        await using (var context = store.Database.Open())
        {
            var places = await context.Set<Subscription>().Where(s => s.Area == "1").ToListAsync();
            await city.Get<Writer>().DoAsync(Actor.System, unit => city.Get<Mails>().PostAsync(unit, [.. places.Select(s => new Message("reports.mail.newNear", "1", s.Email, "fr", "1", "", "", "", "", "") { About = s.About, Pace = MailPace.Daily })]));
        }

        await using var scope = store.Services.CreateAsyncScope();
        var mine = scope.ServiceProvider.GetRequiredService<MyReports>();
        (await mine.ExportAsync(person, default))["reports.contact"].Count.ShouldBe(1);
        (await mine.EraseAsync(person, Actor.Anonymous, default)).Value.ShouldBe(3);
        await using (var context = store.Database.Open())
        {
            (await context.Set<Consent>().Where(c => c.AboutKind == Subscription.Kind).Select(c => c.Email).ToListAsync()).ShouldBe([Grace], "what was agreed goes with what was followed");
            (await context.Set<MailRow>().Where(m => m.State == MailState.Held).Select(m => m.Address).ToListAsync()).ShouldBe([Grace], "nor is a digest sent");
            (await context.Set<MailPaceRow>().Select(p => p.Address).ToListAsync()).ShouldBe([Grace]);
        }
        (await mine.EraseAsync(person, Actor.Anonymous, default)).Value.ShouldBe(0);
        (await ListAsync(store, person)).ShouldBe([(supported, MineBy.Supported)]);
        (await ListAsync(store, new Person(null, Grace))).ShouldBe([(others, MineBy.Sent)], "others keep theirs");
        await using (var context = store.Database.Open())
        {
            var kept = await context.Set<Subscription>().SingleAsync();
            kept.Email.ShouldBe(Grace);
            (await SubscriptionData.Erasable.Again(store.Services, kept.Id.ToString(), default)).Value.ShouldBeTrue("a restored backup that held it");
            (await SubscriptionData.Erasable.Again(store.Services, kept.Id.ToString(), default)).Value.ShouldBeFalse();
            (await context.Set<Subscription>().CountAsync()).ShouldBe(0);
        }
        (await IdAsync(store, own)).ShouldNotBe(Guid.Empty);

        var data = store.Services.GetServices<PersonalData>().Single(part => part.Key == "reports.support");
        await using var open = store.Database.Open();
        (await data.ExportAsync(open, person, default)).Count.ShouldBe(2, "also what only the person may know of");
        await city.Get<Writer>().DoAsync(Actor.System, async unit => (await data.EraseAsync(unit, person, default)).ShouldBe(2));
        (await ListAsync(store, person)).ShouldBeEmpty();
        (await open.Set<ReportSupport>().CountAsync()).ShouldBe(2, "the support counts on");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_page_follows_the_one_before(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var sent = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            sent.Insert(0, await city.FileAsync(email: Ada));
        }
        await using var scope = store.Services.CreateAsyncScope();
        var mine = scope.ServiceProvider.GetRequiredService<MyReports>();
        var first = await mine.PageAsync(new Person(null, Ada), null, default);
        var second = await mine.PageAsync(new Person(null, Ada), first.Next, default);
        (first.Total, first.Rows.Count, second.Rows.Count, second.Next).ShouldBe((23, 20, 3, null));
        first.Rows.Concat(second.Rows).Select(row => row.Report.Number).ShouldBe(sent);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_link_opens_once_within_three_days_and_is_kept_as_a_hash(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var access = store.Get<MineAccess>();
        var secret = await LinkAsync(store, Ada);
        (await access.PeekAsync(secret, default)).ShouldBe(Ada);
        (await access.PeekAsync(secret, default)).ShouldBe(Ada, "looking changes nothing");
        var used = await Task.WhenAll(access.UseAsync(secret, default), access.UseAsync(secret, default));
        used.Count(one => one.Ok).ShouldBe(1, "of two clicks at once one opens");
        var anonymous = Caller.Anonymous("fr");
        var token = used.Single(one => one.Ok).Value;
        access.Of(anonymous, token).ShouldBe(new Person(null, Ada));
        access.Of(anonymous, token[..^2] + "AA").ShouldBeNull();
        access.Of(anonymous, null).ShouldBeNull();
        (await access.PeekAsync(secret, default)).ShouldBeNull();
        (await access.UseAsync("nothing", default)).Refusal!.Kind.ShouldBe(RefusalKind.Gone);
        store.Clock.Advance(TimeSpan.FromMinutes(61));
        access.Of(anonymous, token).ShouldBeNull("after an hour it is over");

        var late = await LinkAsync(store, Ada);
        store.Clock.Advance(MineLink.Life + TimeSpan.FromSeconds(1));
        (await access.PeekAsync(late, default)).ShouldBeNull();
        (await store.Get<Writer>().DoAsync<int>(Actor.System, async unit => await new MineData().RetainAsync(unit, default))).Value.ShouldBe(2);
        (await store.Get<Writer>().DoAsync<int>(Actor.System, async unit => await new MineData().RetainAsync(unit, default))).Value.ShouldBe(0);
    }

    /// <summary>Asks for a link, and reads it out of the mail.</summary>
    private static async Task<string> LinkAsync(TestStore store, string email)
    {
        (await store.Get<MineAccess>().AskAsync(email, "nl", default)).Refusal.ShouldBeNull();
        await using var context = store.Database.Open();
        var mail = await context.Set<MailRow>().Where(m => m.Notice == MineAccess.Notice).OrderByDescending(m => m.MadeAt).ThenByDescending(m => m.Id).FirstAsync();
        var secret = System.Text.RegularExpressions.Regex.Match(System.Text.Json.JsonSerializer.Serialize(mail), "mine/link\\?t=([A-Za-z0-9_-]+)").Groups[1].Value;
        secret.Length.ShouldBeGreaterThan(20);
        var kept = await context.Set<MineLink>().Select(link => link.Hash).ToListAsync();
        kept.ShouldAllBe(hash => hash.Length == 32);
        return secret;
    }

    private static async Task<List<(string, MineBy)>> ListAsync(TestStore store, Person person)
    {
        await using var scope = store.Services.CreateAsyncScope();
        var page = await scope.ServiceProvider.GetRequiredService<MyReports>().PageAsync(person, null, default);
        return [.. page.Rows.Select(row => (row.Report.Number, row.By))];
    }

    private static async Task<Guid> IdAsync(TestStore store, string number)
    {
        await using var context = store.Database.Open();
        return await context.Set<Report>().Where(r => r.Number == number).Select(r => r.Id).FirstAsync();
    }
}
