using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Who asks to be forgotten is: nothing that the installation keeps says who sent the report, or lets it be guessed (kernel.md K14, K19).</summary>
public class ErasedContactTests
{
    private const string Email = "ada.erased@example.org", Name = "Ada Effacée", Phone = "+32 2 555 01 23";
    private static readonly NewContact Contact = new() { Email = Email, Name = Name, Phone = Phone };

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_is_left_of_who_sent_it_and_sending_it_again_is_still_one_report(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var sent = Sent(store);
        var (id, replayed) = await FileAsync(store, sent);
        replayed.ShouldBeFalse();
        await city.ActAsync(id.ToString(), "accept", await city.CallerAsync("agent", DeskCity.West));
        await store.SettleAsync();
        while (await store.Get<MailSender>().SendDueAsync() > 0)
        {
        }
        var kept = await EverythingAsync(store);
        new[] { Email, Name, Phone }.ShouldAllBe(who => kept.Contains(who));

        (await store.Get<EraseContact>().RunAsync(id.ToString(), Actor.Anonymous, default)).Refusal.ShouldBeNull();
        (await store.Get<EraseContact>().RunAsync(id.ToString(), Actor.Anonymous, default)).Refusal.ShouldBeNull("twice is once");
        await store.SettleAsync();
        kept = await EverythingAsync(store);
        new[] { Email, Name, Phone }.ShouldAllBe(who => !kept.Contains(who));
        kept.ShouldContain("Un trou", Case.Sensitive, "the report stays");
        kept.ShouldNotContain(Convert.ToHexString(sent.ContentHash().AsSpan(16)), Case.Insensitive, "the address could be guessed from it");
        (await store.Get<AuditTrail>().OfAsync(new Subject("report", id))).ShouldAllBe(one => one.State == AuditState.None || one.State == AuditState.Intact);
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);

