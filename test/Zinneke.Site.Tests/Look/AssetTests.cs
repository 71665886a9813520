using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Ui;

namespace Zinneke.Site.Tests.Look;

/// <summary>What browsers load: budgets of kernel.md K26, immutable caching, no other host.</summary>
public sealed partial class AssetTests : IAsyncLifetime
{
    private const int PageBytesMax = 60_000;
    private const int MapBytesMax = 400_000;

    private static readonly string Dist = Path.Combine(Surroundings.Root, "web", "dist");

    private TestSite site = null!;

    public async Task InitializeAsync() => site = await TestSite.NewAsync();

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task An_asset_may_be_kept_for_ever_and_comes_compressed()
    {
        var path = site.Get<Assets>()["style.css"];
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Encoding", "gzip, br" } } };
        using var answer = await site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(Dist, Path.GetFileName(path) + ".br")));

        using var plain = await site.Client.GetAsync(path);
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await plain.Content.ReadAsByteArrayAsync()).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(Dist, Path.GetFileName(path))));
    }

    [Theory]
    [InlineData("/assets/no-such-file.css")]
    [InlineData("/assets/manifest.json")]
    [InlineData("/assets/..%2fZinneke.dll")]
    public async Task Nothing_else_is_served(string path)
    {
        using var answer = await site.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Styles_and_scripts_of_a_page_are_light()
    {
        var app = Carried("app.js") + Carried("style.css");
        app.ShouldBeLessThan(PageBytesMax);
        var everything = Directory.EnumerateFiles(Dist, "*.js.br").Concat(Directory.EnumerateFiles(Dist, "*.css.br")).Sum(file => new FileInfo(file).Length);
        var font = new FileInfo(Path.Combine(Dist, Path.GetFileName(site.Get<Assets>()["atkinson-hyperlegible-next-latin-wght-normal.woff2"]))).Length;
        (everything + font).ShouldBeLessThan(MapBytesMax);
    }

    [Fact]
    public void Nothing_is_loaded_from_another_host() =>
        Directory.EnumerateFiles(Dist, "*.css").SelectMany(file => Elsewhere().Matches(File.ReadAllText(file)).Select(match => match.Value)).ShouldBeEmpty();

    [Fact]
    public void The_lock_file_names_no_registry()
    {
        var text = File.ReadAllText(Path.Combine(Surroundings.Root, "web", "package-lock.json"));
        text.ShouldNotContain("\"resolved\": \"http");
        text.ShouldContain("\"integrity\"");
        LooseVersions().Matches(File.ReadAllText(Path.Combine(Surroundings.Root, "web", "package.json"))).Select(match => match.Value).ShouldBeEmpty();
    }

    [Fact]
    public void Every_drawing_is_painted_by_classes_alone() =>
        Directory.EnumerateFiles(Path.Combine(Surroundings.Root, "web", "drawings"), "*.svg")
            .Where(file => Painted().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName).ShouldBeEmpty();

    private long Carried(string name) => new FileInfo(Path.Combine(Dist, Path.GetFileName(site.Get<Assets>()[name]) + ".br")).Length;

    [GeneratedRegex(@"url\(\s*[""']?(https?:)?//[^)]*")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@""": ""[\^~*][^""]*""")]
    private static partial Regex LooseVersions();

    [GeneratedRegex("style=|fill=|stroke=|<style|<script|href=")]
    private static partial Regex Painted();
}
