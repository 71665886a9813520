using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.People;

/// <summary>Residents show where they live by the code of a letter: once, in time, with the right postcode, and only they.</summary>
public partial class ResidenceTests
{
    private const string Postcode = "1801";

    [Theory, OnSqlite, OnPostgres]
    public async Task The_code_of_a_letter_makes_a_resident_at_once(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var code = (await MakeAsync(store, 3)).Codes[1];
        var (cookie, person) = await SignInAsync(store, "a@example.org");
        (person.Level, person.Home).ShouldBe((VerificationLevel.Email, null));
        var typed = InvitationCode.Print(code).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l') + " ";
        (await store.Get<Residences>().ConfirmAsync(person, " 1801 ", typed)).Refusal.ShouldBeNull();

        var now = (await store.Get<Callers>().OfSessionAsync(cookie, "fr"))!;
        now.Level.ShouldBe(VerificationLevel.Resident);
        now.Home.ShouldBe(new Home("1", Postcode, store.Clock.NowMicros()));
        now.RefusalUnlessLevel(VerificationLevel.Resident).ShouldBeNull();
        (await store.Get<Residences>().ConfirmAsync(now, Postcode, code)).Refusal.ShouldBeNull("a second click is the first");

        await store.SettleAsync();
        var events = (await store.Get<Log>().ReadAsync(0, 1_000)).Where(e => e.Type.Contains("residence", StringComparison.Ordinal) || e.Type.Contains("invitations", StringComparison.Ordinal)).ToList();
        events.Select(e => e.Type).ShouldBe(["kernel.invitations.made", "kernel.account.residence_confirmed"]);
        events[1].Data.ShouldBe("""{"how":"invitation"}""", "the log says neither where nor by which letter");
        await using var read = store.Database.Open();
        (await read.Set<Invitation>().OrderBy(i => i.Number).Select(i => i.UsedAt != null).ToListAsync()).ShouldBe([false, true, false]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Codes_of_which_no_list_was_finished_go_after_a_day(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        await MakeAsync(store, 2);
        await store.Writer.DoAsync(Actor.System, unit => // As a run that was killed between two slices leaves them.
        {
            var list = unit.NextId();
            unit.Store.AddRange(Enumerable.Range(1, 3).Select(number => new Invitation { ListId = list, Number = number, Hash = RandomNumberGenerator.GetBytes(32) }));
            return Task.CompletedTask;
        }, default);
        var data = store.Services.GetServices<PersonalData>().OfType<ResidenceData>().Single();
        async Task<int> RetainAsync() => (await store.Writer.DoAsync<int>(Actor.System, async unit => await data.RetainAsync(unit, default))).Value;
        (await RetainAsync()).ShouldBe(0, "somebody may still be at it");
        store.Clock.Advance(TimeSpan.FromHours(25));
        (await RetainAsync()).ShouldBe(3);
        (await RetainAsync()).ShouldBe(0);
        await using var read = store.Database.Open();
        (await read.Set<Invitation>().CountAsync()).ShouldBe(2, "those of a list are its own");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_code_is_taken_once_of_many_at_once_and_stays_used_when_its_person_is_erased(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var code = (await MakeAsync(store, 1)).Codes[0];
        var people = new List<Caller>();
        for (var i = 0; i < 8; i++)
        {
            people.Add((await SignInAsync(store, $"p{i}@example.org")).Caller);
        }
        var all = await Task.WhenAll(people.Select(person => store.Get<Residences>().ConfirmAsync(person, Postcode, code)));
        all.Count(one => one.Ok).ShouldBe(1);
        all.Where(one => !one.Ok).ShouldAllBe(one => one.Refusal!.Code == "kernel.codeUsed" || one.Refusal.Code == "kernel.stale");

        var first = people[Array.FindIndex(all, one => one.Ok)];
        var held = (await store.Get<Privacy>().ExportAsync(new Person(first.Account, first.Email)))["kernel.residence"].ShouldHaveSingleItem();
        held.ToString()!.ShouldContain("Municipality = 1, Postcode = 1801");
        (await store.Get<Privacy>().EraseAsync(first, first.Account!.Value)).Value["kernel.residence"].ShouldBe(1);
        await using (var read = store.Database.Open())
        {
            (await read.Set<Residence>().CountAsync()).ShouldBe(0);
        }
        (await store.Get<Residences>().ConfirmAsync(people.First(person => person != first), Postcode, code)).Refusal!.Code.ShouldBe("kernel.codeUsed", "erasing frees nothing");
        await ShouldBeWholeAsync(store);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_code_that_was_never_made_and_one_of_another_postcode_are_refused_alike(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var code = (await MakeAsync(store, 1)).Codes[0];
        var (_, person) = await SignInAsync(store, "a@example.org");
        var residences = store.Get<Residences>();
        var elsewhere = (await residences.ConfirmAsync(person, "1802", code)).Refusal!;
        var never = (await residences.ConfirmAsync(person, Postcode, await ForeignCodeAsync())).Refusal!;
        (elsewhere.Code, elsewhere.Field, elsewhere.Kind).ShouldBe((never.Code, never.Field, never.Kind));
        never.Code.ShouldBe("kernel.codeUnknown");
        (await residences.ConfirmAsync(person, "18", code[..^1] + (code[^1] == 'A' ? 'B' : 'A'))).Refusal!.All().Select(one => one.Code).ShouldBe(["kernel.postcodeMalformed", "kernel.codeMistyped"]);
        (await residences.ConfirmAsync(Caller.Anonymous("fr"), Postcode, code)).Refusal!.Kind.ShouldBe(RefusalKind.Unauthenticated);
        (await residences.ConfirmAsync(person, Postcode, code)).Ok.ShouldBeTrue("what was tried wrongly spends nothing");

        // What is searched for is the code under a secret of the installation: neither code nor plain hash stands in a row, so no search's time says how near a guess was.
        await using var read = store.Database.Open();
        var kept = (await read.Set<Invitation>().SingleAsync()).Hash;
        kept.ShouldBe(HMACSHA256.HashData(store.Get<Keys>().For("invitation"), Encoding.ASCII.GetBytes(code)));
        kept.ShouldNotBe(SHA256.HashData(Encoding.ASCII.GetBytes(code)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_letter_ends_with_its_time_and_when_it_is_revoked(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var invitations = store.Get<Invitations>();
        var (timely, late) = (await MakeAsync(store, 3), await MakeAsync(store, 1, TimeSpan.FromDays(1)));
        var (cookie, person) = await SignInAsync(store, "a@example.org");
        var (_, other) = await SignInAsync(store, "b@example.org");
        async Task<string?> TryAsync(Caller who, string code) => (await store.Get<Residences>().ConfirmAsync(who, Postcode, code)).Refusal?.Code;
        store.Clock.Advance(TimeSpan.FromDays(1));
        (await TryAsync(person, late.Codes[0])).ShouldBe("kernel.codeExpired");

        (await TryAsync(person, timely.Codes[0])).ShouldBeNull();
        (await invitations.RevokeAsync(Caller.Program(), timely.List.Id, 1)).Ok.ShouldBeTrue();
        (await invitations.RevokeAsync(Caller.Program(), timely.List.Id, 1)).Ok.ShouldBeTrue("a second time changes nothing");
        var robbed = (await store.Get<Callers>().OfSessionAsync(cookie, "fr"))!;
        (robbed.Level, robbed.Home).ShouldBe((VerificationLevel.Email, null), "a stolen letter makes nobody a resident");
        (await TryAsync(person, timely.Codes[0])).ShouldBe("kernel.codeRevoked");
        (await invitations.RevokeAsync(Caller.Program(), timely.List.Id, 4)).Refusal!.Code.ShouldBe("kernel.unknownLetter");

        (await TryAsync(person, timely.Codes[1])).ShouldBeNull();
        (await invitations.RevokeAsync(Caller.Program(), timely.List.Id, null)).Ok.ShouldBeTrue();
        (await TryAsync(other, timely.Codes[2])).ShouldBe("kernel.codeRevoked");
        (await TryAsync(other, timely.Codes[1])).ShouldBe("kernel.codeUsed");
        (await store.Get<Callers>().OfSessionAsync(cookie, "fr"))!.Level.ShouldBe(VerificationLevel.Resident, "those who confirmed in time stay");
        await store.SettleAsync();
        (await store.Get<Log>().ReadAsync(0, 1_000)).Count(e => e.Type == "kernel.invitations.revoked").ShouldBe(2);
        await ShouldBeWholeAsync(store);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_newer_letter_renews_and_whoever_moves_away_says_so(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var codes = (await MakeAsync(store, 2)).Codes;
        var (cookie, person) = await SignInAsync(store, "a@example.org");
        async Task<Caller> NowAsync() => (await store.Get<Callers>().OfSessionAsync(cookie, "fr"))!;
        (await store.Get<Residences>().ConfirmAsync(person, Postcode, codes[0])).Ok.ShouldBeTrue();
        store.Clock.Advance(TimeSpan.FromDays(20));
        var since = store.Clock.NowMicros() - TimeSpan.FromDays(10).ToMicros();
        (await NowAsync()).RefusalUnlessLevel(VerificationLevel.Resident, since)!.Members["reason"].ShouldBe("verificationTooOld");
        (await store.Get<Residences>().ConfirmAsync(await NowAsync(), Postcode, codes[0])).Refusal!.Code.ShouldBe("kernel.codeUsed", "an old letter shows nothing new");
        (await store.Get<Residences>().ConfirmAsync(await NowAsync(), Postcode, codes[1])).Ok.ShouldBeTrue();
        (await NowAsync()).RefusalUnlessLevel(VerificationLevel.Resident, since).ShouldBeNull();
        (await store.Get<Residences>().EndAsync(await NowAsync())).Ok.ShouldBeTrue();
        (await NowAsync()).RefusalUnlessLevel(VerificationLevel.Resident)!.Code.ShouldBe("kernel.residentNeeded");
        (await NowAsync()).RefusalUnlessLevel(VerificationLevel.Email).ShouldBeNull();
        await ShouldBeWholeAsync(store);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_staff_of_a_municipality_make_and_revoke_its_letters(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var city = new DeskCity(store.Services);
        var (own, officer) = (await city.CallerAsync(BuiltInRoles.Manager, DeskCity.West), await city.CallerAsync(BuiltInRoles.Officer, DeskCity.West));
        var invitations = store.Get<Invitations>();
        async Task<Refusal?> AsAsync(Caller by, WantedInvitations wanted) => (await invitations.MakeAsync(by, wanted)).Refusal;
        (await AsAsync(own, new(DeskCity.West, 2, []))).ShouldBeNull("the postcodes are those of the area");
        (await AsAsync(own, new(DeskCity.East, 2, [Postcode])))!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await AsAsync(officer, new(DeskCity.West, 2, [Postcode])))!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await AsAsync(Caller.Program(), new(DeskCity.Region, 2, [Postcode])))!.Code.ShouldBe("kernel.bodyWithoutResidents");
        (await AsAsync(Caller.Program(), new("nowhere", 2, [Postcode])))!.Code.ShouldBe("kernel.unknownBody");
        (await AsAsync(own, new(DeskCity.West, 0, [Postcode])))!.Code.ShouldBe("kernel.countMalformed");
        (await AsAsync(own, new(DeskCity.West, Invitations.CountMax + 1, [Postcode])))!.Code.ShouldBe("kernel.countMalformed");
        (await AsAsync(own, new(DeskCity.West, 1, ["=1+1"])))!.Code.ShouldBe("kernel.postcodesMissing");
        (await AsAsync(own, new(DeskCity.West, 1, [Postcode], store.Clock.NowMicros())))!.Code.ShouldBe("kernel.expiryPast");
        (await AsAsync(own, new(DeskCity.West, 1, [Postcode], store.Clock.NowMicros() + TimeSpan.FromDays(400).ToMicros())))!.Code.ShouldBe("kernel.expiryFar");
        var list = (await MakeAsync(store, 1)).List.Id;
        (await invitations.RevokeAsync(await city.CallerAsync(BuiltInRoles.Manager, DeskCity.East), list, null)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
        (await invitations.RevokeAsync(own, list, null)).Ok.ShouldBeTrue();
        await using var read = store.Database.Open();
        (await read.Set<InvitationList>().FirstAsync(l => l.Count == 2)).Postcodes.ShouldBe([Postcode, "1803"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_verb_writes_each_code_once_and_revokes(StoreKind kind)
    {
        await using var store = await CityAsync(kind);
        var file = Path.Combine(store.Folder, "letters.csv");
        var made = await VerbRun.On(store, "invitation", "add", "--body", DeskCity.West, "--count", "2500", "--postcode", "1801,1050", "--out", file);
        made.ExitCode.ShouldBe(0, made.Error);
        var lines = await File.ReadAllLinesAsync(file);
        lines[0].ShouldBe("list,number,code,postcodes,last_day");
        lines.Length.ShouldBe(2501);
        lines.Skip(1).ShouldAllBe(line => Row().IsMatch(line));
        lines.Skip(1).Select(line => line.Split(',')[2]).Distinct().Count().ShouldBe(2500);
        lines[2500].ShouldContain(",2500,");
        (await store.Get<Residences>().ConfirmAsync((await SignInAsync(store, "a@example.org")).Caller, "1050", lines[2500].Split(',')[2])).Refusal.ShouldBeNull();

        var list = lines[1].Split(',')[0];
        (await VerbRun.On(store, "invitation", "revoke", "--list", list, "--number", "7")).ExitCode.ShouldBe(0);
        (await VerbRun.On(store, "invitation", "revoke", "--list", list)).ExitCode.ShouldBe(0);
        (await VerbRun.On(store, "invitation", "revoke", "--list", "7")).Error.ShouldContain("--list");
        foreach (var wrong in (string[][])[["--body", DeskCity.Water], ["--body", DeskCity.West, "--expires", "2020-01-01"]])
        {
            var refused = await VerbRun.On(store, ["invitation", "add", "--count", "1", "--postcode", "1801", "--out", file + "2", .. wrong]);
            (refused.ExitCode, File.Exists(file + "2")).ShouldBe((2, false));
        }
    }

    [Fact]
    public async Task The_last_day_of_a_letter_is_that_of_the_city()
    {
        await using var store = await CityAsync(StoreKind.Sqlite);
        var midnight = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(2)); // In Brussels; the evening before in UTC.
        var made = (await store.Get<Invitations>().MakeAsync(Caller.Program(), new WantedInvitations(DeskCity.West, 1, [Postcode], midnight.ToMicros()))).Value;
        using var file = new MemoryStream();
        await InvitationsFile.WriteAsync(file, made, KernelSettings.TimeZone.Default, default);
        Encoding.UTF8.GetString(file.ToArray()).ShouldBe($"list,number,code,postcodes,last_day\n{made.List.Id},1,{InvitationCode.Print(made.Codes[0])},1801,2026-05-31\n");
    }

    [Fact]
    public void A_code_shows_any_one_wrong_sign_and_any_two_that_changed_places()
    {
        const string code = "7K2MXVP9RTB4HWD8N0FE", signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var good = signs.Select(last => code[..^1] + last).Single(one => InvitationCode.Read(one) is not null);
        InvitationCode.Print(good).ShouldMatch("^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$");
        InvitationCode.Read($" {InvitationCode.Print(good).ToLowerInvariant().Replace('-', '–')}\u00a0").ShouldBe(good);
        for (var i = 0; i < good.Length; i++)
        {
            signs.Count(sign => InvitationCode.Read(good[..i] + sign + good[(i + 1)..]) is not null).ShouldBe(1);
            for (var j = i + 1; j < good.Length; j++)
            {
                var letters = good.ToCharArray();
                (letters[i], letters[j]) = (letters[j], letters[i]);
                (good[i] == good[j] || InvitationCode.Read(new string(letters)) is null).ShouldBeTrue($"{i} {j}");
            }
        }
        foreach (var none in (string?[])[null, "", good[..^1], good + "0", good.Replace('K', 'U'), new string(' ', 1_000)])
        {
            InvitationCode.Read(none).ShouldBeNull();
        }
    }

    private static async Task<TestStore> CityAsync(StoreKind kind)
    {
        var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var areas = DeskCity.Areas.Replace("\"name_fr\":\"Ouest\"", "\"postcodes\":[\"1801\",\"1803\"],\"name_fr\":\"Ouest\"", StringComparison.Ordinal);
        (await store.Get<ImportAreas>().RunAsync(DeskCity.Stream(areas), "areas", Actor.System, default)).Refused.ShouldBe(0);
        return store;
    }

    private static async Task<NewInvitations> MakeAsync(TestStore store, int count, TimeSpan? life = null) =>
        (await store.Get<Invitations>().MakeAsync(Caller.Program(), new WantedInvitations(DeskCity.West, count, [Postcode], life is { } span ? store.Clock.NowMicros() + span.ToMicros() : null))).Value;

    /// <summary>A code that another installation made.</summary>
    private static async Task<string> ForeignCodeAsync()
    {
        await using var store = await CityAsync(StoreKind.Sqlite);
        return (await MakeAsync(store, 2)).Codes[1];
    }

    private static async Task<(string Cookie, Caller Caller)> SignInAsync(TestStore store, string email)
    {
        var token = "";
        await store.Writer.DoAsync(Actor.Anonymous, async unit => token = (await SignIn.NewLinkAsync(unit, email, "fr", null))!);
        var cookie = (await store.Get<SignIn>().UseAsync(token, "test", null)).Value.Cookie;
        return (cookie, (await store.Get<Callers>().OfSessionAsync(cookie, "fr"))!);
    }

    private static async Task ShouldBeWholeAsync(TestStore store) => (await VerbRun.On(store, "verify")).ExitCode.ShouldBe(0);

    [GeneratedRegex("^[0-9a-f-]{36},[0-9]+,([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4},1801 1050,[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    private static partial Regex Row();
}
