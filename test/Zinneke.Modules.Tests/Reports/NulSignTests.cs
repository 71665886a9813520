using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>U+0000, which PostgreSQL cannot keep: refused on both stores where it comes in, never an error of the store.</summary>
public class NulSignTests
{
    private const string Nul = "a\0b";

    [Theory, OnSqlite, OnPostgres]
    public async Task A_report_an_action_and_a_question_with_it_are_refused(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var hole = new NewReport { ClientId = Guid.NewGuid(), Category = "road-hole", Lon = 4.35, Lat = 50.85 };
        foreach (var (sent, field) in new[]
                 {
                     (hole with { Description = Nul }, "description"), (hole with { Address = Nul }, "address"), (hole with { Channel = Nul }, "channel"),
                     (hole with { Contact = new NewContact { Name = Nul } }, "contact.name"),
                 })
        {
            Seen((await city.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, true), store.Writer.DoAsync, default)).Refusal, field);
        }

        var number = await city.FileAsync();
        var agent = new Acting(await city.CallerAsync("agent", DeskCity.West), false);
        foreach (var (action, request, field) in new[]
                 {
                     ("note", new ActionRequest { Text = Text.Of("fr", Nul) }, "text"), ("register", new ActionRequest { Reference = Nul }, "reference"),
                     ("move", new ActionRequest { Lon = 4.36, Lat = 50.85, Address = Nul }, "address"),
                 })
        {
            Seen((await city.Get<ActOnReport>().RunAsync(number, action, request, agent, store.Writer.DoAsync, default)).Refusal, field);
        }
        Seen((await city.Get<KeepInbox>().FilterAsync(agent.Caller, Nul, "?text=a", default)).Refusal, "name");
        Seen((await city.Get<KeepInbox>().FilterAsync(agent.Caller, "Trous", "?text=" + Nul, default)).Refusal, "query");
        Seen(ReportQuery.Of(new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["text"] = Nul })).Refusal, "text");
        InboxFilter.Of(new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["text"] = Nul })).Words.ShouldBeNull();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_line_of_history_with_it_is_a_fault_and_the_next_import_is_taken(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        const string header = "external_id,created_at,state,category,description,lon,lat\n", good = "A,2024-01-02T10:00:00+01:00,assigned,road-hole,Un trou,4.35,50.85\n";
        var import = store.Get<ImportReports>();
        var (refused, _) = await import.RunAsync(DeskCity.Stream(header + good + good.Replace('A', 'B').Replace("Un trou", "Un\0trou", StringComparison.Ordinal)), "bad", new HistoryOptions(HistoryMap.Plain), Actor.System, null, default);
        var fault = refused.Refusals.ShouldHaveSingleItem();
        (fault.Line, fault.Field, refused.Added).ShouldBe((3, "description", 0));
        fault.ToString().ShouldNotContain("\0");
        (await import.RunAsync(DeskCity.Stream(header + good), "good", new HistoryOptions(HistoryMap.Plain), Actor.System, null, default)).Summary.Added.ShouldBe(1);
    }

    private static void Seen(Refusal? refusal, string field) => (refusal?.Kind, refusal?.Code, refusal?.Field).ShouldBe((RefusalKind.Invalid, "kernel.nulInText", field));
}
