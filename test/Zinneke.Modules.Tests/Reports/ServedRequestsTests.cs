using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What Open311 serves past EF is what EF and the other forms say (docs/decisions/0028).</summary>
public class ServedRequestsTests
{
    /// <summary>Whatever a format has to write otherwise.</summary>
    private static readonly string[] Said = ["Un trou", "=1+1", "dit \"ici\", ou là", "<b>&amp;</b>", "deux\r\nlignes", "\U0001F6B2 \u0001 fin", "", "-5 €", "ï\tû"];

    [Theory, OnSqlite, OnPostgres]
    public async Task A_list_is_the_one_that_EF_gives(StoreKind kind)
    {
        var (store, routing) = await NewAsync(kind);
        await using var closing = store;
        await using var open = store.Database.Open();
        var find = new FindServiceRequests(open, routing);
        var words = store.Get<Words>();
        var (seen, notes) = (0, new HashSet<string>());
        foreach (var asked in (string[])["", "&status=open", "&status=closed", "&service_code=road-hole,waste-dump&page_size=7", "&page_size=5&page=3", "&bbox=4.3,50.8,4.36,50.86", "&updated_after=2026-01-10T00:00:00Z&updated_before=2026-02-20T00:00:00Z", "&jurisdiction_id=1"])
        {
            var call = new GeoRequest(asked.Contains("status", StringComparison.Ordinal) ? GeoFormat.Xml : GeoFormat.Json, "nl", asked.Contains("jurisdiction", StringComparison.Ordinal) ? "1" : null, routing.Current.Map);
            var query = GeoQuery.Of(new QueryCollection(QueryHelpers.ParseQuery("?start_date=2026-01-01T00:00:00Z&end_date=2026-03-31T00:00:00Z" + asked)), call, 0).Value;
            var writer = new ServiceRequestWriter(call, words, store.Get<SiteAddress>());
            var plain = await find.ListAsync(query, default);
            using var rows = (await RequestPage.ReadAsync(open, call, query, writer, words, default))!;
            Same(call.Format, Encoding.UTF8.GetString(rows.Whole().Span), await AnsweredAsync(new GeoAnswer(call.Format, "service_requests", GeoNode.Of("request", plain.Select(one => writer.Write(one, false))))), asked);
            seen += plain.Count;
            notes.UnionWith(plain.SelectMany(one => (string[])[one.Target is null ? "" : "target", one.Photos.Count > 0 ? "photo" : "", one.Said.IsEmpty ? "" : "said", one.Address is null ? "" : "address"]));
        }
        (seen > 100, string.Join(' ', notes.Order())).ShouldBe((true, " address photo said target"));
    }

    private static void Same(GeoFormat format, string fast, string plain, string asked)
    {
        if (format == GeoFormat.Json)
        {
            fast.ShouldBe(plain, asked);
        }
        else
        {
            XDocument.Parse(fast).ToString().ShouldBe(XDocument.Parse(plain).ToString(), asked);
        }
    }

