using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Duplicates are merged into one and unmerged (reports.md 4.5, R27): nothing is lost by either, and whoever may do neither learns nothing.</summary>
public class MergeTests
{
    /// <summary>Random merges, unmerges, "me too" and withdrawals beside a model that knows only who was merged by hand into what.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Whatever_is_merged_and_unmerged_nothing_is_lost(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var random = new Random(27);
        var model = new List<Twin>();
        for (var i = 0; i < 7; i++)
        {
            store.Clock.Advance(TimeSpan.FromHours(30));
            model.Add(new Twin(await city.FileAsync(lon: 4.35 + (i * 0.00001))));
        }
        await CompareAsync(store, model, learn: true);
        for (var step = 0; step < 60; step++)
        {
            store.Clock.Advance(TimeSpan.FromMinutes(11));
            var (one, other) = (model[random.Next(model.Count)], model[random.Next(model.Count)]);
            switch (random.Next(5))
            {
                case 0 or 1:
                    var merged = await TryAsync(city, one.Number, "merge", west, new ActionRequest { Target = other.Number });
                    var expected = one.Via is not null || one.Withdrawn ? RefusalKind.Conflict
                        : one == other ? RefusalKind.Invalid : other.Via is not null || other.Withdrawn ? RefusalKind.Conflict : (RefusalKind?)null;
                    (merged?.Kind).ShouldBe(expected);
                    (merged is null).ShouldBe(expected is null);
                    one.Via = expected is null ? other : one.Via;
                    break;
                case 2:
                    var parted = await TryAsync(city, one.Number, "unmerge", west, new ActionRequest { Reason = "otherProblem" });
                    (parted is null).ShouldBe(one.Via is not null);
                    one.Via = null;
                    break;
                case 3:
                    var person = $"actor:{random.Next(6)}";
                    (await city.Get<SupportReport>().RunAsync(one.Number, person, Actor.Anonymous, default)).Ok.ShouldBe(!one.Withdrawn);
                    if (!one.Withdrawn && !model.Any(twin => twin.Root == one.Root && twin.People.Contains(person)))
                    {
                        one.Root.People.Add(person);
                    }
                    break;
                case 4 when step % 3 == 0 && one is { Via: null, Withdrawn: false }:
                    (await city.Get<ActOnReport>().RunAsync(one.Number, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
                    Withdraw(model, one);
                    break;
            }
            await CompareAsync(store, model);
        }
        while (model.Find(twin => twin.Via is not null) is { } twin)
        {
            await city.ActAsync(twin.Number, "unmerge", west, new ActionRequest { Reason = "otherProblem" });
            twin.Via = null;
            await CompareAsync(store, model);
        }
        model.Count(twin => twin.Withdrawn).ShouldBeInRange(1, 5);
        await store.SettleAsync();
        var verified = await store.Get<VerifyReports>().RunAsync(null, default);
        verified.First.ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_merges_that_cross_one_is_done(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        for (var i = 0; i < 8; i++)
        {
            var (a, b) = (await city.FileAsync(), await city.FileAsync());
            var tried = await Task.WhenAll(TryAsync(city, a, "merge", west, new ActionRequest { Target = b }), TryAsync(city, b, "merge", west, new ActionRequest { Target = a }));
            tried.Count(refusal => refusal is null).ShouldBe(1);
            tried.Single(refusal => refusal is not null)!.Kind.ShouldBe(RefusalKind.Conflict);
            await using var open = store.Database.Open();
            (await open.Set<Report>().CountAsync(r => (r.Number == a || r.Number == b) && r.State == ReportState.Duplicate)).ShouldBe(1);
        }
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_staff_of_both_holders_merge_and_a_forged_number_says_nothing(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (west, east, region) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.East), await city.CallerAsync("head", DeskCity.Region));
        var (own, other, foreign, hidden) = (await city.FileAsync(), await city.FileAsync(), await city.FileAsync(lon: 4.45), await city.FileAsync(lon: 4.46));
        await city.ActAsync(hidden, "hide", east);
        async Task<(RefusalKind?, string?)> Merge(string number, Caller by, string? target, long? version = null)
        {
            var refusal = await TryAsync(city, number, "merge", by, new ActionRequest { Target = target, Version = version });
            return (refusal?.Kind, refusal?.Code);
        }
        (await Merge(own, Caller.Anonymous("fr"), other)).Item1.ShouldBe(RefusalKind.Unauthenticated);
        (await Merge(own, east, foreign)).ShouldBe((RefusalKind.Forbidden, "reports.notYourReport"));
        (await Merge(own, region, other)).ShouldBe((RefusalKind.Forbidden, "reports.notYourReport"), "a body above leaves the work to the holder");
        (await Merge(own, east, Guid.NewGuid().ToString())).ShouldBe((RefusalKind.Forbidden, "reports.notYourReport"), "the same for a target that is not there");
        (await Merge(own, west, foreign)).ShouldBe((RefusalKind.Forbidden, "reports.targetNotYours"));
        (await Merge(own, west, hidden)).ShouldBe((RefusalKind.Invalid, "reports.unknownTarget"));
        (await Merge(own, west, Guid.NewGuid().ToString())).ShouldBe((RefusalKind.Invalid, "reports.unknownTarget"));
        (await Merge(own, west, "2026-\0")).Item1.ShouldBe(RefusalKind.Invalid);
        (await Merge(own, west, null)).ShouldBe((RefusalKind.Invalid, "reports.required"));
        (await Merge(own, west, own)).ShouldBe((RefusalKind.Invalid, "reports.mergeIntoItself"));
        (await Merge(own, west, other, version: 7)).ShouldBe((RefusalKind.Conflict, "reports.stale"));
        (await Merge(own, west, other, version: 1)).ShouldBe((null, null));
        (await TryAsync(city, own, "unmerge", east, new ActionRequest { Reason = "other" }))!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await TryAsync(city, own, "unmerge", west))!.Kind.ShouldBe(RefusalKind.Invalid, "a reason is asked for");

        var (solved, withdrawn) = (await city.FileAsync(), await city.FileAsync());
        await city.ActAsync(solved, "resolve", west, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        (await city.Get<ActOnReport>().RunAsync(withdrawn, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        foreach (var closed in new[] { solved, withdrawn, own })
        {
            (await Merge(other, west, closed)).ShouldBe((RefusalKind.Conflict, "reports.targetNotOpen"));
            (await Merge(closed, west, other)).Item1.ShouldBe(RefusalKind.Conflict);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_pause_moves_the_members_promise_with_the_targets_and_a_reopening_ends_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var region = await city.CallerAsync("agent", DeskCity.Region);
        var early = await city.FileAsync("waste-dump"); // 24 hours from now.
        var start = store.Clock.GetUtcNow();
        store.Clock.Advance(TimeSpan.FromHours(6));
        var late = await city.FileAsync("waste-dump");
        async Task<(TimeSpan Early, TimeSpan Late)> DueAsync()
        {
            await using var open = store.Database.Open();
            var due = await open.Set<Report>().ToDictionaryAsync(r => r.Number, r => Instants.FromMicros(r.DueAt!.Value) - start);
            return (due[early], due[late]);
        }
        await city.ActAsync(early, "merge", region, new ActionRequest { Target = late });
        (await DueAsync()).ShouldBe((TimeSpan.FromHours(24), TimeSpan.FromHours(24)), "due is the earlier");
        await city.ActAsync(late, "accept", region);
        await city.ActAsync(late, "hold", region, new ActionRequest { Reason = "awaitingReporter" });
        store.Clock.Advance(TimeSpan.FromHours(5));
        await city.ActAsync(late, "resume", region);
        (await DueAsync()).ShouldBe((TimeSpan.FromHours(24), TimeSpan.FromHours(29)));
        await city.ActAsync(late, "setPriority", region, new ActionRequest { Priority = Priority.High });
        (await DueAsync()).ShouldBe((TimeSpan.FromHours(24), TimeSpan.FromHours(29)), "counted anew, the member's is still the earlier");
        await city.ActAsync(early, "unmerge", region, new ActionRequest { Reason = "other" });
        (await DueAsync()).ShouldBe((TimeSpan.FromHours(24), TimeSpan.FromHours(35)), "each its own, the target's with its pause");
        await city.ActAsync(early, "merge", region, new ActionRequest { Target = late });
        await city.ActAsync(late, "resolve", region, new ActionRequest { Text = Text.Of("fr", "Enlevé") });
        await city.ActAsync(late, "reopen", region, new ActionRequest { Reason = "cameBack" });
        (await DueAsync()).Late.ShouldBe(TimeSpan.FromHours(11 + 24), "a new promise from the moment of reopening");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_sent_or_follows_the_merged_one_is_told_and_hears_of_the_target_once(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (target, twin) = (await city.FileAsync(email: "ada@example.org", subscribe: true), await city.FileAsync(email: "nele@example.org", lang: "nl", subscribe: true));
        await FollowAsync(store, twin, "carl@example.org", "de");
        await FollowAsync(store, twin, "ada@example.org", "fr");
        await FollowAsync(store, target, "carl@example.org", "de");
        await city.ActAsync(twin, "merge", west, new ActionRequest { Target = target });
        await store.SettleAsync();
        (await ToldAsync(store, "merged")).ShouldBe(["ada@example.org fr", "carl@example.org de", "nele@example.org nl"]);
        await using (var open = store.Database.Open())
        {
            (await open.Set<MailRow>().SingleAsync(m => m.Notice == "reports.mail.merged" && m.Address == "nele@example.org")).Content!.ShouldContain($"onder nummer {target}");
        }
        await city.ActAsync(target, "accept", west);
        await store.SettleAsync();
        (await ToldAsync(store, "followed")).ShouldBe(["carl@example.org de", "nele@example.org nl"]);
        (await ToldAsync(store, "accepted")).ShouldBe(["ada@example.org fr"]);
        (await city.Get<EraseContact>().RunAsync(twin, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        await city.ActAsync(twin, "unmerge", west, new ActionRequest { Reason = "otherPlace" });
        await city.ActAsync(target, "resolve", west, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        await store.SettleAsync();
        (await ToldAsync(store, "resolved")).ShouldBe(["ada@example.org fr"]);
        (await ToldAsync(store, "unmerged")).ShouldBeEmpty("the contact is erased");
        (await ToldAsync(store, "followed")).Count(line => line.StartsWith("nele", StringComparison.Ordinal)).ShouldBe(0, "its mails went with it");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_duplicate_is_kept_as_long_as_its_target_and_goes_after_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (target, twin) = (await city.FileAsync(), await city.FileAsync(email: "ada@example.org"));
        await city.ActAsync(twin, "merge", west, new ActionRequest { Target = target });
        store.Clock.Advance(TimeSpan.FromDays(400));
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default)).Values.Sum().ShouldBe(0, "its people still hear of the target");
        await city.ActAsync(target, "resolve", west, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        await city.ActAsync(target, "confirm", Caller.Program());
        store.Clock.Advance(TimeSpan.FromDays(190));
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["contacts"].ShouldBe(1);
        store.Clock.Advance(TimeSpan.FromDays(600));
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["archive"].ShouldBe(2);
        await using var open = store.Database.Open();
        var row = (await new FindReports(open).PageAsync(new ReportQuery { Bucket = Bucket.Solved }, null, null, default)).Rows.Single(row => row.Report.Number == twin);
        (row.Report.State, row.Report.BucketWith(row.Target)).ShouldBe((ReportState.Archived, Bucket.Solved), "its public bucket stays that of its target");
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Groups_are_suggested_to_who_may_merge_them_and_go_when_they_are_merged(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        string[] near = [await city.FileAsync(), await city.FileAsync(lon: 4.3501), await city.FileAsync(lon: 4.35005)];
        await city.FileAsync(lon: 4.36);
        await city.FileAsync("waste-dump");
        await city.ActAsync(await city.FileAsync(lon: 4.35002), "setPrivate", west);
        await store.SettleAsync();
        async Task<List<string[]>> GroupsAsync(Caller caller)
        {
            var found = new SuggestDuplicates(store.Get<ReportMap>(), store.Get<RoutingMap>(), store.Get<BodyMap>(), store.Get<AlgorithmGate>(), caller).All();
            await using var open = store.Database.Open();
            var numbers = await open.Set<Report>().ToDictionaryAsync(r => r.Id, r => r.Number);
            return [.. found.Select(group => group.Select(id => numbers[id]).Order(StringComparer.Ordinal).ToArray())];
        }
        (await GroupsAsync(west)).ShouldBe([near]);
        (await GroupsAsync(await city.CallerAsync("agent", DeskCity.West, categories: ["waste"], name: "waste"))).ShouldBeEmpty();
        (await GroupsAsync(await city.CallerAsync("head", DeskCity.Region))).ShouldBeEmpty("a body above leaves the work to the holder");
        await city.ActAsync(near[1], "merge", west, new ActionRequest { Target = near[0] });
        await store.SettleAsync();
        (await GroupsAsync(west)).ShouldBe([[near[0], near[2]]]);
        await city.ActAsync(near[2], "merge", west, new ActionRequest { Target = near[0] });
        await store.SettleAsync();
        (await GroupsAsync(west)).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Without_its_entry_in_the_register_nothing_is_suggested_to_anybody(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        await city.FileAsync();
        await city.FileAsync();
        await store.SettleAsync();
        async Task<(int Groups, int Near)> SuggestedAsync()
        {
            await using var open = store.Database.Open();
            var tree = store.Get<RoutingMap>().Current.Map.Categories;
            var near = await new NearbyReports(open, store.Get<ReportMap>(), store.Get<AlgorithmGate>(), store.Clock).AtAsync(new LonLat(4.35, 50.85), tree.Find("road-hole")!, tree, default);
            return (new SuggestDuplicates(store.Get<ReportMap>(), store.Get<RoutingMap>(), store.Get<BodyMap>(), store.Get<AlgorithmGate>(), west).All().Count, near.Count);
        }
        (await SuggestedAsync()).ShouldBe((1, 2));
        await city.RetireAsync(SuggestDuplicates.Algorithm);
        (await SuggestedAsync()).ShouldBe((0, 0));
    }

    /// <summary>Each way round, and hidden: whoever supports, follows or sent the one hears nothing of the other (decision 0023).</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_of_which_one_is_not_public_nobody_is_told_that_they_are_one(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        foreach (var (action, ofTarget) in new[] { ("setPrivate", true), ("setPrivate", false), ("hide", true) })
        {
            var (target, twin) = (await city.FileAsync(), await city.FileAsync(email: $"sender-{action}-{ofTarget}@example.org", subscribe: true));
            await city.ActAsync(ofTarget ? target : twin, action, west);
            await FollowAsync(store, twin, $"follower-{action}-{ofTarget}@example.org", "nl");
            await city.ActAsync(twin, "merge", west, new ActionRequest { Target = target });
            await city.ActAsync(target, "accept", west);
            await store.SettleAsync();
            await using var open = store.Database.Open();
            var (one, other) = ((await ReadReport.FindAsync(open, twin, false, default))!, (await ReadReport.FindAsync(open, target, false, default))!);
            var mails = (await open.Set<MailRow>().AsNoTracking().ToListAsync()).FindAll(mail => mail.Address.EndsWith($"-{action}-{ofTarget}@example.org", StringComparison.OrdinalIgnoreCase) && mail.Notice != "reports.mail.received");
            mails.Select(mail => $"{mail.Address.Split('-')[0]} {mail.Notice}").Order(StringComparer.Ordinal).ShouldBe(
                ["follower reports.mail.followed", "follower reports.mail.mergedUnnamed", "sender reports.mail.followed", "sender reports.mail.mergedUnnamed"]);
            mails.ShouldAllBe(mail => mail.Content!.Contains(twin) && !mail.Content.Contains(target));
            (await open.Set<ReportEntry>().SingleAsync(entry => entry.ReportId == other.Id && entry.Action == "joined")).Internal.ShouldBeTrue();
            var supported = await city.Get<SupportReport>().RunAsync(twin, "actor:1", Actor.Anonymous, default);
            supported.Value.ShouldBe(new SupportCount(one.Id, 1));
            (await city.Get<SupportReport>().RunAsync(twin, "actor:1", Actor.Anonymous, default)).Value.ShouldBe(new SupportCount(one.Id, 1), "once each");
        }
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_merged_before_its_place_was_found_promises_a_time_when_somebody_has_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var region = await city.CallerAsync("agent", DeskCity.Region);
        var (placed, unmerged, heir) = (await city.FileAsync(), await city.FileAsync(lon: null), await city.FileAsync(lon: null));
        var target = await city.FileAsync("waste-dump");
        await city.ActAsync(target, "accept", region);
        await city.ActAsync(unmerged, "merge", region, new ActionRequest { Target = target });
        await city.ActAsync(heir, "merge", region, new ActionRequest { Target = target });
        store.Clock.Advance(TimeSpan.FromDays(1));
        await city.ActAsync(unmerged, "unmerge", region, new ActionRequest { Reason = "other" });
        await city.ActAsync(unmerged, "assign", region, new ActionRequest { Body = DeskCity.West, Reason = "other" });
        (await city.Get<ActOnReport>().RunAsync(target, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        await using var open = store.Database.Open();
        var rows = await open.Set<Report>().ToDictionaryAsync(r => r.Number);
        (rows[unmerged].State, rows[unmerged].Holder, rows[unmerged].DueAt).ShouldBe((ReportState.Assigned, DeskCity.West, rows[placed].DueAt), "counted from when it was sent");
        (rows[heir].State, rows[heir].Holder, rows[heir].DueAt).ShouldBe((ReportState.Accepted, DeskCity.Region, rows[placed].DueAt));
    }

    private static void Withdraw(List<Twin> model, Twin gone)
    {
        gone.Withdrawn = true;
        var members = model.FindAll(twin => twin != gone && twin.Root == gone);
        if (members.MinBy(twin => twin.Number) is not { } heir)
        {
            return;
        }
        heir.Via = null;
        foreach (var twin in members.Where(twin => twin.Via == gone))
        {
            twin.Via = heir;
        }
    }

    /// <summary>Every row against the model; what each promises by itself is learnt before anything is merged.</summary>
    private static async Task CompareAsync(TestStore store, List<Twin> model, bool learn = false)
    {
        await using var open = store.Database.Open();
        var rows = await open.Set<Report>().AsNoTracking().ToDictionaryAsync(r => r.Number);
        foreach (var twin in model)
        {
            var (row, root) = (rows[twin.Number], twin.Root);
            if (learn)
            {
                twin.Due = row.DueAt;
            }
            var group = model.FindAll(other => other.Root == twin);
            row.MergedInto.ShouldBe(root == twin ? null : rows[root.Number].Id, twin.Number);
            (row.State == ReportState.Duplicate).ShouldBe(root != twin);
            row.SupportCount.ShouldBe(twin.People.Count);
            row.DueAt.ShouldBe(root == twin ? group.Min(other => other.Due) : twin.Due, twin.Number);
            row.Supporters.ShouldBe(root == twin ? group.SelectMany(other => other.People).Distinct().Count() : twin.People.Count);
        }
    }

    private static async Task<Refusal?> TryAsync(DeskCity city, string number, string action, Caller by, ActionRequest? request = null) =>
        (await city.Get<ActOnReport>().RunAsync(number, action, request ?? new ActionRequest(), new Acting(by, false), city.Get<Writer>().DoAsync, default)).Refusal;

    private static async Task FollowAsync(TestStore store, string number, string email, string language)
    {
        await using var open = store.Database.Open();
        var what = Followed.One((await ReadReport.FindAsync(open, number, false, default))!.Id);
        open.Add(new Subscription { Id = Guid.NewGuid(), Email = email, Target = what.Key, Language = language, ReportId = what.Report, AskedAt = 1, ConfirmedAt = 1 });
        await open.SaveChangesAsync();
    }

    private static async Task<List<string>> ToldAsync(TestStore store, string notice)
    {
        await using var open = store.Database.Open();
        return [.. (await open.Set<MailRow>().AsNoTracking().Where(m => m.Notice == "reports.mail." + notice).Select(m => m.Address + " " + m.Language).ToListAsync()).Order(StringComparer.Ordinal)];
    }

    /// <param name="number">Rises with creation.</param>
    private sealed class Twin(string number)
    {
        public string Number => number;

        public Twin? Via { get; set; }

        public bool Withdrawn { get; set; }

        public long? Due { get; set; }

        public HashSet<string> People { get; } = [];

        public Twin Root => Via?.Root ?? this;
    }
}
