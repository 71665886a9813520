using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.Search;

/// <summary>What the search page finds on both stores: words, accents, beginnings, wrong letters, filters, and that nothing stays that is no longer public.</summary>
public class SearchTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Words_find_reports_categories_and_bodies_in_four_languages(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await store.StartAsync();
        var fr = await city.FileAsync(words: "Un trou profond à réparer près de l’École, Œuvre d’art abîmée");
        var nl = await city.FileAsync(words: "Diepe kuil in het fietspad", lang: "nl", lon: 4.45);
        var en = await city.FileAsync("waste-dump", words: "Mattresses left behind the church", lang: "en");
        var de = await city.FileAsync("road-gully", words: "Verstopfter Gully vor der Straße", lang: "de");
        await store.SettleAsync();

        (await LabelsAsync(store, "ecole")).ShouldBe([fr]);
        (await LabelsAsync(store, "ÉCOLE oeuvre")).ShouldBe([fr]);
        (await LabelsAsync(store, "repar")).ShouldBe([fr], "a word that is still being typed");
        (await LabelsAsync(store, "fietsp")).ShouldBe([nl]);
        (await LabelsAsync(store, "the mattresses")).ShouldBe([en], "common words do not narrow");
        (await LabelsAsync(store, "strasse")).ShouldBe([de]);
        (await LabelsAsync(store, "kuil mattresses")).ShouldBeEmpty("every word must be met");
        (await LabelsAsync(store, "trou fietspad")).ShouldBe([nl], "one by its category");
        (await LabelsAsync(store, "réparations")).ShouldBe(kind == StoreKind.Postgres ? [fr] : [], "PostgreSQL knows the stems of a language");
        (await LabelsAsync(store, fr)).ShouldBe([fr]);
        (await LabelsAsync(store, "canal 12")).ShouldBe([de, en, nl, fr], "what came last first");
        foreach (var category in (string[])["Trou", "put", "hole", "loch"])
        {
            (await KindsAsync(store, category)).ShouldBe(["category:road-hole", $"report:{nl}", $"report:{fr}"], $"{category}: what comes first, then all that lies under it");
        }
        (await KindsAsync(store, "Eaux")).ShouldBe(["body:water", $"report:{de}"]);
        (await KindsAsync(store, "Eaux gully")).ShouldBe([$"report:{de}"]);
        var page = await PageAsync(store, new SearchQuery { Words = "hole" });
        page.Hits.Select(hit => hit.Title.In("nl")).ShouldBe(["Put", "Put", "Put"], "a report is called what its category is");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_wrong_letter_is_forgiven_where_the_word_begins_nothing(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await store.StartAsync();
        var number = await city.FileAsync(words: "Lampadaire cassé, trottoir dangereux");
        await store.SettleAsync();
        foreach (var found in (string[])["lampadaire", "lampadiare", "lmpadaire", "lampadxyre", "trotoir", "trottior", "trotto", "trottpi", "dangereuse"])
        {
            (await LabelsAsync(store, found)).ShouldBe([number], found);
        }
        foreach (var not in (string[])["campadaire", "lxmpxdxire", "truttuir", "case", "cassx", "abc"])
        {
            (await LabelsAsync(store, not)).ShouldBe(not == "cassx" ? [number] : [], not);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Filters_narrow_and_pages_go_to_the_end(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await store.StartAsync();
        var numbers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            numbers.Add(await city.FileAsync(i % 2 == 0 ? "road-hole" : "waste-dump", lon: i < 5 ? 4.35 : 4.45));
        }
        await store.SettleAsync();
        async Task<List<string>> Reports(SearchQuery query) => [.. (await PageAsync(store, query with { Kind = "report" })).Hits.Select(NumberOf)];
        (await Reports(new SearchQuery { Words = "chaussée", Area = "2" })).ShouldBe([numbers[6], numbers[5]]);
        (await Reports(new SearchQuery { Words = "chaussée", Body = "region" })).ShouldBe([numbers[5], numbers[3], numbers[1]]);
        (await Reports(new SearchQuery { Body = "west", Area = "1" })).ShouldBe([numbers[4], numbers[2], numbers[0]]);
        (await Reports(new SearchQuery { Body = "no\" OR \"such" })).ShouldBeEmpty();
        (await PageAsync(store, new SearchQuery { Kind = "body" })).Hits.Select(hit => hit.Id).Order(StringComparer.Ordinal).ShouldBe(["east", "region", "water", "west"]);

        var all = new List<string>();
        SearchPlace? place = null;
        do
        {
            var page = await store.Get<FindEntries>().PageAsync(new SearchQuery { Words = "chaussee", Limit = 2 }, place, default);
            all.AddRange(page.Hits.Select(NumberOf));
            place = page.Next;
        }
        while (place is not null);
        all.ShouldBe(Enumerable.Reverse(numbers));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_hidden_private_withdrawn_merged_or_edited_leaves_with_its_event(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await store.StartAsync();
        var officer = await city.CallerAsync("head", DeskCity.West);
        var (hidden, kept, made) = (await city.FileAsync(words: "lampadaire un"), await city.FileAsync(words: "lampadaire deux"), await city.FileAsync(words: "lampadaire trois"));
        await store.SettleAsync();
        (await LabelsAsync(store, "lampadaire")).ShouldBe([made, kept, hidden]);
        await city.ActAsync(hidden, "hide", officer);
        await city.ActAsync(made, "setPrivate", officer);
        await store.SettleAsync();
        (await LabelsAsync(store, "lampadaire")).ShouldBe([kept]);
        (await LabelsAsync(store, "trois")).ShouldBeEmpty();
        (await LabelsAsync(store, made)).ShouldBeEmpty();
        await city.ActAsync(hidden, "show", officer);
        await store.SettleAsync();
        (await LabelsAsync(store, "lampadaire")).ShouldBe([hidden, kept]);

        await using (var open = store.Database.Open())
        {
            // As an erasure does: the words go, and an event of the report says that something of it changed.
            await open.Set<ReportWordsRow>().ExecuteUpdateAsync(set => set.SetProperty(row => row.Description, "[…]").SetProperty(row => row.Address, (string?)null));
        }
        await city.ActAsync(kept, "accept", officer);
        await city.ActAsync(hidden, "accept", officer);
        await city.ActAsync(made, "accept", officer);
        await store.SettleAsync();
        (await LabelsAsync(store, "lampadaire")).ShouldBeEmpty();
        (await LabelsAsync(store, "lampadiare")).ShouldBeEmpty("its words are no corrections either");
        await using var after = store.Database.Open();
        (await after.Set<SearchWord>().Select(word => word.Word).ToListAsync()).ShouldNotContain("lampadaire");
        if (kind == StoreKind.Sqlite)
        {
            await using var connection = await store.Database.ConnectAsync();
            await using var read = connection.CreateCommand();
            read.CommandText = "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab(main, search_words, row); SELECT count(*) FROM temp.search_terms WHERE term = 'lampadaire'; ";
            (await read.ExecuteScalarAsync()).ShouldBe(0L, "nor do they stay in the index");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rebuild_finds_the_same_and_verify_agrees(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await store.StartAsync();
        var officer = await city.CallerAsync("head", DeskCity.West);
        var numbers = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            store.Clock.Advance(TimeSpan.FromMinutes(1));
            numbers.Add(await city.FileAsync(words: $"lampadaire numéro {i}"));
        }
        await city.ActAsync(numbers[3], "hide", officer);
        await city.ActAsync(numbers[4], "accept", officer);
        await store.SettleAsync();
        var before = await KindsAsync(store, "trou");
        (await store.Get<FollowerCheck>().RunAsync(default)).ShouldContain((KeepSearch.FollowerName, null));
        await new FollowerRebuild(store.Get<Log>(), store.Writer).RunAsync(store.Services.GetServices<TableFollower>().OfType<KeepSearch>().Single(), default);
        (await KindsAsync(store, "trou")).ShouldBe(before);
        before.Count.ShouldBe(12);
        await using var open = store.Database.Open();
        (await open.Set<SearchRow>().Select(row => row.Generation).Distinct().CountAsync()).ShouldBe(1);
        await using var connection = await store.Database.ConnectAsync();
        await using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM search_docs";
        Convert.ToInt32(await count.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture).ShouldBe(await open.Set<SearchRow>().CountAsync());
        if (kind == StoreKind.Sqlite)
        {
            await using var check = connection.CreateCommand();
            check.CommandText = "VACUUM; INSERT INTO search_words (search_words) VALUES ('integrity-check')";
            await check.ExecuteNonQueryAsync();
            (await KindsAsync(store, "trou")).ShouldBe(before, "VACUUM numbers no document anew");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task No_sign_of_a_query_is_syntax(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await store.StartAsync();
        var number = await city.FileAsync(words: "trou marks near words 12");
        await store.SettleAsync();
        foreach (var typed in (string[])["\"", "*", "trou*", "NEAR(trou, 2)", "trou OR nothing", "marks : k7265706f7274", "trou' OR 1=1 --", "(", "^trou", "-trou", "trou & !", "trou:*A", "<->", "\\", "%_", "{words} : x", "🕳️", "ﷺ", "trou\t\n\u2028", "AND", "null"])
        {
            (await PageAsync(store, new SearchQuery { Words = typed })).Hits.Count.ShouldBeInRange(0, 2, typed);
        }
        (await LabelsAsync(store, "trou*")).ShouldBe([number]);
        (await LabelsAsync(store, "k7265706f7274")).ShouldBeEmpty("marks are no words");
        (await LabelsAsync(store, string.Join(' ', Enumerable.Repeat("trou", 2000)))).ShouldBe([number]);
        (await LabelsAsync(store, new string('x', 10_000))).ShouldBeEmpty();
        (await LabelsAsync(store, "trou marks near words 12 chaussée rue canal tooMany reallyTooMany")).ShouldBeEmpty("the first eight count");
    }

    private static Task<FoundPage> PageAsync(TestStore store, SearchQuery query) => store.Get<FindEntries>().PageAsync(query, null, default);

    /// <summary>Numbers of the reports that words find, in the order shown.</summary>
    private static async Task<List<string>> LabelsAsync(TestStore store, string words) => [.. (await PageAsync(store, new SearchQuery { Words = words, Kind = "report" })).Hits.Select(NumberOf)];

    private static async Task<List<string>> KindsAsync(TestStore store, string words) =>
        [.. (await PageAsync(store, new SearchQuery { Words = words })).Hits.Select(hit => $"{hit.Kind}:{(hit.Kind == "report" ? NumberOf(hit) : hit.Id)}")];

    private static string NumberOf(Found hit) => hit.Path[(hit.Path.LastIndexOf('/') + 1)..];
}
