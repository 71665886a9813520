using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>Texts that an installation says otherwise than the program (reports.md R40).</summary>
public class OwnTextsTests
{
    private const string File = """
        {"texts":[
          {"key":"reports.refusal.tooManyPhotos","words":{"fr":"Au plus {0} images.","nl":"Hoogstens {0} beelden.","en":"At most {0} pictures.","de":"Höchstens {0} Aufnahmen."}}
        ]}
        """;

    [Theory, OnSqlite, OnPostgres]
    public async Task They_are_said_at_once_and_written_to_the_same_file(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var words = store.Get<Words>();
        var before = words.In("nl", "reports.refusal.tooManyPhotos", 4);
        (await TakeAsync(store, File)).Added.ShouldBe(1);
        await store.SettleAsync();
        words.In("nl", "reports.refusal.tooManyPhotos", 4).ShouldBe("Hoogstens 4 beelden.");
        words.Shipped("nl", "reports.refusal.tooManyPhotos").ShouldNotBe("Hoogstens {0} beelden.");

        using var written = new MemoryStream();
        await using (var open = store.Database.Open())
        {
            await store.Get<ImportTexts>().ExportAsync(open, written, ImportOptions.None, default);
        }
        (await TakeAsync(store, Encoding.UTF8.GetString(written.ToArray()))).Unchanged.ShouldBe(1);

        (await TakeAsync(store, """{"texts":[]}""")).Refused.ShouldBe(0);
        await store.SettleAsync();
        words.In("nl", "reports.refusal.tooManyPhotos", 4).ShouldBe(before);
    }

    [Theory]
    [OnSqlite("reports.refusal.nothingOfThisName", "{0}", "texts[0].key", "the key of a text of this program")]
    [OnSqlite("reports.refusal.tooManyPhotos", "", "texts[0].words", "words with the gaps {0}")]
    [OnSqlite("reports.refusal.tooManyPhotos", "{0} {1}", "texts[0].words", "words with the gaps {0}")]
    [OnSqlite("reports.refusal.tooManyPhotos", "{0} {", "texts[0].words", "words with the gaps {0}")]
    [OnSqlite("reports.refusal.tooManyPhotos", "{0} {{", "texts[0].words", "words with the gaps {0}")]
    [OnSqlite("ui.save", "{0}", "texts[0].words", "words without gaps")]
    public async Task What_would_not_fit_is_refused_with_its_line(StoreKind kind, string key, string words, string field, string expected)
    {
        await using var store = await TestStore.NewAsync(kind);
        var file = "{\"texts\":[\n{\"key\":\"KEY\",\"words\":{\"fr\":\"W\",\"nl\":\"W\",\"en\":\"W\",\"de\":\"W\"}}]}".Replace("KEY", key, StringComparison.Ordinal).Replace("W", "Words " + words, StringComparison.Ordinal);
        var refused = (await TakeAsync(store, file)).Refusals.ShouldHaveSingleItem();
        (refused.Line, refused.Field, refused.Expected).ShouldBe((2, field, expected));
    }

    [Theory, OnSqlite]
    public async Task A_language_that_is_missing_and_a_key_that_comes_twice_are_refused(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var file = """{"texts":[{"key":"ui.save","words":{"fr":"A","nl":"A","en":"A"}},{"key":"ui.cancel","words":{"fr":"A","nl":"A","en":"A","de":"A"}},{"key":"ui.cancel","words":{"fr":"A","nl":"A","en":"A","de":"A"}}]}""";
        (await TakeAsync(store, file)).Refusals.Select(fault => fault.Field).ShouldBe(["texts[0].words.de", "texts[2].key"]);
    }

    private static async Task<ImportSummary> TakeAsync(TestStore store, string file)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file));
        return await store.Get<ImportTexts>().RunAsync(stream, "texts.json", Actor.System, default);
    }
}
