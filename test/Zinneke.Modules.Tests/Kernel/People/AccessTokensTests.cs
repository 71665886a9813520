using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel.People;

/// <summary>Personal access tokens: a program acts as the person, with what both the token and the person's roles of that moment allow.</summary>
public class AccessTokensTests
{
    private const string See = "test.thing.see", Act = "test.thing.act";
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_acts_as_its_person_within_scopes_and_roles(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var person = await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles", ["waste"], []));
        var secret = (await MakeAsync(store, person, "test:see")).Secret;
        var caller = (await store.Get<Callers>().OfKeyAsync(secret, "nl"))!;
        (caller.Actor, caller.Account, caller.Level, caller.Language).ShouldBe((person.Actor, person.Account, person.Level, "nl"));
        (caller.Key, caller.Session, caller.IsByKey, caller.IsAnonymous).ShouldBe((null, null, true, false));
        caller.Can(See, new Where("ixelles", "waste-dump")).ShouldBeTrue();
        caller.Can(See, new Where("ixelles", "roads")).ShouldBeFalse("the limits of the role hold");
        caller.Can(See, new Where("saint-gilles", "waste-dump")).ShouldBeFalse();
        caller.CanSomewhere(Act).ShouldBeFalse("the scope does not carry it");
        (await store.Get<Callers>().OfKeyAsync(secret + "x", "nl")).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_the_person_may_do_is_asked_at_every_call(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var person = await WithRoleAsync(store, "a@example.org", new WantedRole("seer", "ixelles"));
        var secret = (await MakeAsync(store, person, "test:all")).Secret;
        async Task<Caller> NowAsync() => (await store.Get<Callers>().OfKeyAsync(secret, "fr"))!;
        ((await NowAsync()).Can(See, "ixelles"), (await NowAsync()).Can(Act, "ixelles")).ShouldBe((true, false));
        await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles"));
        (await NowAsync()).Can(Act, "ixelles").ShouldBeTrue();
        await using var read = store.Database.Open();
        foreach (var held in await read.Set<AccountRole>().ToListAsync())
        {
            (await store.Get<Accounts>().WithdrawRoleAsync(Caller.Program(), held.Id)).Ok.ShouldBeTrue();
        }
        (await NowAsync()).CanSomewhere(See).ShouldBeFalse();
        (await NowAsync()).Account.ShouldBe(person.Account);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_ends_when_it_expires_is_revoked_or_its_person_is_erased(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var person = await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles"));
        var (expired, revoked, erased) = (await MakeAsync(store, person, "test:see", Month), await MakeAsync(store, person), await MakeAsync(store, person));
        async Task<bool> OpensAsync(NewToken token) => await store.Get<Callers>().OfKeyAsync(token.Secret, "fr") is not null;
        var other = await WithRoleAsync(store, "b@example.org", new WantedRole("doer", "ixelles"));
        (await store.Get<AccessTokens>().RevokeAsync(other, revoked.Token.Id)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        (await OpensAsync(revoked)).ShouldBeTrue();
        (await store.Get<AccessTokens>().RevokeAsync(person, revoked.Token.Id)).Ok.ShouldBeTrue();
        (await OpensAsync(revoked)).ShouldBeFalse();
        (await OpensAsync(expired)).ShouldBeTrue();
        store.Clock.Advance(Month);
        (await OpensAsync(expired)).ShouldBeFalse();
        store.Clock.Advance(Month + TimeSpan.FromDays(1));
        await store.Get<Retention>().RunAsync(CancellationToken.None);
        await using var read = store.Database.Open();
        (await read.Set<AccessToken>().SingleAsync()).Id.ShouldBe(erased.Token.Id);
        (await OpensAsync(erased)).ShouldBeTrue();
        (await store.Get<Privacy>().EraseAsync(Caller.Program(), person.Account!.Value)).Ok.ShouldBeTrue();
        (await OpensAsync(erased)).ShouldBeFalse();
        (await read.Set<AccessToken>().CountAsync()).ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_that_makes_no_sense_is_refused_and_no_token_makes_another(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var person = await WithRoleAsync(store, "a@example.org", new WantedRole("seer", "ixelles"));
        var tokens = store.Get<AccessTokens>();
        var later = store.Clock.NowMicros() + Month.ToMicros();
        async Task<string> CodeAsync(Caller by, WantedToken wanted) => (await tokens.MakeAsync(by, wanted)).Refusal!.Code;
        (await CodeAsync(person, new WantedToken(" ", ["test:see"], later))).ShouldBe("kernel.nameMalformed");
        (await CodeAsync(person, new WantedToken("a", ["test:fly"], later))).ShouldBe("kernel.unknownScope");
        (await CodeAsync(person, new WantedToken("a", ["test:see:ixelles"], later))).ShouldBe("kernel.unknownScope");
        (await CodeAsync(person, new WantedToken("a", ["test:act"], later))).ShouldBe("kernel.moreThanOwn");
        (await CodeAsync(person, new WantedToken("a", [], store.Clock.NowMicros()))).ShouldBe("kernel.expiryPast");
        (await CodeAsync(person, new WantedToken("a", [], store.Clock.NowMicros() + AccessTokens.LifeMax.ToMicros() + 1))).ShouldBe("kernel.expiryFar");
        (await CodeAsync(Caller.Anonymous("fr"), new WantedToken("a", [], later))).ShouldBe("kernel.unauthenticated");
        tokens.ScopesFor(person).Select(scope => scope.Name).ShouldBe(["test:all", "test:see"]);

        var made = await MakeAsync(store, person);
        var program = (await store.Get<Callers>().OfKeyAsync(made.Secret, "fr"))!;
        (await CodeAsync(program, new WantedToken("a", [], later))).ShouldBe("kernel.forbidden");
        (await tokens.RevokeAsync(program, made.Token.Id)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        new Access(null) { Account = true }.RefusalFor(program)!.Kind.ShouldBe(RefusalKind.Forbidden);
        for (var i = 1; i < AccessTokens.CountMax; i++)
        {
            await MakeAsync(store, person);
        }
        (await CodeAsync(person, new WantedToken("a", [], later))).ShouldBe("kernel.tooManyTokens");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_log_says_that_a_token_was_made_the_export_names_it_and_neither_holds_its_secret(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var person = await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles"));
        var made = await MakeAsync(store, person);
        await store.Get<Callers>().OfKeyAsync(made.Secret, "fr");
        await store.Get<AccessTokens>().RevokeAsync(person, made.Token.Id);
        var kept = await MakeAsync(store, person);
        await store.Get<Callers>().OfKeyAsync(kept.Secret, "fr");
        await store.SettleAsync();
        var events = await store.Get<Log>().ReadAsync(0, 100);
        events.Select(e => e.Type).Where(t => t.Contains("token", StringComparison.Ordinal)).ShouldBe(["kernel.account.token_made", "kernel.account.token_revoked", "kernel.account.token_made"]);
        events.ShouldAllBe(e => !e.Data.Contains("Agenda", StringComparison.Ordinal) && !e.Data.Contains(kept.Secret, StringComparison.Ordinal));
        await using var read = store.Database.Open();
        (await read.Set<AccessToken>().SingleAsync()).UsedAt.ShouldBe(store.Clock.NowMicros());
        var export = System.Text.Json.JsonSerializer.Serialize(await store.Get<Privacy>().ExportAsync(new Person(person.Account, "a@example.org")), Json.Options);
        export.ShouldContain("Agenda");
        export.ShouldNotContain(kept.Secret);
    }

    private static Task<TestStore> NewAsync(StoreKind kind) => TestStore.NewAsync(kind, parts =>
    {
        parts.AddSingleton(new Permission(See, "See."));
        parts.AddSingleton(new Permission(Act, "Act."));
        parts.AddSingleton(new Role("seer", "kernel.role.officer", See));
        parts.AddSingleton(new Role("doer", "kernel.role.officer", See, Act));
        parts.AddSingleton(new Scope("test:see", "See.", See));
        parts.AddSingleton(new Scope("test:act", "Act.", Act));
        parts.AddSingleton(new Scope("test:all", "See and act.", See, Act) { NeedsBody = true });
    });

    private static async Task<NewToken> MakeAsync(TestStore store, Caller by, string scope = "test:see", TimeSpan? life = null) =>
        (await store.Get<AccessTokens>().MakeAsync(by, new WantedToken("Agenda", [scope], store.Clock.NowMicros() + (life ?? AccessTokens.LifeMax).ToMicros()))).Value;

    private static async Task<Caller> WithRoleAsync(TestStore store, string email, WantedRole role)
    {
        (await store.Get<Accounts>().GiveRoleAsync(Caller.Program(), email, null, role)).Ok.ShouldBeTrue();
        return await SignInTests.CallerAsync(store, email);
    }
}
