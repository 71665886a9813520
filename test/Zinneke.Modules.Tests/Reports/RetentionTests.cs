using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What reports hold of people, and for how long (reports.md 4.4): the job, and the verb that shows and does the same.</summary>
public class RetentionTests
{
    private static readonly ActionRequest Solved = new() { Text = Text.Of("fr", "Réparé") };

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_kind_goes_when_its_time_is_over_and_what_would_go_is_what_goes(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (solved, open) = (await city.FileAsync(email: "ada@example.org"), await city.FileAsync(email: "ada@example.org"));
        await AddPhotoAsync(city, solved);
        await SupportAsync(city, solved, "net:198.51.100.7");
        await SupportAsync(city, open, "actor:1");
        await city.ActAsync(solved, "resolve", west, Solved);
        await city.ActAsync(solved, "confirm", Caller.Program());
        var ended = store.Clock.GetUtcNow();
        await GoesAsync(ended.AddDays(30), []);
        await GoesAsync(ended.AddDays(30).AddSeconds(1), ["originals", "devices"]);
        await GoesAsync(ended.AddMonths(6), []);
        await GoesAsync(ended.AddMonths(6).AddSeconds(1), ["contacts"]);
        await GoesAsync(ended.AddMonths(24), []);
        await GoesAsync(ended.AddMonths(24).AddSeconds(1), ["archive"]);
        await GoesAsync(ended.AddYears(20), []);

        await using var context = store.Database.Open();
        (await context.Set<ReportContact>().SingleAsync()).ReportId.ShouldBe((await FindAsync(context, open)).Id, "what is open keeps who sent it");
        (await FindAsync(context, open)).State.ShouldBe(ReportState.Assigned);
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);

