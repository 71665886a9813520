using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>A list of words that staff want to look at (R30): it holds nothing up and hides nothing.</summary>
public class WordBookTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_with_a_word_of_the_list_waits_for_staff_and_is_public(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        (await store.Get<ImportWords>().RunAsync(DeskCity.Stream("""{"words":["crétin","Klootzak"]}"""), "words", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        var (rude, polite) = (await city.FileAsync(words: "Quel CRETIN a laissé ça ?"), await city.FileAsync(words: "Une crétinerie de trou"));
        await using var read = store.Database.Open();
        (await ReadReport.FindAsync(read, polite, false, default))!.FlaggedAt.ShouldBeNull("part of a word is another word");
        var report = (await ReadReport.FindAsync(read, rude, false, default))!;
        report.FlaggedAt.ShouldNotBeNull();
        (await new ReadReport(read).DetailAsync(rude, default))!.ForPublic(false, null).Description.ShouldBe("Quel CRETIN a laissé ça ?");
        var request = new FlagRequest { What = "text", Reason = "abusive" };
        (await store.Get<FlagReport>().RunAsync(rude, request, "net:1", default)).Value.Hidden.ShouldBeFalse();
        (await store.Get<FlagReport>().RunAsync(rude, request, "net:2", default)).Value.Hidden.ShouldBeFalse("the list is no third person");
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        (await store.Get<ShowPart>().RunAsync(rude, new ShowRequest { What = "text", Show = true }, agent, default)).Refusal.ShouldBeNull();
        (await read.Set<Report>().AsNoTracking().SingleAsync(r => r.Id == report.Id)).FlaggedAt.ShouldBeNull();
        await store.SettleAsync();
        (await store.Get<VerifyReports>().RunAsync(null, default)).Mismatches.ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_list_comes_back_as_it_was_put_in_force_and_a_faulty_one_changes_nothing(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        var import = store.Get<ImportWords>();
        (await import.RunAsync(DeskCity.Stream("""{"words":["crétin"]}"""), "words", Actor.System, default)).Added.ShouldBe(1);
        foreach (var (file, expected) in new[]
                 {
                     ("""{"words":["deux mots"]}""", "one word each, without spaces"), ("""{"words":["Crétin","cretin"]}""", "each word once"), ("""{"words":["a"],"more":1}""", "no such member; known are words"),
                 })
        {
            (await import.RunAsync(DeskCity.Stream(file), "words", Actor.System, default)).Refusals.Single().Expected.ShouldBe(expected);
        }
        await using var read = store.Database.Open();
        using var written = new MemoryStream();
        (await import.ExportAsync(read, written, ImportOptions.None, default)).ShouldBeTrue();
        written.Position = 0;
        (await import.RunAsync(written, "words", Actor.System, default)).Unchanged.ShouldBe(1);
        (await import.RunAsync(DeskCity.Stream("""{"words":[]}"""), "words", Actor.System, default)).Refusals.ShouldBeEmpty();
        (await WordBook.ReadAsync(read, default)).ShouldBeEmpty();
    }
}
