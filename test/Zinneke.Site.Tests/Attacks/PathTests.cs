using System.Net.Sockets;
using System.Text;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;

namespace Zinneke.Site.Tests.Attacks;

/// <summary>Paths that climb out of where files, tiles and assets lie, written on the wire as no well-behaved client would.</summary>
[Collection(TwoTowns.Collection)]
public class PathTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    public static TheoryData<string> Climbs
    {
        get
        {
            var all = new TheoryData<string>();
            foreach (var root in (string[])["/assets/", "/files/", "/files/0000/", "/tiles/areas/1/1/", "/fr/dev/mail/", "/"])
            {
                foreach (var climb in (string[])["../zinneke.db", "../../zinneke.db", "..%2fzinneke.db", "%2e%2e/%2e%2e/zinneke.db", "..%5c..%5czinneke.db", "....//zinneke.db", "..;/zinneke.db", "%c0%ae%c0%ae/zinneke.db", "zinneke.db%00.jpg", "/etc/passwd", "keys/signature"])
                {
                    all.Add(root + climb);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Climbs))]
    public async Task Nothing_lies_outside(string path)
    {
        var answer = await AskAsync(path);
        answer.ShouldStartWith("HTTP/1.1 4");
        answer.ShouldNotContain("SQLite format");
        answer.ShouldNotContain("root:");
    }

    [Theory]
    [InlineData("//evil.example/fr/")]
    [InlineData("//evil.example/%2e%2e")]
    [InlineData("/\\evil.example/fr/")]
    [InlineData("/%5cevil.example")]
    [InlineData("/fr//evil.example/")]
    [InlineData("http://evil.example/fr/desk/reports")]
    public async Task No_path_leads_to_another_site(string path)
    {
        var answer = await AskAsync(path);
        var to = answer.Split("\r\n").FirstOrDefault(line => line.StartsWith("Location:", StringComparison.OrdinalIgnoreCase))?["Location:".Length..].Trim();
        (to is null || ReturnPath.IsLocal(to)).ShouldBeTrue(to);
    }

    [Fact]
    public async Task Ten_thousand_parameters_are_too_many_and_the_site_goes_on()
    {
        (await AskAsync("/fr/reports?" + string.Join('&', Enumerable.Range(0, 10_000).Select(i => $"a{i}=b")))).ShouldStartWith("HTTP/1.1 414");
        (await AskAsync("/fr/reports?" + string.Join('&', Enumerable.Range(0, 900).Select(i => $"a{i}=b")))).ShouldStartWith("HTTP/1.1 200");
        (await AskAsync("/fr/reports", [.. Enumerable.Range(0, 10_000).Select(i => $"X-{i}: y")])).ShouldStartWith("HTTP/1.1 431");
        (await AskAsync("/fr/reports", "Cookie: " + string.Join("; ", Enumerable.Range(0, 500).Select(i => $"zinneke=c{i}")))).ShouldStartWith("HTTP/1.1 200");
    }

    /// <summary>What comes back for a request line with exactly this path.</summary>
    private async Task<string> AskAsync(string path, params string[] heads)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(site.Address.Host, site.Address.Port);
        await using var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {site.Address.Authority}\r\nAccept: text/html\r\nConnection: close\r\n{string.Concat(heads.Select(head => head + "\r\n"))}\r\n"));
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // Cut off in the middle of too much.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