        (await FileAsync(store, sent)).ShouldBe((id, true));
        (await TryAsync(store, sent with { Description = "Un autre" })).Refusal!.Code.ShouldBe("reports.clientIdReused");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Before_that_another_contact_is_another_report(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var sent = Sent(store);
        var (id, _) = await FileAsync(store, sent);
        (await FileAsync(store, sent)).ShouldBe((id, true));
        foreach (var other in new[] { sent with { Contact = null }, sent with { Contact = Contact with { Name = "Grace" } }, sent with { Lon = 4.36 } })
        {
            (await TryAsync(store, other)).Refusal!.Code.ShouldBe("reports.clientIdReused");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_person_takes_along_and_erases_what_they_sent_with_the_account_or_from_its_address(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.CallerAsync("administrator", null);
        var person = await city.CallerAsync("agent", DeskCity.West, name: "ada.erased");
        var withAccount = (await TryAsync(store, Sent(store) with { Contact = null }, person.Account)).Value.Id;
        var (fromAddress, _) = await FileAsync(store, Sent(store) with { Contact = Contact with { Email = " Ada.Erased@EXAMPLE.org " } });
        var (others, _) = await FileAsync(store, Sent(store) with { Contact = new NewContact { Email = "other@example.org" } });

        var export = (await store.Get<Privacy>().ExportAsync(new Person(person.Account, Email)))["reports.contact"];
        export.Count.ShouldBe(2);
        System.Text.Json.JsonSerializer.Serialize(export[1], Json.Options).ShouldContain("\"description\":\"Un trou\"");
        (await store.Get<Privacy>().EraseAsync(person, person.Account!.Value)).Value["reports.contact"].ShouldBe(2);
        await using var read = store.Database.Open();
        (await read.Set<ReportContact>().Select(c => c.ReportId).ToListAsync()).ShouldBe([others]);
        (await new ReadReport(read).DetailAsync(fromAddress.ToString(), default))!.Entries[^1].Action.ShouldBe("contactErased");
        (await new ReadReport(read).DetailAsync(withAccount.ToString(), default))!.Words!.Description.ShouldBe("Un trou");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_to_be_told_to_other_systems_and_what_is_followed_goes_too(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        const string channels = """{"type":"inbox"},{"type":"webhook","url":"http://127.0.0.1:9/","secret":"a secret of the two","allowPrivate":true,"contact":true},{"type":"open311","url":"http://127.0.0.1:9/open311/v2","serviceMap":{"road":"RD"},"allowPrivate":true,"contact":true}""";
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", $"\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{channels}]", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        var (id, _) = await FileAsync(store, Sent(store));
        var other = (await FileAsync(store, Sent(store) with { Contact = new NewContact { Email = "grace@example.org" } })).Id;
        await store.SettleAsync();
        await TellFollowersTests.FollowAsync(city, Email, Followed.One(other));
        await TellFollowersTests.FollowAsync(city, Email, Followed.Everything with { Area = "1" });
        await city.ActAsync(other.ToString(), "resolve", await city.CallerAsync("agent", DeskCity.West), new ActionRequest { Text = Text.Of("fr", "Réparé") });
        await store.SettleAsync();
        await store.Get<SendDeliveries>().DoDueAsync(); // Nobody answers there.
        await store.Get<ForwardReports>().DoDueAsync();
        while (await store.Get<MailSender>().SendDueAsync() > 0)
        {
        }
        await using (var read = store.Database.Open())
        {
            var waiting = await read.Set<Delivery>().Where(one => one.ReportId == id && one.State == DeliveryState.Waiting).ToListAsync();
            waiting.ShouldContain(one => System.Text.Encoding.UTF8.GetString(one.Payload!).Contains(Email));
            (await read.Set<Forward>().CountAsync(one => one.ReportId == id && one.EndedAt == null)).ShouldBe(1);
            (await read.Set<Subscription>().CountAsync(one => one.Email == Email)).ShouldBe(2);
        }

        await city.CallerAsync("administrator", null);
        var person = await city.CallerAsync("agent", DeskCity.West, name: "ada.erased");
        (await store.Get<Privacy>().EraseAsync(person, person.Account!.Value)).Refusal.ShouldBeNull();
        await store.SettleAsync();
        var kept = await EverythingAsync(store);
        foreach (var who in (string[])[Email, Name, Phone])
        {
            var at = kept.IndexOf(who, StringComparison.OrdinalIgnoreCase);
            at.ShouldBe(-1, at < 0 ? who : kept[Math.Max(0, at - 200)..Math.Min(kept.Length, at + 200)]);
        }
        kept.ShouldContain("grace@example.org", Case.Sensitive, "others stay");
        await using var after = store.Database.Open();
        (await after.Set<Subscription>().CountAsync()).ShouldBe(0);
        var told = await after.Set<Delivery>().Where(one => one.ReportId == id).OrderBy(one => one.Position).ToListAsync();
        (told[0].State, told[^1].Type, told[^1].State).ShouldBe((DeliveryState.Dropped, "report.updated", DeliveryState.Waiting), "what was tried is not tried again; who had the contact learns that it is gone");
        System.Text.Encoding.UTF8.GetString(told[^1].Payload!).ShouldContain("\"contact\":null");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Six_months_after_the_end_nobody_can_be_reached_any_more(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (solved, _) = await FileAsync(store, Sent(store));
        var (open, _) = await FileAsync(store, Sent(store));
        await city.ActAsync(solved.ToString(), "resolve", west, new ActionRequest { Text = Text.Of("fr", "Rebouché") });
        var updated = await UpdatedAsync(store, solved);
        store.Clock.Advance(TimeSpan.FromDays(183)); // From May to November there are 184 days.
        await store.Get<Retention>().RunAsync(default);
        (await LeftAsync(store)).ShouldBe(2);
        store.Clock.Advance(TimeSpan.FromDays(2));
        await store.Get<Retention>().RunAsync(default);
        (await LeftAsync(store)).ShouldBe(1);
        await using var read = store.Database.Open();
        (await read.Set<ReportContact>().SingleAsync()).ReportId.ShouldBe(open);
        (await UpdatedAsync(store, solved)).ShouldBe(updated, "it is no news");
    }

    private static NewReport Sent(TestStore store) => new()
    {
        ClientId = store.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Un trou", Lang = "fr", Contact = Contact, Subscribe = true,
    };

    private static Task<Outcome<Filed>> TryAsync(TestStore store, NewReport sent, Guid? account = null) =>
        store.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, account, false), store.Writer.DoAsync, default);

    private static async Task<(Guid Id, bool Replayed)> FileAsync(TestStore store, NewReport sent)
    {
        var filed = await TryAsync(store, sent);
        filed.Refusal.ShouldBeNull();
        return (filed.Value.Id, filed.Value.Replayed);
    }

    private static async Task<long> UpdatedAsync(TestStore store, Guid report)
    {
        await using var read = store.Database.Open();
        return (await ReadReport.FindAsync(read, report.ToString(), false, default))!.UpdatedAt;
    }

    private static async Task<int> LeftAsync(TestStore store)
    {
        await using var read = store.Database.Open();
        return await read.Set<ReportContact>().CountAsync();
    }

    /// <summary>Everything that is stored, and every mail in the folder.</summary>
    private static async Task<string> EverythingAsync(TestStore store) =>
        await StoredWords.AllAsync(store.Database) + string.Concat(MailFolder.Newest(store.Get<DataFolder>(), 1000).Select(mail => $"{mail.To}{mail.Text}\n"));
}
