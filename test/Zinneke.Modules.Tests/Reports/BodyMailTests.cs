using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What bodies are told by e-mail, and who learns who sent a report.</summary>
public class BodyMailTests
{
    private const string Knowing = "works@example.org", Other = "copy@example.org", Reporter = "ada@example.org";

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_the_channel_that_is_to_know_the_reporter_does_and_forgets_with_everybody(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await CityAsync(store);
        var (waiting, sent) = (await city.FileAsync(email: Reporter), await city.FileAsync(email: Reporter));
        var silent = await city.FileAsync();
        await store.SettleAsync();
        var mails = await ToBodyAsync(store);
        mails.Count.ShouldBe(6);
        foreach (var mail in mails)
        {
            mail.Content!.Contains(Reporter, StringComparison.Ordinal).ShouldBe(mail.Address == Knowing && !mail.Content.Contains(silent, StringComparison.Ordinal), mail.Content);
            store.Get<Mails>().OneClickUrl(mail).ShouldBeNull("it must be told");
            store.Get<Mails>().FooterOf(mail).Count.ShouldBe(1);
        }
        await using (var context = store.Database.Open())
        {
            var gone = await context.Set<MailRow>().SingleAsync(m => m.Address == Knowing && m.Content!.Contains(sent));
            (gone.State, gone.Content) = (MailState.Sent, null);
            await context.SaveChangesAsync();
        }
        store.Get<Words>().Own = new Dictionary<(string, string), string> { [("fr", "reports.mail.contact")] = "Qui a signalé : {0}" }.ToFrozenDictionary(); // In other words than the mail.
        foreach (var number in new[] { waiting, sent })
        {
            (await store.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        }
        mails = await ToBodyAsync(store);
        mails.Count.ShouldBe(5, "what was sent is forgotten");
        mails.ShouldAllBe(mail => !mail.Content!.Contains(Reporter));
        mails.Single(mail => mail.Address == Knowing && mail.Content!.Contains(waiting, StringComparison.Ordinal)).Content!.ShouldContain("Un trou", Case.Sensitive, "the report is told all the same");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_has_lost_a_report_before_the_mail_was_written_learns_no_names(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await CityAsync(store);
        var number = await city.FileAsync(email: Reporter);
        await city.ActAsync(number, "transfer", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Body = DeskCity.Water, Reason = "other" });
        await store.StartAsync();
        await store.SettleAsync();
        (await ToBodyAsync(store)).ShouldAllBe(mail => !mail.Content!.Contains(Reporter));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_unmerged_or_takes_the_place_of_its_target_comes_with_links_to_answer(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await CityAsync(store);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (target, twin, heir) = (await city.FileAsync(), await city.FileAsync(), await city.FileAsync());
        async Task<int> ToldOfAsync(string number)
        {
            await store.SettleAsync();
            return (await ToBodyAsync(store)).Count(mail => mail.Address == Other && mail.Content!.Contains($"/reports/{number}/reply?", StringComparison.Ordinal));
        }
        foreach (var member in new[] { heir, twin })
        {
            await city.ActAsync(member, "merge", west, new ActionRequest { Target = target });
            (await ToldOfAsync(member)).ShouldBe(1);
        }
        await city.ActAsync(target, "accept", west);
        await city.ActAsync(twin, "unmerge", west, new ActionRequest { Reason = "otherPlace" });
        (await ToldOfAsync(twin)).ShouldBe(2);
        (await city.Get<ActOnReport>().RunAsync(target, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        (await ToldOfAsync(heir)).ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_reporter_reads_for_when_it_is_planned_and_which_language_a_body_wrote(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await CityAsync(store);
        var sent = new NewReport { ClientId = store.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Lang = "fr", Contact = new NewContact { Email = Reporter }, Subscribe = true };
        var number = (await store.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false), store.Writer.DoAsync, default)).Value.Number;
        var west = await city.CallerAsync("agent", DeskCity.West);
        await city.ActAsync(number, "accept", west);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        var day = new DateTimeOffset(2026, 5, 11, 0, 0, 0, TimeSpan.FromHours(2));
        await city.ActAsync(number, "plan", west, new ActionRequest { PlannedFrom = day, PlannedTo = day.AddDays(2), Text = Text.Of("nl", "We komen langs.") });
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await city.ActAsync(number, "plan", west, new ActionRequest { PlannedFrom = day, PlannedTo = day.AddHours(23), Text = Text.Of("fr", "Nous venons.") });
        await store.SettleAsync();
        await using var context = store.Database.Open();
        var planned = (await context.Set<MailRow>().AsNoTracking().Where(m => m.Notice == "reports.mail.planned").OrderBy(m => m.MadeAt).ToListAsync()).ConvertAll(m => System.Text.Json.JsonSerializer.Deserialize<MailContent>(m.Content!, Json.Options)!.Text);
        planned.Count.ShouldBe(2);
        planned.ShouldContain(text => text.Contains("du lundi 11 mai 2026 au mercredi 13 mai 2026", StringComparison.Ordinal) && text.Contains("We komen langs. (Langue d’origine", StringComparison.Ordinal));
        planned.ShouldContain(text => text.Contains("lundi 11 mai 2026. Nous venons.", StringComparison.Ordinal));
    }

    private static async Task<DeskCity> CityAsync(TestStore store)
    {
        var city = await DeskCity.FoundAsync(store.Services);
        var bodies = DeskCity.Bodies.Replace(
            "\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]",
            $"\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{{\"type\":\"email\",\"address\":\"{Knowing}\",\"contact\":true}},{{\"type\":\"email\",\"address\":\"{Other}\"}}]",
            StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refused.ShouldBe(0);
        await city.ReloadAsync();
        return city;
    }

    private static async Task<List<MailRow>> ToBodyAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        return await context.Set<MailRow>().AsNoTracking().Where(m => m.Notice == ReportNotices.ToBody).ToListAsync();
    }
}
