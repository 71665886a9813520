using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Zinneke.Testing.Durability;

/// <summary>Reports to be sent, each until it is acknowledged, to servers that may be gone at any moment.</summary>
/// <param name="count">How many reports.</param>
/// <param name="email">Where each is answered by mail; null for nobody.</param>
internal sealed class Submitting(int count, string? email = null)
{
    private readonly ConcurrentQueue<Guid> waiting = new(Enumerable.Range(0, count).Select(i => new Guid(i + 1, 0, 0, [0x80, 0, 0, 0, 0, 0, 0, 1])));

    /// <summary>Client id and id of what was acknowledged.</summary>
    public ConcurrentDictionary<Guid, string> Acknowledged { get; } = new();

    /// <summary>Sends what waits until nothing waits or the server is gone; what got no answer waits again.</summary>
    public async Task SendAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        while (waiting.TryDequeue(out var clientId))
        {
            try
            {
                using var answer = await client.PostAsJsonAsync("/api/v1/reports", Report(clientId));
                answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
                var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
                Acknowledged[clientId] = json.GetProperty("id").GetString()!;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                waiting.Enqueue(clientId);
                return;
            }
        }
    }

    /// <summary>Sends again what was acknowledged, and expects the same report and not another.</summary>
    public async Task SendAgainAsync(Uri address, IEnumerable<KeyValuePair<Guid, string>> acknowledged)
    {
        using var client = new HttpClient { BaseAddress = address };
        foreach (var (clientId, id) in acknowledged)
        {
            using var again = await client.PostAsJsonAsync("/api/v1/reports", Report(clientId));
            again.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString().ShouldBe(id);
        }
    }

    /// <summary>Every report that the server has is one that was acknowledged, and each is there once.</summary>
    public async Task CheckAsync(Uri address)
    {
        var found = await FoundAsync(address);
        Acknowledged.Count.ShouldBe(count);
        found.Count.ShouldBe(count);
        found.ToHashSet().SetEquals(Acknowledged.Values).ShouldBeTrue();
    }

    /// <summary>Ids of all reports that the server has.</summary>
    public static async Task<IReadOnlyList<string>> FoundAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        var found = new List<string>();
        var next = "/api/v1/reports?limit=1000";
        while (next is not null)
        {
            var page = await client.GetFromJsonAsync<JsonElement>(next);
            found.AddRange(page.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString() is { } cursor ? $"/api/v1/reports?limit=1000&cursor={cursor}" : null;
        }
        return found;
    }

    private object Report(Guid clientId) => email is null
        ? SmallCity.Report(clientId)
        : new { clientId, category = "road", lon = 4.35, lat = 50.85, description = "Trou dans la chaussée", lang = "fr", contact = new { email }, subscribe = true };
}
