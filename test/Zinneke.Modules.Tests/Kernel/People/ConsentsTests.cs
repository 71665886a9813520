using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel.People;

/// <summary>Signing in agrees to what an account keeps: recorded once for each wording, in the language of the page, and erased with the account (K19).</summary>
public class ConsentsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Signing_in_agrees_once_for_each_wording(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var account = await SignInAsync(store, "nl");
        await SignInAsync(store, "fr");
        await using var read = store.Database.Open();
        var consent = await read.Set<Consent>().AsNoTracking().SingleAsync();
        (consent.TextKey, consent.Language, consent.AccountId, consent.Email, consent.AboutKind).ShouldBe((Consents.OfAccount, "nl", account, null, null));

        await store.Writer.DoAsync(Actor.System, async unit => (await unit.Store.Set<Consent>().SingleAsync()).Wording = "0123456789ab");
        store.Clock.Advance(TimeSpan.FromDays(1));
        await SignInAsync(store, "de");
        (await Consents.Of(read, new Person(account, null)).Select(c => c.Language).ToListAsync()).ShouldBe(["de", "nl"]);
        (await store.Get<Privacy>().ExportAsync(new Person(account, "a@example.org")))["kernel.consent"].Count.ShouldBe(2);

        (await store.Get<Privacy>().EraseAsync(Caller.Program(), account)).Value["kernel.consent"].ShouldBe(2);
        (await read.Set<Consent>().CountAsync()).ShouldBe(0);
    }

    private static async Task<Guid> SignInAsync(TestStore store, string language)
    {
        string? token = null;
        await store.Writer.DoAsync(Actor.Anonymous, async unit => token = await SignIn.NewLinkAsync(unit, "a@example.org", "fr", null));
        return (await store.Get<SignIn>().UseAsync(token, "", null, language)).Value.Account.Id;
    }
}
