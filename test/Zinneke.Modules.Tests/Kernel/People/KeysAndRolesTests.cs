using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.People;

/// <summary>API keys and roles: shown once, stored hashed, never more than the giver holds.</summary>
public class KeysAndRolesTests
{
    private const string Act = "test.thing.act";

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_opens_what_its_scopes_say_and_is_an_actor_of_its_own(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var one = await MakeAsync(store, "Field app", "test:act:ixelles");
        var two = await MakeAsync(store, "Field app", "test:act:ixelles");
        var caller = (await store.Get<Callers>().OfKeyAsync(one.Secret, "fr"))!;
        caller.Name.ShouldBe("Field app");
        caller.Can(Act, "ixelles").ShouldBeTrue();
        caller.Can(Act, "saint-gilles").ShouldBeFalse();
        caller.Can(Act).ShouldBeFalse();
        caller.Account.ShouldBeNull();
        (await store.Get<Callers>().OfKeyAsync(two.Secret, "fr"))!.Actor.ShouldNotBe(caller.Actor);
        one.Secret.ShouldNotBe(two.Secret);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_ends_when_it_expires_or_is_revoked(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var limited = await MakeAsync(store, "a", "test:act", expiresAt: store.Clock.NowMicros() + TimeSpan.FromHours(1).ToMicros());
        var revoked = await MakeAsync(store, "b", "test:act");
        (await store.Get<ApiKeys>().RevokeAsync(Caller.Program(), revoked.Key.Id)).Ok.ShouldBeTrue();
        (await store.Get<Callers>().OfKeyAsync(revoked.Secret, "fr")).ShouldBeNull();
        (await store.Get<Callers>().OfKeyAsync(limited.Secret, "fr")).ShouldNotBeNull();
        store.Clock.Advance(TimeSpan.FromHours(1));
        (await store.Get<Callers>().OfKeyAsync(limited.Secret, "fr")).ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_is_taken_from_three_headers_and_never_from_a_query_by_itself(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var key = (await MakeAsync(store, "a", "test:act")).Secret;
        async Task<bool> KnownAsync(string header, string value)
        {
            var http = new DefaultHttpContext();
            http.Request.Headers[header] = value;
            return !(await store.Get<Callers>().OfAsync(http.Request, "fr")).IsAnonymous;
        }
        (await KnownAsync("Authorization", $"Bearer {key}")).ShouldBeTrue();
        (await KnownAsync("Authorization", $"ApiKey {key}")).ShouldBeTrue();
        (await KnownAsync("Authorization", $"apikey {key}")).ShouldBeTrue();
        (await KnownAsync("Authorization", $"BEARER  {key}")).ShouldBeTrue();
        (await KnownAsync("X-API-Key", key)).ShouldBeTrue();
        (await KnownAsync("Authorization", $"Basic {key}")).ShouldBeFalse();
        (await KnownAsync("Authorization", key)).ShouldBeFalse();
        (await KnownAsync("X-API-Key", key + "x")).ShouldBeFalse();
        (await KnownAsync("X-API-Key", key.ToUpperInvariant())).ShouldBeFalse();

        var query = new DefaultHttpContext();
        query.Request.QueryString = new QueryString($"?api_key={key}");
        (await store.Get<Callers>().OfAsync(query.Request, "fr")).IsAnonymous.ShouldBeTrue();
        query.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new KeyInQuery("api_key")), null));
        (await store.Get<Callers>().OfAsync(query.Request, "fr")).Key.ShouldNotBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_wrong_key_does_not_fall_back_to_the_cookie(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        string? token = null;
        await store.Writer.DoAsync(Actor.Anonymous, async unit => token = await SignIn.NewLinkAsync(unit, "a@example.org", "fr", null));
        var cookie = (await store.Get<SignIn>().UseAsync(token, "", null)).Value.Cookie;
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = $"zinneke={cookie}";
        (await store.Get<Callers>().OfAsync(http.Request, "fr")).IsAnonymous.ShouldBeFalse();
        http.Request.Headers["X-API-Key"] = "zk_0123456789012345678901234567890123456789";
        (await store.Get<Callers>().OfAsync(http.Request, "fr")).IsAnonymous.ShouldBeTrue();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_that_makes_no_sense_is_refused(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        async Task<string> CodeAsync(WantedKey wanted) => (await store.Get<ApiKeys>().MakeAsync(Caller.Program(), wanted)).Refusal!.Code;
        (await CodeAsync(new WantedKey("a", ["test:fly"]))).ShouldBe("kernel.unknownScope");
        (await CodeAsync(new WantedKey("a", []))).ShouldBe("kernel.scopeMissing");
        (await CodeAsync(new WantedKey(" ", ["test:act"]))).ShouldBe("kernel.nameMalformed");
        (await CodeAsync(new WantedKey("a\r\nb", ["test:act"]))).ShouldBe("kernel.nameMalformed");
        (await CodeAsync(new WantedKey("a", ["test:act"], ExpiresAt: store.Clock.NowMicros()))).ShouldBe("kernel.expiryPast");
        (await CodeAsync(new WantedKey("a", ["test:act"], QuotaPerHour: 0))).ShouldBe("kernel.quotaMalformed");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_body_that_is_not_in_force_gets_neither_people_nor_keys(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var bodies = JsonWriting.Line(w => BodiesFile.Write(w, [new Body("ixelles", BodyKind.Municipality, Text.Four("Ixelles", "Elsene", "Ixelles", "Ixelles")) { Languages = ["fr", "nl"] }]));
        await store.Writer.DoAsync(Actor.System, unit => Task.FromResult(
            unit.Store.Add(new CatalogueRow { Kind = Body.Catalogue, Edition = 1, Text = bodies, At = unit.Now, Actor = unit.Actor.Id })));
        async Task<Refusal?> RoleAsync(string? body) => (await store.Get<Accounts>().GiveRoleAsync(Caller.Program(), "a@example.org", null, new WantedRole("manager", body))).Refusal;
        async Task<Refusal?> KeyAsync(string scope, string? body) => (await store.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("k", [scope], body))).Refusal;
        (await RoleAsync("ixelles")).ShouldBeNull();
        (await RoleAsync(null)).ShouldBeNull();
        (await KeyAsync("test:act:ixelles", "ixelles")).ShouldBeNull();
        foreach (var refusal in (Refusal?[])[await RoleAsync("Ixelles"), await KeyAsync("test:act", "ixels"), await KeyAsync("test:act:ixels", null)])
        {
            refusal.ShouldNotBeNull().Code.ShouldBe("kernel.unknownBody");
            refusal.Arguments[1].ShouldBe("ixelles");
        }
        var typed = await VerbRun.On(store, "user", "add", "--email", "b@example.org", "--role", "manager", "--body", "ixels");
        typed.ExitCode.ShouldBe(2);
        typed.Error.ShouldContain("body: There is no body ixels. The bodies are: ixelles.");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_gives_more_than_they_hold(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var manager = await WithRoleAsync(store, "manager@example.org", new WantedRole("manager", "ixelles"));
        var accounts = store.Get<Accounts>();
        (await accounts.GiveRoleAsync(manager, "x@example.org", null, new WantedRole("manager", "ixelles"))).Ok.ShouldBeTrue();
        (await accounts.GiveRoleAsync(manager, "x@example.org", null, new WantedRole("manager", "saint-gilles"))).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await accounts.GiveRoleAsync(manager, "x@example.org", null, new WantedRole("manager"))).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await accounts.GiveRoleAsync(manager, "x@example.org", null, new WantedRole("administrator", "ixelles"))).Refusal!.Code.ShouldBe("kernel.moreThanOwn");
        (await accounts.GiveRoleAsync(manager, "x@example.org", null, new WantedRole("doer", "ixelles"))).Refusal!.Code.ShouldBe("kernel.moreThanOwn");
        (await accounts.GiveRoleAsync(manager, "x@example.org", null, new WantedRole("king"))).Refusal!.Code.ShouldBe("kernel.unknownRole");
        (await accounts.GiveRoleAsync(Caller.Anonymous("fr"), "x@example.org", null, new WantedRole("manager"))).Refusal!.Kind.ShouldBe(RefusalKind.Unauthenticated);

        var administrator = await WithRoleAsync(store, "administrator@example.org", new WantedRole("administrator", "ixelles"));
        var key = await store.Get<ApiKeys>().MakeAsync(administrator, new WantedKey("k", ["test:act:ixelles"], "ixelles"));
        key.Ok.ShouldBeTrue();
        (await store.Get<ApiKeys>().MakeAsync(administrator, new WantedKey("k", ["test:act:saint-gilles"], "ixelles"))).Refusal!.Code.ShouldBe("kernel.moreThanOwn");
        (await store.Get<ApiKeys>().RevokeAsync(manager, key.Value.Key.Id)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Roles_are_given_limited_and_withdrawn(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var caller = await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles", ["waste"], ["flagey"]));
        caller.Can(Act, new Where("ixelles", "waste-dump", "flagey")).ShouldBeTrue();
        caller.Can(Act, new Where("ixelles", "roads", "flagey")).ShouldBeFalse();
        caller = await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles"));
        caller.Can(Act, "ixelles").ShouldBeTrue();
        await using var read = store.Database.Open();
        var held = await read.Set<AccountRole>().SingleAsync();
        (await store.Get<Accounts>().WithdrawRoleAsync(Caller.Program(), held.Id)).Ok.ShouldBeTrue();
        (await read.Set<AccountRole>().CountAsync()).ShouldBe(0);
        await store.SettleAsync();
        var events = await store.Get<Log>().ReadAsync(0, 100);
        events.Select(e => e.Type).Where(t => t.Contains("role", StringComparison.Ordinal)).ShouldBe(["kernel.account.role_granted", "kernel.account.role_granted", "kernel.account.role_withdrawn"]);
        events.Where(e => e.Subject.Kind == "account").Select(e => e.Data).ShouldAllBe(data => !data.Contains("example.org", StringComparison.Ordinal));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_last_administrator_stays(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var administrator = await WithRoleAsync(store, "a@example.org", new WantedRole("administrator"));
        await using var read = store.Database.Open();
        var held = await read.Set<AccountRole>().SingleAsync();
        (await store.Get<Accounts>().WithdrawRoleAsync(administrator, held.Id)).Refusal!.Code.ShouldBe("kernel.lastAdministrator");
        (await store.Get<Privacy>().EraseAsync(administrator, administrator.Account!.Value)).Refusal!.Code.ShouldBe("kernel.lastAdministrator");
        await WithRoleAsync(store, "b@example.org", new WantedRole("administrator"));
        (await store.Get<Accounts>().WithdrawRoleAsync(administrator, held.Id)).Ok.ShouldBeTrue();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_last_administrators_that_leave_at_once_one_stays(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        Guid[] two =
        [
            (await WithRoleAsync(store, "a@example.org", new WantedRole("administrator"))).Account!.Value,
            (await WithRoleAsync(store, "b@example.org", new WantedRole("administrator"))).Account!.Value,
        ];
        using var both = new Barrier(2);
        var left = await Task.WhenAll(two.Select(account => Task.Run(() =>
        {
            var first = true;
            return store.Writer.DoAsync<Done>(Actor.System, async unit =>
            {
                var refusal = await Administrators.CheckLeavingAsync(unit, account, default);
                unit.Store.RemoveRange(await unit.Store.Set<AccountRole>().Where(r => r.AccountId == account).ToListAsync());
                if (first)
                {
                    first = false;
                    both.SignalAndWait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
                }
                return refusal is null ? default(Done) : refusal;
            });
        })));
        left.Count(one => one.Ok).ShouldBe(1);
        left.Single(one => !one.Ok).Refusal!.Code.ShouldBe("kernel.lastAdministrator");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_administrators_who_withdraw_each_other_one_stays(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var (one, other) = (await WithRoleAsync(store, "a@example.org", new WantedRole("administrator")), await WithRoleAsync(store, "b@example.org", new WantedRole("administrator")));
        await using var read = store.Database.Open();
        var roles = await read.Set<AccountRole>().ToDictionaryAsync(r => r.AccountId, r => r.Id);
        var accounts = store.Get<Accounts>();
        var outcomes = await Task.WhenAll(Task.Run(() => accounts.WithdrawRoleAsync(one, roles[other.Account!.Value])), Task.Run(() => accounts.WithdrawRoleAsync(other, roles[one.Account!.Value])));
        outcomes.Count(o => o.Ok).ShouldBe(1);
        outcomes.Single(o => !o.Ok).Refusal!.Code.ShouldBe("kernel.lastAdministrator");
        (await read.Set<AccountRole>().CountAsync(r => r.Role == "administrator")).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_invitation_opens_once_for_three_days(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var tokens = new List<string>();
        await store.Writer.DoAsync(Actor.System, unit =>
        {
            tokens.AddRange([SignIn.NewInvitation(unit, "new@example.org", "nl", "/nl/"), SignIn.NewInvitation(unit, "new@example.org", "nl", "/nl/")]);
            return Task.CompletedTask;
        });
        store.Clock.Advance(TimeSpan.FromHours(71));
        await store.Get<Retention>().RunAsync(CancellationToken.None);
        var used = await store.Get<SignIn>().UseAsync(tokens[0], "", null);
        (used.Value.Account.Email, used.Value.Account.Level, used.Value.ReturnPath).ShouldBe(("new@example.org", VerificationLevel.Email, "/nl/"));
        (await store.Get<SignIn>().UseAsync(tokens[0], "", null)).Refusal!.Code.ShouldBe("kernel.linkSpent");
        store.Clock.Advance(TimeSpan.FromHours(1));
        (await store.Get<SignIn>().UseAsync(tokens[1], "", null)).Refusal!.Code.ShouldBe("kernel.linkSpent");
        store.Clock.Advance(TimeSpan.FromDays(2));
        await store.Get<Retention>().RunAsync(CancellationToken.None);
        await using var read = store.Database.Open();
        (await read.Set<SignInLink>().CountAsync()).ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task When_a_key_was_used_and_somebody_signed_in_is_known(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var made = await MakeAsync(store, "Field app", "test:act");
        async Task<ApiKey> KeyAsync()
        {
            await using var read = store.Database.Open();
            return await read.Set<ApiKey>().SingleAsync();
        }
        (await KeyAsync()).UsedAt.ShouldBeNull();
        await store.Get<Callers>().OfKeyAsync(made.Secret, "fr");
        var first = store.Clock.NowMicros();
        store.Clock.Advance(TimeSpan.FromMinutes(9));
        await store.Get<Callers>().OfKeyAsync(made.Secret, "fr");
        var key = await KeyAsync();
        (key.UsedAt, key.Version).ShouldBe((first, 1));
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.Get<Callers>().OfKeyAsync(made.Secret, "fr");
        (await KeyAsync()).UsedAt.ShouldBe(store.Clock.NowMicros());

        var caller = await WithRoleAsync(store, "a@example.org", new WantedRole("doer", "ixelles"));
        store.Clock.Advance(TimeSpan.FromDays(3));
        await SignInTests.CallerAsync(store, "a@example.org");
        await store.SettleAsync();
        var last = await store.Get<Log>().LastAsync<AccountSignedIn>("account", [caller.Account!.Value.ToString(), "nobody"]);
        last.ShouldBe(new Dictionary<string, long> { [caller.Account.Value.ToString()] = store.Clock.NowMicros() });
        (await store.Get<Log>().LastAsync<AccountSignedIn>("account", [])).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_first_administrator_gets_links_until_one_has_an_address(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var first = (await store.Get<FirstAdministrator>().LinkAsync("fr"))!;
        var cookie = (await store.Get<SignIn>().UseAsync(first.Query[3..], "", null)).Value.Cookie;
        var caller = (await store.Get<Callers>().OfSessionAsync(cookie, "fr"))!;
        caller.Can(Act).ShouldBeTrue();
        (await store.Get<FirstAdministrator>().LinkAsync("fr")).ShouldNotBeNull();
        (await store.Get<Accounts>().SetEmailAsync(caller, "boss@example.org")).Ok.ShouldBeTrue();
        (await store.Get<FirstAdministrator>().LinkAsync("fr")).ShouldBeNull();
        await using var read = store.Database.Open();
        (await read.Set<Account>().CountAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Erasing_leaves_no_word_of_the_person(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var caller = await WithRoleAsync(store, "gone@example.org", new WantedRole("doer", "ixelles"));
        (await store.Get<Accounts>().ChangeAsync(caller, "Vanishing Person", "nl")).Ok.ShouldBeTrue();
        var export = await store.Get<Privacy>().ExportAsync(new Person(caller.Account, "gone@example.org"));
        System.Text.Json.JsonSerializer.Serialize(export, Json.Options).ShouldContain("gone@example.org");

        var counts = await store.Get<Privacy>().EraseAsync(caller, caller.Account!.Value);
        counts.Value["kernel.account"].ShouldBeGreaterThan(3);
        await using var read = store.Database.Open();
        var account = await read.Set<Account>().SingleAsync();
        account.Email.ShouldBeNull();
        account.Name.ShouldBeEmpty();
        (await read.Set<Session>().CountAsync() + await read.Set<AccountRole>().CountAsync() + await read.Set<SignInLink>().CountAsync()).ShouldBe(0);
        (await read.Set<AuditRow>().Where(a => a.SubjectKind == "account").ToListAsync()).ShouldAllBe(a => a.Before == null && a.After == null && a.Salt == null);
        (await read.Set<Erasure>().SingleAsync()).DoneAt.ShouldNotBeNull();
        (await store.Get<Privacy>().EraseAsync(Caller.Program(), caller.Account!.Value)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);

        var again = await SignInTests.CallerAsync(store, "gone@example.org");
        again.Account.ShouldNotBe(caller.Account);
        again.CanSomewhere(Act).ShouldBeFalse();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Old_links_and_sessions_are_removed(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await SignInTests.CallerAsync(store, "a@example.org");
        store.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromHours(1));
        await store.Get<Retention>().RunAsync(CancellationToken.None);
        await using var read = store.Database.Open();
        (await read.Set<Session>().CountAsync() + await read.Set<SignInLink>().CountAsync()).ShouldBe(0);
        (await read.Set<Account>().CountAsync()).ShouldBe(1);
    }

    private static Task<TestStore> NewAsync(StoreKind kind) => TestStore.NewAsync(kind, parts =>
    {
        parts.AddSingleton(new Permission(Act, "Act."));
        parts.AddSingleton(new Role("doer", "kernel.role.officer", Act));
        parts.AddSingleton(new Scope("test:act", "Act.", Act));
    });

    private static async Task<NewKey> MakeAsync(TestStore store, string name, string scope, long? expiresAt = null) =>
        (await store.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey(name, [scope], ExpiresAt: expiresAt))).Value;

    private static async Task<Caller> WithRoleAsync(TestStore store, string email, WantedRole role)
    {
        (await store.Get<Accounts>().GiveRoleAsync(Caller.Program(), email, null, role)).Ok.ShouldBeTrue();
        return await SignInTests.CallerAsync(store, email);
    }
}
