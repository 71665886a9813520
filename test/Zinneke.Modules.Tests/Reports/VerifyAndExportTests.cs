using System.Globalization;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Testing.Reports;

/// <summary>The log and the tables say the same (<c>reports verify</c>), and what is public leaves the house as a file (<c>reports export</c>).</summary>
public class VerifyAndExportTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Verify_finds_what_was_altered_behind_the_log(StoreKind kind)
    {
        var (store, numbers) = await NewAsync(kind);
        await using var open = store;
        var run = await VerbRun.On(store, "reports", "verify");
        run.ExitCode.ShouldBe(0, run.Output);
        (Of(run, "events"), Of(run, "reports"), Of(run, "mismatches")).ShouldBe((7, 4, 0));

        await ExecuteAsync(store, $"UPDATE reports_reports SET holder = 'water' WHERE number = '{numbers[0]}'");
        await ExecuteAsync(store, $"UPDATE reports_reports SET version = 7 WHERE number = '{numbers[1]}'");
        await ExecuteAsync(store, $"DELETE FROM reports_reports WHERE number = '{numbers[2]}'");
        run = await VerbRun.On(store, "reports", "verify");
        run.ExitCode.ShouldBe(3);
        Of(run, "mismatches").ShouldBe(3);
        var found = run.Json.GetProperty("first").EnumerateArray().Select(m => (m.GetProperty("field").GetString(), m.GetProperty("log").GetString(), m.GetProperty("table").GetString())).ToList();
        found.ShouldContain(("holder", "west", "water"));
        found.ShouldContain(("version", "1", "7"));
        found.ShouldContain(("row", "there", null));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_verifies_at_once_do_not_disturb_each_other(StoreKind kind)
    {
        var (store, _) = await NewAsync(kind);
        await using var open = store;
        await using (store.Database.IsSqlite ? store.Get<DataFolder>().Take("verify") : await SessionLock.TakeAsync(store.Database, "verify", default))
        {
            var second = await VerbRun.On(store, "reports", "verify");
            second.ExitCode.ShouldBe(2);
            second.Error.ShouldContain("another process is at this already");
        }
        (await VerbRun.On(store, "reports", "verify")).ExitCode.ShouldBe(0);
        (await VerbRun.On(store, "reports", "verify")).ExitCode.ShouldBe(0, "what ended has let go");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_csv_imports_into_another_installation(StoreKind kind)
    {
        var (store, _) = await NewAsync(kind);
        await using var open = store;
        var csv = await ExportAsync(store, "csv");
        csv.Split('\n').Length.ShouldBe(5, "a header, three public reports, an end");
        csv.ShouldContain("\"'=1+1 danger\"", Case.Sensitive, "a spreadsheet would run it");
        csv.ShouldNotContain("secret");
        csv.ShouldNotContain("ada@example.org");

        await using var other = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(other.Services);
        var run = await VerbRun.On(other, "import", "reports", VerbRun.FileOf("export.csv", csv));
        run.ExitCode.ShouldBe(0, run.Error);
        Of(run, "added").ShouldBe(3);
        (await ExportAsync(other, "csv")).Split('\n').Select(line => string.Join(',', line.Split(',').Skip(1).Take(5))).ShouldBe(csv.Split('\n').Select(line => string.Join(',', line.Split(',').Skip(1).Take(5))));

        await using var third = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(third.Services);
        Of(await VerbRun.On(third, "import", "reports", VerbRun.FileOf("bulk.csv", await ExportAsync(store, "georeport-bulk")), "--format", "georeport-bulk"), "added").ShouldBe(3);
    }

    [Fact]
    public async Task Json_and_GeoJson_hold_the_same()
    {
        var (store, numbers) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        var reports = JsonDocument.Parse(await ExportAsync(store, "json")).RootElement.GetProperty("reports").EnumerateArray().ToList();
        var features = JsonDocument.Parse(await ExportAsync(store, "geojson")).RootElement.GetProperty("features").EnumerateArray().ToList();
        reports.Select(r => r.GetProperty("number").GetString()).ShouldBe([numbers[0], numbers[1], numbers[3]]);
        features.Select(f => f.GetProperty("properties").GetRawText()).ShouldBe(reports.Select(r => r.GetRawText()));
        features[0].GetProperty("geometry").GetRawText().ShouldBe("""{"type":"Point","coordinates":[4.35,50.85]}""");
        var hidden = reports[2];
        (hidden.GetProperty("description").GetString(), hidden.GetProperty("lon").GetDouble(), hidden.GetProperty("address").ValueKind).ShouldBe(("", 4.351, JsonValueKind.Null), "a private place is rounded");
        reports[0].GetProperty("state").GetString().ShouldBe("accepted");
        reports[0].TryGetProperty("contact", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("EPSG:31370")]
    [InlineData("EPSG:3812")]
    public async Task The_csv_says_the_place_in_metres_too_and_is_still_imported(string crs)
    {
        var (store, _) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        var run = await VerbRun.On(store, "reports", "export", "--crs", crs);
        run.ExitCode.ShouldBe(0, run.Error);
        var lines = run.Output.TrimEnd().Split('\n').Select(line => line.Split(',')).ToList();
        lines[0][^3..].ShouldBe(["x", "y", "crs"]);
        var place = Lambert.Of(int.Parse(crs[5..], CultureInfo.InvariantCulture))!.ToWgs84(double.Parse(lines[1][^3], CultureInfo.InvariantCulture), double.Parse(lines[1][^2], CultureInfo.InvariantCulture));
        (Math.Round(place.Lon, 6), Math.Round(place.Lat, 6), lines[1][^1]).ShouldBe((4.35, 50.85, crs));

        await using var other = await TestStore.NewAsync(StoreKind.Sqlite);
        await DeskCity.FoundAsync(other.Services);
        Of(await VerbRun.On(other, "import", "reports", VerbRun.FileOf("metres.csv", run.Output)), "added").ShouldBe(3);
        (await VerbRun.On(store, "reports", "export", "--crs", crs, "--format", "geojson")).ExitCode.ShouldBe(2, "GeoJSON has no other system than WGS 84");
    }

    /// <summary>Four reports: accepted, plain, hidden and private.</summary>
    private static async Task<(TestStore Store, List<string> Numbers)> NewAsync(StoreKind kind)
    {
        var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var officer = await city.CallerAsync("officer", DeskCity.West);
        var numbers = new List<string>();
        foreach (var (words, lon) in new[] { ("=1+1 danger", 4.35), ("Un trou", 4.35), ("secret", 4.35), ("secret, private", 4.3512345) })
        {
            store.Clock.Advance(TimeSpan.FromMinutes(1));
            numbers.Add(await city.FileAsync(words: words, lon: lon, email: "ada@example.org"));
        }
        await city.ActAsync(numbers[0], "accept", officer);
        await city.ActAsync(numbers[2], "hide", officer);
        await city.ActAsync(numbers[3], "setPrivate", officer);
        return (store, numbers);
    }

    private static async Task<string> ExportAsync(TestStore store, string format)
    {
        var run = await VerbRun.On(store, "reports", "export", "--format", format);
        run.ExitCode.ShouldBe(0, run.Error);
        return run.Output;
    }

    private static long Of(VerbRun run, string name) => run.Json.GetProperty(name).GetInt64();

    private static async Task ExecuteAsync(TestStore store, string sql)
    {
        await using var connection = await store.Database.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
