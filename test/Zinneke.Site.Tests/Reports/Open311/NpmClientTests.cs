using System.Diagnostics;
using System.Text.Json;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports.Open311;

/// <summary>A theory that needs the packages of <c>test/open311</c>: skipped without them, a failure there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmClientTheoryAttribute : TheoryAttribute
{
    public NpmClientTheoryAttribute() =>
        Skip = Surroundings.SkipUnless(Directory.Exists(Path.Combine(NpmClientTests.Folder, "node_modules", "open311")), "no Open311 client (./zinneke test fetches it, or npm ci in test/open311)");
}

/// <summary>The client that apps in Node.js use (npm <c>open311</c>), unchanged, against the site: it discovers, reads services, sends and finds again.</summary>
public class NpmClientTests(GeoSite geo) : IClassFixture<GeoSite>
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    internal static string Folder => Path.Combine(Surroundings.Root, "test", "open311");

    [NpmClientTheory]
    [InlineData("json")]
    [InlineData("xml")]
    public async Task The_client_of_node_sends_a_report_and_finds_it_again(string format)
    {
        var said = await RunAsync("complete.mjs", new Uri(geo.Site.Address, $"/open311/discovery.{format}").ToString(), geo.Key, "clean-bag", format);

        var endpoints = said.GetProperty("found").GetProperty("endpoints").EnumerateArray().ToList();
        endpoints.Select(endpoint => endpoint.GetProperty("type").GetString()).ShouldBe(["production", "test"]);
        endpoints[0].GetProperty("formats").EnumerateArray().Select(one => one.GetString()).ShouldBe(["text/xml", "application/json"], ignoreOrder: true);
        var service = said.GetProperty("services").EnumerateArray().Single(one => one.GetProperty("service_code").GetString() == "clean-bag");
        (service.GetProperty("metadata").ToString().ToUpperInvariant(), service.GetProperty("type").GetString()).ShouldBe(("TRUE", "realtime"));
        var attributes = said.GetProperty("definition").GetProperty("attributes").EnumerateArray().ToList();
        attributes.Select(one => one.GetProperty("code").GetString()).ShouldBe(["colour", "inside", "hint", "amount"]);
        attributes[0].GetProperty("values").EnumerateArray().Select(one => one.GetProperty("key").GetString()).ShouldBe(["white", "blue"]);

        var number = said.GetProperty("sent").GetProperty("service_request_id").GetString()!;
        number.ShouldMatch(@"^\d{4}-\d{6}$");
        foreach (var request in (JsonElement[])[said.GetProperty("request"), said.GetProperty("listed")])
        {
            (request.GetProperty("service_request_id").GetString(), request.GetProperty("status").GetString(), request.GetProperty("service_code").GetString()).ShouldBe((number, "open", "clean-bag"));
            (request.GetProperty("description").GetString(), request.GetProperty("lat").ToString(), request.GetProperty("long").ToString()).ShouldBe(("Sac déchiré <b>& trempé</b>", "50.85", "4.35"));
            request.GetProperty("requested_datetime").GetDateTimeOffset().ShouldBe(geo.Site.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        }
        (await geo.GetAsync($"v2/requests/{number}.json?extensions=true")).Json[0].GetProperty("attributes")[0].ToString().ShouldContain("blue");
    }

    /// <summary>What a script of the folder says as JSON.</summary>
    private static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        start.ArgumentList.Add(script);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["NODE_NO_WARNINGS"] = "1"; // The client is of 2012 and uses what Node.js would rather not have used.
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(LongestRun);
        try
        {
            var (said, wrong) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, await wrong);
            return JsonDocument.Parse(await said).RootElement;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
