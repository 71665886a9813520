using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>What somebody else has chosen is fetched from outside only, and within limits (K41).</summary>
public sealed class OutgoingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("193.190.1.1", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("2002:a00:1::1", true)]
    [InlineData("2001:0:1::1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("2001:6a8::1", false)]
    [InlineData("2a02:a000::1", false)]
    [InlineData("2c0f:f000::1", false)]
    public void What_leads_inside_is_known(string address, bool inside) => Outgoing.IsPrivate(IPAddress.Parse(address)).ShouldBe(inside);

    [Fact]
    public async Task Nothing_is_fetched_from_inside()
    {
        var asked = 0;
        await using var site = await TestSite.NewAsync(doors => doors.Root.MapGet("/probe/file", () => $"{++asked}").Public());
        using var outgoing = new Outgoing(site.Get<Settings>(), TimeProvider.System);
        foreach (var host in (string[])["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"])
        {
            (await outgoing.GetAsync($"http://{host}:{site.Address.Port}/probe/file", 100, Patience)).ShouldBeNull(host);
        }
        asked.ShouldBe(0);
    }

    [Fact]
    public async Task Size_time_and_redirects_have_their_limits()
    {
        await using var site = await TestSite.NewAsync(doors =>
        {
            doors.Root.MapGet("/probe/file", () => TypedResults.Bytes(new byte[1000])).Public();
            doors.Root.MapGet("/probe/endless", async (HttpContext http) =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await http.Response.Body.WriteAsync(new byte[1000], http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                }
            }).Public();
            doors.Root.MapGet("/probe/slow", async (CancellationToken cancellation) => await Task.Delay(60_000, cancellation)).Public();
            doors.Root.MapGet("/probe/hop/{left:int}", (int left) => TypedResults.Redirect(left == 1 ? "/probe/file" : $"/probe/hop/{left - 1}")).Public();
            doors.Root.MapGet("/probe/away", () => TypedResults.Redirect("file:///etc/passwd")).Public();
        }, settings: [(KernelSettings.AllowPrivateTargets, "on")]);
        using var outgoing = new Outgoing(site.Get<Settings>(), TimeProvider.System);
        async Task<int?> Got(string path, int most = 1000, int milliseconds = 5000) => (await outgoing.GetAsync($"{site.Address.GetLeftPart(UriPartial.Authority)}/probe/{path}", most, TimeSpan.FromMilliseconds(milliseconds)))?.Length;
        (await Got("file")).ShouldBe(1000);
        (await Got("file", 999)).ShouldBeNull();
        (await Got("endless", 5000)).ShouldBeNull();
        (await Got("slow", milliseconds: 100)).ShouldBeNull();
        (await Got("hop/3")).ShouldBe(1000);
        (await Got("hop/4")).ShouldBeNull();
        (await Got("away")).ShouldBeNull();
        (await Got("nowhere")).ShouldBeNull();
        foreach (var address in (string[])["file:///etc/passwd", "gopher://x", "nothing", "", "http://nowhere.invalid/"])
        {
            (await outgoing.GetAsync(address, 1000, Patience)).ShouldBeNull(address);
        }
    }
}
