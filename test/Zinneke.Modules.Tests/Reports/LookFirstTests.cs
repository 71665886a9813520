using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>Who looks at what waits to be public where the body that has it has nobody at the desk, and what waits before anybody has it (decision 0031).</summary>
public class LookFirstTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_body_above_and_the_coordinating_body_publish_or_hide_what_waits_at_others(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, null, (Terms.All.Single(setting => setting.Name == "reports.moderation"), "before"));
        var city = await DeskCity.FoundAsync(store.Services);
        var numbers = new List<string>();
        foreach (var category in (string[])["road-hole", "road-gully", "road-gully"])
        {
            numbers.Add(await city.FileAsync(category));
        }
        var (region, east) = (await city.CallerAsync("agent", DeskCity.Region), await city.CallerAsync("agent", DeskCity.East));
        await store.SettleAsync();
        var scope = DeskScope.Of(region, city.Get<BodyMap>(), DeskCity.Region);
        await using (var open = store.Database.Open())
        {
            var listed = await scope.Narrow(open.Set<Report>()).Where(report => report.Visibility == Visibility.Pending).Select(report => report.Number).Order().ToListAsync();
            listed.ShouldBe(numbers.Order());
        }
        foreach (var (number, action) in numbers.Zip((string[])["publish", "publish", "hide"]))
        {
            (await DoAsync(number, action, east)).Refusal!.Kind.ShouldBe(RefusalKind.NotFound);
            (await DoAsync(number, "comment", region)).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden, "to look is not to do its work");
            (await DoAsync(number, action, region)).Refusal.ShouldBeNull(number);
        }
        (await SeenAsync(store, numbers)).ShouldBe([Visibility.Public, Visibility.Public, Visibility.Hidden]);
        (await DoAsync(numbers[0], "hide", region)).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden, "what is public is its holder's to hide");

        Task<Outcome<Guid>> DoAsync(string number, string action, Caller by) =>
            city.Get<ActOnReport>().RunAsync(number, action, new ActionRequest { Text = action == "comment" ? Text.Of("fr", "Vu") : null }, new Acting(by, false), store.Writer.DoAsync, default);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_nobody_has_yet_waits_when_any_body_looks_first_and_what_colleagues_send_never_does(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var before = await city.FileAsync(lon: null);
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],", "\"areas\":[\"1\"],\"looksFirst\":true,", StringComparison.Ordinal);
        (await city.Get<ImportBodies>().RunAsync(DeskCity.Stream(bodies), "bodies", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        (await SeenAsync(store, [before, await city.FileAsync(lon: null), await city.FileAsync(), await city.FileAsync(lon: 4.45)]))
            .ShouldBe([Visibility.Public, Visibility.Pending, Visibility.Pending, Visibility.Public]);

        var numbers = new List<string>();
        foreach (var role in (string[])["head", "agent", "crew", "reader"])
        {
            var sent = new NewReport { ClientId = city.Get<Ids>().Next(), Category = "road-hole", Lon = 4.35, Lat = 50.85, Description = "Trou", Lang = "fr" };
            var filed = await city.Get<FileReport>().RunAsync(sent, [], Sender.Of(await city.CallerAsync(role, DeskCity.East)), store.Writer.DoAsync, default);
            numbers.Add(filed.Value.Number);
        }
        (await SeenAsync(store, numbers)).ShouldBe([Visibility.Public, Visibility.Public, Visibility.Public, Visibility.Pending]);
    }

    [Fact]
    public async Task Kept_columns_are_taken_along_as_a_list()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var city = await DeskCity.FoundAsync(store.Services);
        var agent = await city.CallerAsync("agent", DeskCity.West);
        (await city.Get<KeepInbox>().ColumnsAsync(agent, [InboxColumn.State, InboxColumn.Holder], default)).Refusal.ShouldBeNull();
        var kept = (await city.Get<Privacy>().ExportAsync(new Person(agent.Account, null)))["reports.inbox"].ShouldHaveSingleItem();
        JsonSerializer.SerializeToElement(kept, kept.GetType(), Json.Options).GetProperty("columns").EnumerateArray().Select(column => column.GetString()).ShouldBe(["state", "holder"], ignoreOrder: true);
    }

    [Fact]
    public void The_sandbox_keeps_the_newest_notes_of_a_request()
    {
        var sandbox = new GeoSandbox();
        var request = sandbox.Add(new ServiceRequest("", "road-hole", ReportState.Assigned, "", DeskCity.West, "1", 0, 0, null, null, null, null));
        var other = sandbox.Add(new ServiceRequest("", "road-hole", ReportState.Assigned, "", DeskCity.East, "2", 0, 0, null, null, null, null));
        for (var at = 1; at <= GeoSandbox.NotesMax + 20; at++)
        {
            sandbox.Add(new ServiceUpdate(Guid.CreateVersion7(), at % 5 == 0 ? other.Id : request.Id, ReportState.Assigned, at, Text.Empty), isBody: false);
            sandbox.Add(new ServiceUpdate(Guid.CreateVersion7(), request.Id, ReportState.Assigned, at, Text.Empty), isBody: false);
        }
        var notes = sandbox.Find(request.Id, "1")!.Notes;
        (notes.Count, notes[^1].At).ShouldBe((GeoSandbox.NotesMax, GeoSandbox.NotesMax + 20));
        sandbox.Updates(0, 10, "2").Select(update => update.At).ShouldBe([5L, 10L]);
        sandbox.Updates(0, 10, null).Count.ShouldBe(20);
    }

    private static async Task<List<Visibility>> SeenAsync(TestStore store, IReadOnlyList<string> numbers)
    {
        await using var open = store.Database.Open();
        var seen = await open.Set<Report>().Where(report => numbers.Contains(report.Number)).ToDictionaryAsync(report => report.Number, report => report.Visibility);
        return [.. numbers.Select(number => seen[number])];
    }
}