        async Task GoesAsync(DateTimeOffset at, string[] kinds)
        {
            var retain = store.Get<RetainReports>();
            var look = await retain.LookAsync(at.ToMicros(), default);
            look.Where(one => one.Count > 0).Select(one => one.Kind).ShouldBe(kinds, $"{at:O}");
            look.Where(one => one.Count > 0).ShouldAllBe(one => one.Count == 1 && one.Of.Single() == solved);
            (await retain.RunAsync(at.ToMicros(), default)).ShouldBe(look.ToDictionary(one => one.Kind, one => one.Count));
            (await retain.RunAsync(at.ToMicros(), default)).Values.Sum().ShouldBe(0, "once is enough");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_an_archived_report_only_what_is_public_is_left(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var (shown, hidden, declined, withdrawn) = (await city.FileAsync(email: "ada@example.org"), await city.FileAsync(lon: 4.351234, email: "ada@example.org"), await city.FileAsync(), await city.FileAsync());
        await AddPhotoAsync(city, shown);
        await SupportAsync(city, shown, "actor:1");
        await city.ActAsync(shown, "note", west, new ActionRequest { Text = Text.Of("fr", "Madame Dupont a téléphoné") });
        (await store.Get<FlagReport>().RunAsync(hidden, new FlagRequest { What = "text", Reason = "privateData" }, "actor:1", default)).Refusal.ShouldBeNull();
        await city.ActAsync(hidden, "setPrivate", west);
        foreach (var number in new[] { shown, hidden })
        {
            await city.ActAsync(number, "resolve", west, Solved);
            await city.ActAsync(number, "confirm", Caller.Program());
        }
        await city.ActAsync(declined, "decline", west, Solved with { Reason = "nothingFound" });
        (await store.Get<ActOnReport>().RunAsync(withdrawn, "withdraw", new ActionRequest(), new Acting(Caller.Anonymous("fr"), IsReporter: true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        var (history, secretHistory) = (await city.FileAsync(), await city.FileAsync());
        await city.ActAsync(secretHistory, "setPrivate", west);
        await city.ActAsync(history, "decline", west, Solved with { Reason = "nothingFound" });
        await city.ActAsync(secretHistory, "decline", west, Solved with { Reason = "nothingFound" });
        await ImportedAsync(store, history, secretHistory);
        store.Clock.Advance(TimeSpan.FromDays(800));
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["archive"].ShouldBe(5);

        await store.SettleAsync();

        await using var context = store.Database.Open();
        var (was, secret) = (await DetailAsync(context, shown), await DetailAsync(context, hidden));
        (was.Report.State, was.Report.Bucket, was.Report.SupportCount, was.Report.Lon, was.Words!.Description).ShouldBe((ReportState.Archived, Bucket.Solved, 1, 4.35, "Un trou dans la chaussée"));
        was.Pictures.ShouldBeEmpty();
        was.Entries.Where(e => e.Internal).ShouldAllBe(e => e.Text.IsEmpty);
        was.Entries.Single(e => e.Action == "resolve").Text.In("fr").ShouldBe("Réparé");
        was.Entries[^1].Action.ShouldBe("archive");
        (secret.Report.Lon, secret.Report.Lat, secret.Words!.Description, secret.Words.Address).ShouldBe((4.351, 50.85, "", null));
        secret.Entries.ShouldAllBe(e => e.Text.IsEmpty);
        (secret.Report.FlaggedAt, await context.Set<ReportFlag>().AnyAsync()).ShouldBe((null, false), "nobody has to look at it any more");
        var trail = await store.Get<AuditTrail>().OfAsync(new Subject("report", secret.Report.Id));
        trail.SkipLast(1).ShouldAllBe(one => one.State == AuditState.None || one.State == AuditState.Erased);
        trail[^1].After!.ToJsonString().ShouldBe("""{"state":"archived"}""", "neither the place as it was nor who worked on it");
        (await FindAsync(context, declined)).Bucket.ShouldBe(Bucket.NotDone);
        (await FindAsync(context, history)).State.ShouldBe(ReportState.Declined, "as the other system left it");
        (await DetailAsync(context, secretHistory)).Words!.Description.ShouldBe("", "what was never public goes all the same");
        (await context.Set<ReportContact>().CountAsync(), await context.Set<ReportSupport>().CountAsync(), await context.Set<StoredFile>().CountAsync()).ShouldBe((0, 0, 0));
        var listed = await new FindReports(context).PageAsync(new ReportQuery { Bucket = Bucket.Solved }, null, null, default);
        listed.Rows.Select(row => row.Report.Number).Order().ShouldBe(new[] { shown, hidden }.Order(), "it is in the bucket that it was in");
        FindReportsApi.IsOpenToAll(await FindAsync(context, withdrawn)).ShouldBeFalse("withdrawn is withdrawn");
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
        var reopened = await store.Get<ActOnReport>().RunAsync(shown, "reopen", new ActionRequest { Reason = "notSolved" }, new Acting(Caller.Program(), false), store.Writer.DoAsync, default);
        reopened.Refusal!.Code.ShouldBe("reports.actionNotAllowed");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_periods_are_settings(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, null, [.. Periods.All.Select(setting => (setting, setting.Name.EndsWith("Months", StringComparison.Ordinal) ? "1" : "3"))]);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        await city.ActAsync(number, "decline", await city.CallerAsync("agent", DeskCity.West), Solved with { Reason = "nothingFound" });
        (await store.Get<RetainReports>().RunAsync(store.Clock.GetUtcNow().AddMonths(1).AddSeconds(1).ToMicros(), default)).Where(gone => gone.Value > 0).Select(gone => gone.Key).ShouldBe(["contacts", "archive"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_verb_shows_what_would_go_and_then_it_goes(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        await city.ActAsync(number, "decline", await city.CallerAsync("agent", DeskCity.West), Solved with { Reason = "nothingFound" });
        await store.SettleAsync();
        string[] ask = ["reports", "retention", "--at", "2026-12-10T00:00:00Z"];
        for (var run = 0; run < 2; run++)
        {
            var dry = (await VerbRun.On(store, [.. ask, "--dry-run"])).Json;
            dry.GetProperty("dryRun").GetBoolean().ShouldBeTrue();
            dry.GetProperty("kinds").EnumerateArray().Select(k => k.GetProperty("kind").GetString()).ShouldBe(["contacts", "followers", "drafts", "originals", "devices", "flags", "senders", "blocks", "deliveries", "forwards", "rounds", "archive"]);
            var contacts = dry.GetProperty("kinds")[0];
            (contacts.GetProperty("count").GetInt32(), contacts.GetProperty("of")[0].GetString(), contacts.GetProperty("before").GetDateTimeOffset()).ShouldBe((1, number, new DateTimeOffset(2026, 6, 10, 0, 0, 0, TimeSpan.Zero)), "nothing went");
        }
        var done = await VerbRun.On(store, ask);
        (done.ExitCode, done.Json.GetProperty("kinds")[0].GetProperty("count").GetInt32()).ShouldBe((0, 1));
        await using var context = store.Database.Open();
        (await context.Set<ReportContact>().AnyAsync()).ShouldBeFalse();
        (await VerbRun.On(store, "reports", "verify")).ExitCode.ShouldBe(0);
    }

    private static async Task AddPhotoAsync(DeskCity city, string number)
    {
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(40, 30)), city.Get<FileStore>())).Value;
        (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(Caller.Program(), IsReporter: true), default)).Refusal.ShouldBeNull();
        await city.Get<DrawFiles>().AllAsync();
    }

    /// <summary>As if they had come so from another system.</summary>
    private static Task ImportedAsync(TestStore store, params string[] numbers) => store.Writer.DoAsync(Actor.System, async unit =>
    {
        foreach (var number in numbers)
        {
            var report = await FindAsync(unit.Store, number);
            unit.Store.Add(new ReportOrigin { ReportId = report.Id, Source = "other", ExternalId = number, ReportVersion = report.Version });
        }
    });

    private static async Task SupportAsync(DeskCity city, string number, string by) =>
        (await city.Get<SupportReport>().RunAsync(number, by, Actor.Anonymous, default)).Refusal.ShouldBeNull();

    private static async Task<ReportDetail> DetailAsync(Store store, string number) => (await new ReadReport(store).DetailAsync(number, default))!;

    private static async Task<Report> FindAsync(Store store, string number) => (await ReadReport.FindAsync(store, number, false, default))!;
}
