using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Zinneke.Testing.Durability;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A test that needs Node.js: skipped without it, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() =>
        Skip = Surroundings.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "node"))), "no Node.js");
}

/// <summary>The hand-over between two programs that share nothing but the protocol: the server, and the system of a body in a process of its own (<c>test/partner</c>), both by the clock on the wall.</summary>
public class HandOverProcessTests
{
    private const string Secret = "a secret of the two";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [NodeFact]
    public async Task A_report_with_a_photo_is_solved_by_the_other_system_and_one_that_it_does_not_want_goes_back()
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-hand-over-").FullName;
        var (port, partnerPort) = (RealServer.FreePort(), RealServer.FreePort());
        try
        {
            await ImportAsync(folder, partnerPort);
            var key = await KeyAsync(folder, "partner:west");
            var east = await KeyAsync(folder, "reports:staff:east");
            var picture = Path.Combine(folder, "done.jpg");
            await File.WriteAllBytesAsync(picture, Pictures.Jpeg(80, 60));
            await using var server = await RealServer.StartAsync(folder, "sqlite", port);
            using var partner = Begin(partnerPort, key, picture);
            try
            {
                (await LineAsync(partner)).GetProperty("listens").GetString().ShouldBe($"http://127.0.0.1:{partnerPort}");
                using var client = new HttpClient { BaseAddress = server.Address };
                await SolvedThereAsync(client, partner);
                await SentBackAsync(client, partner, east);
            }
            finally
            {
                partner.Kill();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SolvedThereAsync(HttpClient client, Process partner)
    {
        var number = await FileAsync(client, 4.35, "Une dalle cassée", Pictures.Jpeg(64, 48));
        var assigned = await LineAsync(partner);
        (assigned.GetProperty("type").GetString(), assigned.GetProperty("good").GetBoolean(), assigned.GetProperty("number").GetString()).ShouldBe(("report.assigned", true, number));
        Words(assigned, "photos").ShouldBe(["image/jpeg"], "the picture was drawn before the call went out");
        Words(assigned, "did").ShouldBe(["register 200", "accept 200", "close 200"]);
        var report = await client.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{number}");
        (report.GetProperty("state").GetString(), report.GetProperty("reference").GetString()).ShouldBe(("resolved", "W-17"));
        report.GetProperty("photos").EnumerateArray().Select(photo => photo.GetProperty("after").GetBoolean()).ShouldBe([false, true]);
        report.GetProperty("history").EnumerateArray().Select(line => line.GetProperty("action").GetString()).ShouldBe(["submit", "register", "accept", "resolve"]);
        for (var line = 0; line < 3; line++)
        {
            var update = await LineAsync(partner); // Of its own changes.
            (update.GetProperty("type").GetString(), update.GetProperty("good").GetBoolean()).ShouldBe(("report.updated", true));
        }
    }

    private static async Task SentBackAsync(HttpClient client, Process partner, string east)
    {
        var number = await FileAsync(client, 4.45, "Ce n’est pas à nous");
        using (var transfer = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/reports/{number}/actions/transfer") { Content = JsonContent.Create(new { body = "west", reason = "other" }) })
        {
            transfer.Headers.Authorization = new AuthenticationHeaderValue("Bearer", east);
            (await client.SendAsync(transfer)).EnsureSuccessStatusCode();
        }
        JsonElement line;
        do
        {
            line = await LineAsync(partner);
        }
        while (line.GetProperty("number").GetString() != number); // The picture of the work on the first one may have been drawn meanwhile.
        Words(line, "did").ShouldBe(["reject 200"]);
        var report = await client.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{number}");
        (report.GetProperty("body").GetProperty("id").GetString(), report.GetProperty("state").GetString(), report.GetProperty("hops").GetInt32()).ShouldBe(("east", "assigned", 2), "nobody was named: it is back where it came from");
        (await LineAsync(partner)).GetProperty("type").GetString().ShouldBe("report.transferred");
    }

    private static async Task ImportAsync(string folder, int partnerPort)
    {
        var hook = $$"""{"type":"webhook","url":"http://127.0.0.1:{{partnerPort}}/zinneke","secret":"{{Secret}}","allowPrivate":true}""";
        var bodies = DeskCity.Bodies.Replace("\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{\"type\":\"inbox\"}]", $"\"areas\":[\"1\"],\"parent\":\"region\",\"channels\":[{{\"type\":\"inbox\"}},{hook}]", StringComparison.Ordinal);
        foreach (var (kind, text) in ((string, string)[])[("areas", DeskCity.Areas), ("bodies", bodies), ("categories", DeskCity.Categories), ("rules", DeskCity.Rules)])
        {
            var file = Path.Combine(folder, kind + ".json");
            await File.WriteAllTextAsync(file, text);
            await RealServer.VerbAsync("import", kind, file, "--data", folder);
        }
    }

    private static async Task<string> KeyAsync(string folder, string scope) =>
        JsonDocument.Parse(await RealServer.VerbAsync("key", "add", "--name", scope, "--scope", scope, "--data", folder)).RootElement.GetProperty("key").GetString()!;

    private static async Task<string> FileAsync(HttpClient client, double lon, string words, params byte[][] photos)
    {
        var report = JsonSerializer.Serialize(new { clientId = Guid.NewGuid(), category = "road-hole", lon, lat = 50.85, description = words, lang = "fr" });
        using var parts = new MultipartFormDataContent { { new StringContent(report), "report" } };
        foreach (var photo in photos)
        {
            parts.Add(new ByteArrayContent(photo), "photo", "photo.jpg");
        }
        using var answer = await client.PostAsync("/api/v1/reports", parts);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!;
    }

    private static Process Begin(int port, string key, string picture)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(Surroundings.Root, "test", "partner", "partner.mjs"), $"{port}", Secret, key, picture])
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static async Task<JsonElement> LineAsync(Process partner)
    {
        using var limit = new CancellationTokenSource(Patience);
        return JsonDocument.Parse(await partner.StandardOutput.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException()).RootElement;
    }

    private static List<string?> Words(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(one => one.GetString())];
}
