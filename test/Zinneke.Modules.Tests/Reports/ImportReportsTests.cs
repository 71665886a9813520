using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>History of another system (reports.md section 6, R44): all or nothing, the same file again changes nothing, a crash in between is finished.</summary>
public class ImportReportsTests
{
    private const string Header = "external_id,created_at,closed_at,updated_at,state,category,description,lon,lat,channel,lang\n";

    [ReferenceTheory("reports/historic-sample.csv", "areas/brussels-19.geojson"), OnSqlite, OnPostgres]
    public async Task The_sample_gives_the_expected_figures_and_changes_nothing_the_second_time(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        foreach (var (noun, file) in new[] { ("areas", "areas/brussels-19.geojson"), ("bodies", "reports/bodies.json"), ("categories", "reports/categories.json"), ("rules", "reports/rules.json") })
        {
            (await VerbRun.On(store, "import", noun, ReferenceData.At(file))).ExitCode.ShouldBe(0);
        }
        var run = await VerbRun.On(store, "import", "reports", ReferenceData.At("reports/historic-sample.csv"));
        run.ExitCode.ShouldBe(0, run.Error);
        Counts(run.Json).ShouldBe((3000, 3000, 0, 0, 0));

        var expected = JsonDocument.Parse(File.ReadAllText(ReferenceData.At("reports/historic-sample-expected.json"))).RootElement;
        await using var context = store.Database.Open();
        var reports = await context.Set<Report>().AsNoTracking().ToListAsync();
        var stats = (await VerbRun.On(store, "reports", "stats", "--at", expected.GetProperty("at").GetString()!)).Json;
        stats.GetProperty("total").GetInt32().ShouldBe(3000);
        foreach (var counts in (string[])["byState", "byTopCategory", "sla"])
        {
            Numbers(stats.GetProperty(counts)).ShouldBe(Numbers(expected.GetProperty(counts)), ignoreOrder: true, counts);
        }
        foreach (var (figure, rank) in ((string, string)[])[("resolvedDays", "mean"), ("resolvedDays", "p50"), ("resolvedDays", "p90"), ("survivalDays", "p50"), ("survivalDays", "p90")])
        {
            stats.GetProperty(figure).GetProperty(rank).GetDouble().ShouldBe(expected.GetProperty(figure).GetProperty(rank).GetDouble(), 0.001, $"{figure} {rank}");
        }

        var events = await EventsAsync(store);
        events.Select(e => e.Subject.Id).ToHashSet().SetEquals(reports.Select(r => r.Id.ToString())).ShouldBeTrue("one event for each report");
        events.ShouldAllBe(e => e.SubjectVersion == 1);

        Counts((await VerbRun.On(store, "import", "reports", ReferenceData.At("reports/historic-sample.csv"))).Json).ShouldBe((3000, 0, 0, 3000, 0));
        (await EventsAsync(store)).Count.ShouldBe(3000);
        Directory.GetFiles(Path.Combine(store.Folder, "journal")).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_bad_line_refuses_the_file_and_is_named(StoreKind kind)
    {
        var (store, city) = await NewAsync(kind);
        await using var open = store;
        await city.FileAsync();
        const string good = "G,2024-01-02T10:00:00+01:00,,,assigned,road-hole,Un trou,4.35,50.85,app,fr\n";
        var file = VerbRun.FileOf("history.csv", Header + good + """
            A,2024-01-02T10:00:00,,,assigned,road-hole,zoneless,4.35,50.85,app,fr
            B,2024-01-02T10:00:00+01:00,2024-01-01T10:00:00+01:00,,resolved,road-hole,closed before,4.35,50.85,app,fr
            C,2024-01-02T10:00:00+01:00,,,solved,lamp,two faults,4.35,50.85,app,fr
            D,2024-01-02T10:00:00+01:00,,,assigned,road-hole,latitude,4.35,95,app,fr
            G,2024-01-02T10:00:00+01:00,,,assigned,road-hole,twice,4.35,50.85,app,fr
            E,2024-01-02T10:00:00+01:00,,,assigned,road-hole,no place,,,app,fr
            F,2024-01-02T10:00:00+01:00,,,assigned,road-hole,too few fields
            H,2024-01-02T10:00:00+01:00,2024-01-03T10:00:00+01:00,,accepted,road-hole,closed and open,4.35,50.85,app,es

            """);
        var run = await VerbRun.On(store, "import", "reports", file);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"{file}: line 3, created_at: found \"2024-01-02T10:00:00\", expected a date and time with zone");
        Counts(run.Json).ShouldBe((9, 0, 0, 0, 8));
        run.Json.GetProperty("refusals").EnumerateArray().Select(f => (f.GetProperty("line").GetInt32(), f.GetProperty("field").GetString())).ShouldBe(
            [(3, "created_at"), (4, "closed_at"), (5, "state"), (5, "category"), (6, "lat"), (7, "external_id"), (8, "lon"), (9, ""), (10, "lang")]);
        (await CountAsync(store)).ShouldBe(1, "nothing changed");

        var rejects = Path.Combine(Path.GetDirectoryName(file)!, "rejects.csv");
        run = await VerbRun.On(store, "import", "reports", file, "--rejects", rejects);
        run.ExitCode.ShouldBe(0, run.Error);
        Counts(run.Json).ShouldBe((9, 1, 0, 0, 8));
        (await CountAsync(store)).ShouldBe(2);
        var lines = await File.ReadAllLinesAsync(rejects);
        lines[0].ShouldBe("line,field,found,expected," + Header.Trim());
        lines.Length.ShouldBe(9);
        lines[3].ShouldStartWith("5,state; category,\"\"\"solved\"\"; \"\"lamp\"\"\",");
        lines[3].ShouldEndWith(",C,2024-01-02T10:00:00+01:00,,,solved,lamp,two faults,4.35,50.85,app,fr");
        Counts((await VerbRun.On(store, "import", "reports", rejects, "--skip-bad")).Json).ShouldBe((8, 0, 1, 0, 7), "rejects can be imported themselves: the second G is the only one now");
        Counts((await VerbRun.On(store, "import", "reports", file, "--skip-bad")).Json).ShouldBe((9, 0, 1, 0, 8));
    }