    private static async Task<string> AnsweredAsync(GeoAnswer answer)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await answer.ExecuteAsync(http);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_bulk_file_says_the_same_in_each_form_and_as_the_export(StoreKind kind)
    {
        var (store, routing) = await NewAsync(kind);
        await using var closing = store;
        var slices = new ExportRequests(store.Database, routing) { SliceRows = 7 };
        var csv = await BulkAsync(slices, "csv");
        csv.ShouldBe(await BulkAsync(new ExportRequests(store.Database, routing), "csv"), "however it is cut");
        var exported = await VerbRun.On(store, "reports", "export", "--format", "georeport-bulk");
        csv.ShouldBe(exported.Output);

        var json = JsonDocument.Parse(await BulkAsync(slices, "json")).RootElement.EnumerateArray().Select(row => row.EnumerateObject().Select(field => (field.Name, field.Value.ToString())).ToList()).ToList();
        json.Count.ShouldBeGreaterThan(50);
        json.Select(row => row.Single(field => field.Name == "description").Item2).ShouldContain(words => words.Contains('\u0001', StringComparison.Ordinal));
        var xml = XDocument.Parse(await BulkAsync(slices, "xml"), LoadOptions.PreserveWhitespace).Root!.Elements().Select(row => row.Elements().Select(field => (field.Name.LocalName, field.Value)).ToList()).ToList();
        xml.Select(row => string.Join('|', row)).ShouldBe(json.Select(row => string.Join('|', row.Select(field => (field.Name, XmlWords.Writable(field.Item2))))));

        var (from, to) = (Micros("2026-01-10T00:00:00Z"), Micros("2026-01-20T00:00:00Z"));
        var part = await BulkAsync(slices, "json", from, to, "1");
        await using var open = store.Database.Open();
        JsonDocument.Parse(part).RootElement.EnumerateArray().Select(row => row.GetProperty("service_request_id").GetString()).ShouldBe(
            await open.Set<Report>().Where(r => r.Area == "1" && r.CreatedAt >= from && r.CreatedAt < to && r.State != ReportState.Withdrawn).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Number).ToListAsync());
        (await BulkAsync(slices, "json", 0, 1)).ShouldBe("[]");
        XDocument.Parse(await BulkAsync(slices, "xml", 0, 1)).Root!.Elements().ShouldBeEmpty();
    }

    private static async Task<string> BulkAsync(ExportRequests export, string format, long from = long.MinValue, long to = long.MaxValue, string? area = null)
    {
        using var stream = new MemoryStream();
        await export.WriteAsync(stream, format, from, to, area, "fr", default);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A history, and on top of it one that is merged, one with hidden words, one with a photo and an officer's answer.</summary>
    private static async Task<(TestStore Store, RoutingMap Routing)> NewAsync(StoreKind kind)
    {
        var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var run = await VerbRun.On(store, "import", "reports", VerbRun.FileOf("history.csv", History(60)));
        run.ExitCode.ShouldBe(0, run.Error);
        store.Clock.Advance(DateTimeOffset.Parse("2026-03-01T00:00:00Z", CultureInfo.InvariantCulture) - store.Clock.GetUtcNow());
        var officer = await city.CallerAsync("head", DeskCity.West);
        var numbers = new List<string>();
        foreach (var words in Said.Where(words => kind == StoreKind.Sqlite || !words.Contains('\0', StringComparison.Ordinal)))
        {
            store.Clock.Advance(TimeSpan.FromMinutes(1));
            numbers.Add(await city.FileAsync(words: words));
        }
        await city.ActAsync(numbers[0], "merge", officer, new ActionRequest { Target = numbers[1] });
        await city.ActAsync(numbers[2], "accept", officer, new ActionRequest { Text = Text.Of("fr", "Nous y allons") });
        await using var open = store.Database.Open();
        var hidden = await open.Set<Report>().Where(r => r.Number == numbers[3]).Select(r => r.Id).SingleAsync();
        await open.Set<ReportWordsRow>().Where(w => w.ReportId == hidden).ExecuteUpdateAsync(set => set.SetProperty(w => w.Hidden, true));
        var pictured = await open.Set<Report>().Where(r => r.Number == numbers[4]).Select(r => r.Id).SingleAsync();
        await store.Get<Writer>().DoAsync(Actor.System, unit =>
        {
            var file = new StoredFile { Id = unit.NextId(), Hash = new string('a', 64), Format = PhotoFormat.Jpeg, Bytes = 1, Width = 1, Height = 1, Orientation = 1, CreatedAt = unit.Now };
            file.Claim(FileVisibility.Public);
            unit.Store.AddRange(file, new ReportPhoto { Id = unit.NextId(), ReportId = pictured, FileId = file.Id, Order = 0 });
            return Task.CompletedTask;
        }, default);
        await open.Set<StoredFile>().ExecuteUpdateAsync(set => set.SetProperty(f => f.State, RenditionState.Ready).SetProperty(f => f.Picture, new string('b', 64)));
        return (store, store.Get<RoutingMap>());
    }

    private static string History(int count)
    {
        var random = new Random(count);
        var csv = new StringBuilder("external_id,created_at,closed_at,updated_at,state,category,description,lon,lat,channel,lang,address\n");
        for (var i = 0; i < count; i++)
        {
            var state = (string[])["assigned", "accepted", "resolved", "closed", "declined", "withdrawn"] is var all ? all[random.Next(all.Length)] : "";
            var created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(i / 3 * 9); // Some at the same instant.
            var closed = state is "resolved" or "closed" or "declined" ? Instants.Write(created.AddMinutes(random.Next(60_000))) : "";
            csv.Append(CultureInfo.InvariantCulture, $"{i},{Instants.Write(created)},{closed},,{state},{(i % 2 == 0 ? "road-hole" : "waste-dump")},\"{Said[i % Said.Length].Replace("\"", "\"\"", StringComparison.Ordinal)}\",{4.30 + 0.1 * random.NextDouble():F6},{50.80 + 0.1 * random.NextDouble():F6},web,fr,{(i % 4 == 0 ? "Rue Haute 1000" : "")}\n");
        }
        return csv.ToString();
    }

    private static long Micros(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToMicros();
}
