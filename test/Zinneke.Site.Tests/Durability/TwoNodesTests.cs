using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Xunit.Abstractions;

namespace Zinneke.Testing.Durability;

/// <summary>Two programs on one PostgreSQL behave as one (kernel.md K31): one is killed under load, and nothing acknowledged is lost or doubled; what happens on one is live on the other; jobs and mails are done once.</summary>
public class TwoNodesTests(ITestOutputHelper output)
{
    private const int Submissions = 300;
    private const int Clients = 6;
    private const string Reporter = "ada@example.org";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory, OnPostgres]
    public async Task One_is_killed_under_load_and_the_other_goes_on(StoreKind kind)
    {
        var (folder, store) = await FoundAsync(kind);
        try
        {
            var first = await RealServer.StartAsync(folder, store, RealServer.FreePort());
            await using var second = await RealServer.StartAsync(folder, store, RealServer.FreePort());
            var submitting = new Submitting(Submissions, Reporter);
            var sending = new[] { first, second }.SelectMany(node => Enumerable.Range(0, Clients / 2).Select(_ => submitting.SendAsync(node.Address))).ToList();
            while (submitting.Acknowledged.Count < Submissions / 3 && sending.Exists(one => !one.IsCompleted))
            {
                await Task.Delay(1);
            }
            await first.DisposeAsync();
            await Task.WhenAll(sending);
            await submitting.SendAsync(second.Address); // What the killed one left behind.
            await submitting.SendAgainAsync(second.Address, submitting.Acknowledged.Take(50));
            await submitting.CheckAsync(second.Address);
            await OneMailEachAsync(folder);
            await second.KillAsync();
            var verified = JsonDocument.Parse(await RealServer.VerbAsync("reports", "verify", "--data", folder, "--store", store)).RootElement;
            (verified.GetProperty("mismatches").GetInt64(), verified.GetProperty("reports").GetInt64()).ShouldBe((0, Submissions));
        }
        finally
        {
            await TemplateDatabase.DropAsync(store);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, OnPostgres]
    public async Task What_happens_on_one_is_live_on_the_other_and_who_signs_in_is_signed_in_on_both(StoreKind kind)
    {
        var (folder, store) = await FoundAsync(kind);
        try
        {
            // A node for requests alone, and two that also do the work: the mail of what is sent to the first is a worker's.
            await using var web = await RealServer.StartAsync(folder, store, RealServer.FreePort(), "--role", "web");
            await using var other = await RealServer.StartAsync(folder, store, RealServer.FreePort());
            await using var worker = await RealServer.StartAsync(folder, store, RealServer.FreePort(), "--role", "worker");
            using var client = new HttpClient { BaseAddress = other.Address, Timeout = Patience };
            using var stream = await client.GetAsync("/live/reports:all", HttpCompletionOption.ResponseHeadersRead);
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
            var submitting = new Submitting(20, Reporter);
            await submitting.SendAsync(web.Address);
            var watch = Stopwatch.StartNew();
            await HearAllAsync(lines, [.. submitting.Acknowledged.Values]).WaitAsync(Patience);
            output.WriteLine($"all was heard on the other node {watch.ElapsedMilliseconds} ms after the last was acknowledged (awaited: 1,000)"); // Told, not asserted: a busy machine is no fault.
            await OneMailEachAsync(folder, submitting.Acknowledged.Count);

            (await client.GetAsync(new Uri(worker.Address, "/fr/"))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "a worker answers nobody but those who watch over it");
            var session = await SignInAsync(folder, store, web.Address);
            foreach (var node in new[] { web.Address, other.Address })
            {
                using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(node, "/fr/account"));
                asked.Headers.Add("Cookie", session);
                (await client.SendAsync(asked)).StatusCode.ShouldBe(HttpStatusCode.OK);
            }
        }
        finally
        {
            await TemplateDatabase.DropAsync(store);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Folder, string Store)> FoundAsync(StoreKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-nodes-").FullName;
        var store = await TemplateDatabase.EmptyAsync(kind);
        await SmallCity.ImportAsync(folder, store, RealServer.VerbAsync);
        return (folder, store);
    }

    /// <summary>Everybody who sent a report is told once that it has come, whichever node does it. A mail is a file with the id of its row: one sent again takes the place of the first.</summary>
    private static async Task OneMailEachAsync(string folder, int count = Submissions)
    {
        var mails = new DirectoryInfo(Path.Combine(folder, "mail"));
        for (var until = DateTime.UtcNow + Patience; mails.GetFiles("*.eml").Length < count && DateTime.UtcNow < until;)
        {
            await Task.Delay(100);
        }
        await Task.Delay(TimeSpan.FromSeconds(1)); // One too many would still come.
        mails.GetFiles("*.eml").Length.ShouldBe(count);
    }

    private static async Task HearAllAsync(StreamReader lines, HashSet<string> awaited)
    {
        while (awaited.Count > 0)
        {
            var line = await lines.ReadLineAsync() ?? throw new InvalidOperationException("the stream ended");
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                awaited.Remove(JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("id").GetString()!).ShouldBeTrue("told once");
            }
        }
    }

    /// <returns>The session's cookie.</returns>
    private static async Task<string> SignInAsync(string folder, string store, Uri node)
    {
        var added = JsonDocument.Parse(await RealServer.VerbAsync("user", "add", "--email", "grace@example.org", "--role", "administrator", "--data", folder, "--store", store)).RootElement;
        var token = new Uri(added.GetProperty("signInUrl").GetString()!).Query["?t=".Length..];
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = node };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var signedIn = await browser.PostAsync("/fr/sign-in/link", new FormUrlEncodedContent([KeyValuePair.Create("t", token)]));
        return signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