    [Theory]
    [InlineData("id,created_at,state,category\n", "line 1, external_id")]
    [InlineData("", "line 1")]
    [InlineData(Header + "A,\"2024", "a row that does not end")]
    public async Task A_file_that_cannot_be_read_is_refused_also_when_bad_lines_may_be_skipped(string text, string message)
    {
        var (store, _) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        var run = await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", text), "--skip-bad");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_map_makes_the_columns_of_another_city_ours(StoreKind kind)
    {
        var (store, _) = await NewAsync(kind);
        await using var open = store;
        var map = VerbRun.FileOf("map.json", """
            {"source": "elsewhere", "timeZone": "Europe/Paris", "defaults": {"lang": "fr", "state": "resolved", "crs": "EPSG:31370"},
             "columns": {"external_id": "id_dmr", "created_at": "datedecl", "x": "x", "y": "y", "address": "adresse", "postcode": "code_postal",
                         "channel": {"column": "prefixe", "map": {"IOS application": "app", "*": "web"}},
                         "category": {"column": "soustype", "map": {"Trou": "road-hole", "*": "waste-dump"}}, "description": "soustype"}}
            """);
        var file = VerbRun.FileOf("dmr.csv", """
            id_dmr;datedecl;soustype;prefixe;adresse;code_postal;x;y;state
            7;2024-07-02 10:00:00;Trou;IOS application;"12; rue Haute";75004;149000;170500;closed
            8;2024-01-02;Autre;Android;;;149000;170500;closed

            """);
        var run = await VerbRun.On(store, "import", "reports", file, "--map", map);
        run.ExitCode.ShouldBe(0, run.Error);
        Counts(run.Json).ShouldBe((2, 2, 0, 0, 0));
        await using var context = store.Database.Open();
        var first = await context.Set<Report>().AsNoTracking().SingleAsync(r => r.Category == "road-hole");
        first.CreatedAt.ShouldBe(new DateTimeOffset(2024, 7, 2, 8, 0, 0, TimeSpan.Zero).ToMicros(), "summer time of Paris");
        (first.State, first.Channel, first.Language, first.EndedAt, first.Number).ShouldBe((ReportState.Resolved, "app", "fr", null, "2024-000001"));
        var place = Lambert.Of1972.ToWgs84(149000, 170500);
        first.Lon!.Value.ShouldBe(place.Lon, 1e-7);
        first.Lat!.Value.ShouldBe(place.Lat, 1e-7);
        (first.Area, first.Holder, first.Rule).ShouldBe(("1", DeskCity.West, "rest"));
        (await context.Set<ReportWordsRow>().SingleAsync(w => w.ReportId == first.Id)).Address.ShouldBe("12; rue Haute, 75004");
        var second = await context.Set<Report>().AsNoTracking().SingleAsync(r => r.Category == "waste-dump");
        (second.Channel, second.CreatedAt).ShouldBe(("web", new DateTimeOffset(2024, 1, 1, 23, 0, 0, TimeSpan.Zero).ToMicros()));
        (await context.Set<ReportOrigin>().Select(o => o.Source + " " + o.ExternalId).Order().ToListAsync()).ShouldBe(["elsewhere 7", "elsewhere 8"]);
    }

    [Theory]
    [InlineData("""{"source":"x","columns":{"external_id":"a","category":"b","state":"c"}}""", "columns.created_at: found nothing, expected a column or a default")]
    [InlineData("""{"source":"x","defaults":{"external_id":"1"},"columns":{"created_at":"a","category":"b","state":"c"}}""", "columns.external_id: found nothing, expected a column")]
    [InlineData("""{"source":"x","timeZone":"Mars/Olympus","columns":{}}""", "timeZone: found \"Mars/Olympus\", expected a time zone")]
    [InlineData("""{"source":"x","columns":{"colour":"a"}}""", "columns.colour: found \"a\", expected one of our columns")]
    [InlineData("""{"source":"x","columns":{"state":{"map":{}}}}""", "columns.state.column")]
    [InlineData("""{"source":"x","kolumns":{}}""", "kolumns")]
    public void A_map_that_cannot_be_used_is_named(string text, string message)
    {
        var faults = new Faults();
        HistoryMap.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(text), faults)!, faults);
        string.Join("\n", faults.First).ShouldContain(message);
    }

    [ReferenceFact("reports/paris-map.json")]
    public void The_example_of_a_map_is_read()
    {
        var faults = new Faults();
        var map = HistoryMap.Read(JsonTree.Parse(File.ReadAllBytes(ReferenceData.At("reports/paris-map.json")), faults)!, faults);
        faults.First.ShouldBeEmpty();
        (map.Source, map.Zone!.Id, map.Columns.Count, map.Columns["category"].Words!["*"]).ShouldBe(("paris", "Europe/Paris", 9, "road-pavement-slab"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_optional_column_is_taken(StoreKind kind)
    {
        var (store, _) = await NewAsync(kind);
        await using var open = store;
        var file = VerbRun.FileOf("history.csv", """
            external_id,created_at,closed_at,state,category,lon,lat,address,postcode,body,reference,number
            1,2024-01-02T10:00:00Z,2024-01-03T10:00:00Z,resolved,road-hole,4.35,50.85,,,water,W-77,2024-000500
            2,2024-01-02T10:00:00Z,,duplicate,road-hole,4.35,50.85,,,,,
            3,2024-01-02T10:00:00Z,,submitted,road-hole,4.35,50.85,,,,,
            4,2024-01-02T10:00:00Z,2024-01-03T10:00:00Z,archived,waste-dump,,,Rue Haute 1,1000,,,

            """);
        var run = await VerbRun.On(store, "import", "reports", file);
        run.ExitCode.ShouldBe(0, run.Error + run.Output);
        await using var context = store.Database.Open();
        var reports = await context.Set<Report>().AsNoTracking().OrderBy(r => r.Id).ToListAsync();
        reports.Select(r => (r.Number, r.State, r.Holder, r.Reference, r.EndedBy)).ShouldBe(
        [
            ("2024-000500", ReportState.Resolved, "water", "W-77", "water"),
            ("2024-000501", ReportState.Duplicate, "west", null, null),
            ("2024-000502", ReportState.Submitted, null, null, null),
            ("2024-000503", ReportState.Archived, "region", null, "region"),
        ]);
        (reports[0].Rule, reports[1].Rule, reports[3].Lon, reports[2].DueAt).ShouldBe((null, "rest", null, null));
        (await new FindReports(context).PageAsync(new ReportQuery { Bucket = Bucket.Received }, null, null, default)).Rows.Select(row => row.Report.Number).ShouldBe(["2024-000502"], "who waits for a body is public too");
        reports.ShouldAllBe(r => r.Language == "fr" && r.Channel == "import" && r.Area == (r.Lon == null ? null : "1"));
        Counts((await VerbRun.On(store, "import", "reports", file)).Json).ShouldBe((4, 0, 0, 4, 0));

        var low = VerbRun.FileOf("low.csv", "external_id,created_at,state,category,lon,lat,number\n9,2024-01-02T10:00:00Z,accepted,road-hole,4.35,50.85,2024-000502\n");
        run = await VerbRun.On(store, "import", "reports", low);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("line 2, number: found \"2024-000502\", expected a number from 2024-000504 on");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Other_facts_replace_a_report_until_somebody_works_on_it_here(StoreKind kind)
    {
        var (store, city) = await NewAsync(kind);
        await using var open = store;
        await ImportAsync(store, ("A", "assigned"), ("B", "assigned"), ("C", "assigned"));
        var number = await NumberOfAsync(store, "B");
        await city.ActAsync(number, "accept", await city.CallerAsync("officer", DeskCity.West));

        var summary = await ImportAsync(store, ("A", "resolved"), ("B", "resolved"), ("C", "assigned"), ("D", "assigned"));
        (summary.Added, summary.Changed, summary.Unchanged).ShouldBe((1, 1, 2));
        await using var context = store.Database.Open();
        var states = await context.Set<ReportOrigin>().Join(context.Set<Report>(), o => o.ReportId, r => r.Id, (o, r) => new { o.ExternalId, r.State, r.Version, o.ReportVersion }).OrderBy(o => o.ExternalId).ToListAsync();
        states.Select(s => (s.ExternalId, s.State, s.Version, s.ReportVersion)).ShouldBe(
            [("A", ReportState.Resolved, 2, 2), ("B", ReportState.Accepted, 2, 1), ("C", ReportState.Assigned, 1, 1), ("D", ReportState.Assigned, 1, 1)]);
        var a = (await new ReadReport(context).DetailAsync(await NumberOfAsync(store, "A"), default))!;
        a.Entries.Select(e => e.Action).ShouldBe(["submit", "resolve"]);
        a.Words!.Description.ShouldBe("Line A, resolved");
        await store.SettleAsync();
        (await store.Get<Log>().OfAsync(new Subject("report", a.Report.Id))).Select(e => (e.SubjectVersion, e.Read<ReportImported>().After.State))
            .ShouldBe([(1, ReportState.Assigned), (2, ReportState.Resolved)]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_interrupted_is_finished_by_the_next_start(StoreKind kind)
    {
        var (store, _) = await NewAsync(kind);
        await using var open = store;
        using var stop = new CancellationTokenSource();
        var progress = new Progress(new StopAt("reports stored: 1,000", stop), terminal: false, new HastyClock());
        var text = new StringBuilder(Header);
        for (var i = 0; i < 2_100; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},2024-01-02T10:00:00Z,,,assigned,road-hole,Line {i},4.35,50.85,app,fr\n");
        }
        await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(store, text.ToString(), progress, stop.Token));
        (await CountAsync(store)).ShouldBe(1_000);
        Directory.GetFiles(Path.Combine(store.Folder, "journal")).Length.ShouldBe(1);

        await store.StartAsync(work: true);
        for (var patience = 0; patience < 600 && Directory.GetFiles(Path.Combine(store.Folder, "journal")).Length > 0; patience++)
        {
            await Task.Delay(50);
        }
        (await CountAsync(store)).ShouldBe(2_100);
        await store.SettleAsync();
        (await EventsAsync(store)).Count.ShouldBe(2_100);
        var again = await RunAsync(store, text.ToString());
        (again.Unchanged, again.Added).ShouldBe((2_100, 0));
        await using var context = store.Database.Open();
        (await context.Set<ImportRow>().Select(i => i.Done).ToListAsync()).ShouldBe([2_100, 2_100]);
        (await context.Set<Report>().Select(r => r.Number).Distinct().CountAsync()).ShouldBe(2_100);
        (await context.Set<Report>().MaxAsync(r => r.Number)).ShouldBe("2024-002100", "no number is lost by the interruption");
    }

    [Fact]
    public async Task A_draft_that_was_never_decided_is_cleared_away()
    {
        var (store, _) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        var left = Path.Combine(store.Folder, "journal", $"reports-{Guid.Empty:N}.import");
        await File.WriteAllTextAsync(left, "half a");
        await store.Get<ImportReports>().FinishAsync(default);
        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public async Task Gzip_is_unpacked_and_a_broken_one_is_named()
    {
        var (store, _) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        var file = VerbRun.FileOf("history.csv.gz", "");
        await using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Header + "A,2024-01-02T10:00:00Z,,,assigned,road-hole,x,4.35,50.85,app,fr\n"));
        }
        Counts((await VerbRun.On(store, "import", "reports", file)).Json).ShouldBe((1, 1, 0, 0, 0));
        await File.WriteAllTextAsync(file, "no gzip");
        var run = await VerbRun.On(store, "import", "reports", file);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("cannot be unpacked");
    }

    /// <summary>A download that broke off after a whole line looks like a shorter file.</summary>
    [Fact]
    public async Task Gzip_that_was_cut_off_is_refused_wherever_it_was_cut_and_several_members_are_one_file()
    {
        var (store, _) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        var file = VerbRun.FileOf("history.csv.gz", "");
        var packed = new MemoryStream();
        var cuts = new List<int>();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 3; i++)
            {
                await gzip.WriteAsync(Encoding.UTF8.GetBytes((i == 0 ? Header : "") + $"A{i},2024-01-02T10:00:00Z,,,assigned,road-hole,x,4.35,50.85,app,fr\n"));
                await gzip.FlushAsync();
                cuts.Add((int)packed.Length);
            }
        }
        var whole = packed.ToArray();
        foreach (var cut in cuts.Concat([whole.Length - 1, whole.Length - 8]))
        {
            await File.WriteAllBytesAsync(file, whole[..cut]);
            var run = await VerbRun.On(store, "import", "reports", file);
            (run.ExitCode, run.Error).ShouldSatisfyAllConditions(one => one.ExitCode.ShouldBe(2, $"cut at {cut} of {whole.Length}"), one => one.Error.ShouldContain("history.csv.gz: cannot be unpacked"));
        }
        await using (var second = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await second.WriteAsync(Encoding.UTF8.GetBytes("B,2024-01-02T10:00:00Z,,,assigned,road-hole,x,4.35,50.85,app,fr\n"));
        }
        await File.WriteAllBytesAsync(file, packed.ToArray());
        Counts((await VerbRun.On(store, "import", "reports", file)).Json).ShouldBe((4, 4, 0, 0, 0));
    }

    [Fact]
    public async Task A_verb_that_only_reads_makes_no_installation()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), "zinneke-" + Guid.NewGuid().ToString("N"));
        foreach (var verb in (string[][])[["reports", "verify"], ["reports", "stats"], ["reports", "export", "--format", "csv"], ["verify"], ["export", "areas"]])
        {
            var run = await VerbRun.In(nowhere, "sqlite", verb);
            (run.ExitCode, Directory.Exists(nowhere)).ShouldBe((2, false), run.Error);
            run.Error.ShouldContain("there is no such folder");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_bulk_file_of_GeoReport_is_read_by_the_names_of_categories(StoreKind kind)
    {
        var (store, _) = await NewAsync(kind);
        await using var open = store;
        var file = VerbRun.FileOf("bulk.csv", """
            service_request_id,requested_datetime,updated_datetime,closed_date,status_description,status_notes,source,service_name,service_subtype,description,agency_responsible,address,lat,long
            17,2024-01-02T10:00:00Z,2024-01-05T10:00:00Z,2024-01-05T10:00:00Z,closed,,app,Illegal dump,,Bags,Town,,50.85,4.35
            18,2024-01-02T10:00:00Z,2024-01-05T10:00:00Z,,open,,app,Trou,,Trou,Town,,50.85,4.35

            """);
        var run = await VerbRun.On(store, "import", "reports", file, "--format", "georeport-bulk");
        run.ExitCode.ShouldBe(0, run.Error);
        await using var context = store.Database.Open();
        (await context.Set<Report>().OrderBy(r => r.Id).Select(r => new { r.State, r.Category, Closed = r.EndedAt != null }).ToListAsync()).Select(r => (r.State, r.Category, r.Closed))
            .ShouldBe([(ReportState.Resolved, "waste-dump", true), (ReportState.Assigned, "road-hole", false)]);
    }

    [Fact]
    public async Task History_is_neither_closed_nor_told_of_by_itself()
    {
        var (store, city) = await NewAsync(StoreKind.Sqlite);
        await using var open = store;
        await ImportAsync(store, ("A", "resolved"), ("B", "assigned"));
        store.Clock.Advance(TimeSpan.FromDays(30));
        await city.ReloadAsync();
        await store.StartAsync();
        await store.SettleAsync();
        await using var context = store.Database.Open();
        (await context.Set<Report>().Select(r => r.State).OrderBy(s => s).ToListAsync()).ShouldBe([ReportState.Assigned, ReportState.Resolved]);
        (await context.Set<MailRow>().CountAsync()).ShouldBe(0);
        var messages = await store.Get<IEnumerable<LiveSource>>().Single().MessagesOfAsync(await EventsAsync(store), context, default);
        messages.ShouldBeEmpty();
    }

    private static async Task<(TestStore Store, DeskCity City)> NewAsync(StoreKind kind)
    {
        var store = await TestStore.NewAsync(kind);
        return (store, await DeskCity.FoundAsync(store.Services));
    }

    /// <summary>Lines that differ by number and state.</summary>
    private static Task<ImportSummary> ImportAsync(TestStore store, params (string Id, string State)[] lines) => RunAsync(store, Header + string.Concat(lines.Select(line =>
        $"{line.Id},2024-01-02T10:00:00Z,{(line.State == "resolved" ? "2024-01-05T10:00:00Z" : "")},,{line.State},road-hole,\"Line {line.Id}, {line.State}\",4.35,50.85,app,fr\n")));

    private static async Task<ImportSummary> RunAsync(TestStore store, string text, Progress? progress = null, CancellationToken stop = default)
    {
        var (summary, _) = await store.Get<ImportReports>().RunAsync(DeskCity.Stream(text), "history.csv", new HistoryOptions(HistoryMap.Plain), Actor.System, progress, stop);
        summary.Refusals.ShouldBeEmpty();
        return summary;
    }

    private static async Task<string> NumberOfAsync(TestStore store, string externalId)
    {
        await using var context = store.Database.Open();
        return await context.Set<ReportOrigin>().Where(o => o.ExternalId == externalId).Join(context.Set<Report>(), o => o.ReportId, r => r.Id, (o, r) => r.Number).SingleAsync();
    }

    private static async Task<int> CountAsync(TestStore store)
    {
        await using var context = store.Database.Open();
        return await context.Set<Report>().CountAsync();
    }

    private static async Task<IReadOnlyList<Event>> EventsAsync(TestStore store)
    {
        await store.Database.SealAsync(store.Get<LogTail>());
        return [.. (await store.Get<Log>().ReadAsync(0, 10_000)).Where(e => e.Is<ReportImported>())];
    }

    private static (long Read, long Added, long Changed, long Unchanged, long Refused) Counts(JsonElement summary)
    {
        long Of(string name) => summary.GetProperty(name).GetInt64();
        return (Of("read"), Of("added"), Of("changed"), Of("unchanged"), Of("refused"));
    }

    private static Dictionary<string, int> Numbers(JsonElement json) => json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetInt32());

    /// <summary>Three seconds pass between any two looks, so that every report of progress is written.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long now;

        public override long GetTimestamp() => now += 4 * TimestampFrequency;
    }

    /// <summary>Stops the import as soon as it tells this.</summary>
    private sealed class StopAt(string what, CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value?.StartsWith(what, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
