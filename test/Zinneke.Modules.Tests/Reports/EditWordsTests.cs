using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Staff change the words of a reporter; what stood there stays with them alone (R30).</summary>
public class EditWordsTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_public_reads_the_new_words_and_the_old_ones_stay_inside(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(words: "Madame Dupont gare sur le trottoir");
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        (await store.Get<EditWords>().RunAsync(number, new WordsRequest { Description = " Une voiture gare\r\nsur le trottoir ", Version = 1 }, agent, default)).Refusal.ShouldBeNull();
        await using var read = store.Database.Open();
        var detail = (await new ReadReport(read).DetailAsync(number, default))!;
        var shown = detail.ForPublic(false, null);
        shown.Description.ShouldBe("Une voiture gare\nsur le trottoir");
        shown.History[^1].Action.ShouldBe("editText");
        shown.History.ShouldAllBe(line => line.Text.IsEmpty);
        detail.Entries.Single(e => e.Internal).Text.In("fr").ShouldBe("Madame Dupont gare sur le trottoir");
        (await new FindReports(read).PageAsync(new ReportQuery { Limit = 10, Words = "Dupont" }, null, null, default)).Rows.ShouldBeEmpty();
        await store.SettleAsync();
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
        var trail = await store.Get<AuditTrail>().OfAsync(new Subject("report", detail.Report.Id));
        trail[^1].State.ShouldBe(AuditState.Intact);
        trail.ShouldAllBe(one => !one.Event.Data.Contains("Dupont", StringComparison.Ordinal));

        (await store.Get<EditWords>().RunAsync(number, new WordsRequest { Description = "Une voiture gare\nsur le trottoir" }, agent, default)).Refusal.ShouldBeNull();
        (await read.Set<ReportEntry>().CountAsync(e => e.Action == "editText")).ShouldBe(1, "the same words change nothing");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_cannot_be_is_refused(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync();
        async Task<Refusal> RefusedAsync(WordsRequest request, Caller by, string? of = null) => (await store.Get<EditWords>().RunAsync(of ?? number, request, new Acting(by, false), default)).Refusal!;
        var agent = await city.CallerAsync("agent", DeskCity.West);
        (await RefusedAsync(new WordsRequest { Description = "a", Version = 7 }, agent)).Code.ShouldBe("reports.stale");
        (await RefusedAsync(new WordsRequest(), agent)).Field.ShouldBe("description");
        (await RefusedAsync(new WordsRequest { Description = new string('a', 4001) }, agent)).Code.ShouldBe("reports.descriptionTooLong");
        (await RefusedAsync(new WordsRequest { Description = "a\0b" }, agent)).Code.ShouldBe("kernel.nulInText");
        (await RefusedAsync(new WordsRequest { Description = "a" }, agent, "2020-000001")).Kind.ShouldBe(RefusalKind.NotFound);
        (await RefusedAsync(new WordsRequest { Description = "a" }, await city.CallerAsync("agent", DeskCity.East))).Kind.ShouldBe(RefusalKind.Forbidden);
        (await RefusedAsync(new WordsRequest { Description = "a" }, await city.CallerAsync("reader", DeskCity.West))).Kind.ShouldBe(RefusalKind.Forbidden);
    }
}
