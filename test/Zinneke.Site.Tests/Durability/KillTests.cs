using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Zinneke.Testing.Durability;

/// <summary>kill -9 in the middle of 1,000 submissions, three times, on both stores: what was acknowledged is there, nothing is there twice, the log stays dense.</summary>
public class KillTests
{
    private const int Submissions = 1000;
    private const int Clients = 8;
    private static readonly int[] KillAfter = [150, 300, 250];

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_acknowledged_is_lost_or_doubled(StoreKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-kill-").FullName;
        var store = await TemplateDatabase.EmptyAsync(kind);
        try
        {
            await SmallCity.ImportAsync(folder, store, RealServer.VerbAsync);
            var acknowledged = new ConcurrentDictionary<Guid, string>();
            var random = new Random(20260504);
            var waiting = new ConcurrentQueue<Guid>(Enumerable.Range(0, Submissions).Select(i => new Guid(i + 1, 0, 0, [0x80, 0, 0, 0, 0, 0, 0, 1])));
            foreach (var after in KillAfter)
            {
                await using var server = await RealServer.StartAsync(folder, store, RealServer.FreePort());
                var until = acknowledged.Count + after + random.Next(50);
                var sending = Enumerable.Range(0, Clients).Select(_ => SendAsync(server.Address, waiting, acknowledged)).ToList();
                while (acknowledged.Count < until && sending.Exists(s => !s.IsCompleted))
                {
                    await Task.Delay(1);
                }
                await server.KillAsync();
                await Task.WhenAll(sending);
            }
            await using var last = await RealServer.StartAsync(folder, store, RealServer.FreePort());
            var before = acknowledged.ToDictionary();
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => SendAsync(last.Address, waiting, acknowledged)));
            acknowledged.Count.ShouldBe(Submissions);
            await CheckAsync(last.Address, before, acknowledged);
        }
        finally
        {
            await TemplateDatabase.DropAsync(store);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Sends what waits until nothing waits or the server is gone; what got no answer waits again.</summary>
    private static async Task SendAsync(Uri address, ConcurrentQueue<Guid> waiting, ConcurrentDictionary<Guid, string> acknowledged)
    {
        using var client = new HttpClient { BaseAddress = address };
        while (waiting.TryDequeue(out var clientId))
        {
            try
            {
                using var answer = await client.PostAsJsonAsync("/api/v1/reports", SmallCity.Report(clientId));
                answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
                var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
                acknowledged[clientId] = json.GetProperty("id").GetString()!;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                waiting.Enqueue(clientId);
                return;
            }
        }
    }

    private static async Task CheckAsync(Uri address, Dictionary<Guid, string> beforeTheLastStart, ConcurrentDictionary<Guid, string> acknowledged)
    {
        using var client = new HttpClient { BaseAddress = address };
        // Sending again what was acknowledged before a kill gives the same report, not another.
        foreach (var (clientId, id) in beforeTheLastStart.Take(50))
        {
            using var again = await client.PostAsJsonAsync("/api/v1/reports", SmallCity.Report(clientId));
            again.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString().ShouldBe(id);
        }
        var found = new List<string>();
        var next = "/api/v1/reports?limit=1000";
        while (next is not null)
        {
            var page = await client.GetFromJsonAsync<JsonElement>(next);
            found.AddRange(page.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString() is { } cursor ? $"/api/v1/reports?limit=1000&cursor={cursor}" : null;
        }
        found.Count.ShouldBe(Submissions);
        found.ToHashSet().SetEquals(acknowledged.Values).ShouldBeTrue();
    }
}
