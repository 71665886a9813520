using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.People;

/// <summary>A person makes a token on their account page, a program works with it in the API, and it is revoked.</summary>
public sealed partial class TokenPagesTests : IAsyncLifetime
{
    private TestSite site = null!;
    private DeskCity city = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.NewAsync();
        city = await DeskCity.FoundAsync(site.Services);
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "ApiKey ")]
    [InlineData("X-API-Key", "")]
    public async Task A_program_does_with_a_token_what_its_person_may_and_nothing_on_their_account(string header, string scheme)
    {
        var number = await city.FileAsync();
        var agent = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West));
        var (status, html, _) = await agent.PostAsync("/fr/account/tokens/new", ("name", "Appli de terrain"), ("scopes", "reports:staff"), ("expires", Later()));
        status.ShouldBe(HttpStatusCode.OK);
        var secret = Secret().Match(html).Value;
        (await CallAsync($"/api/v1/reports/{number}/actions/accept", header, scheme + secret)).ShouldBe(HttpStatusCode.OK);
        (await CallAsync("/fr/account/erase", header, scheme + secret)).ShouldBe(HttpStatusCode.Forbidden);
        (await CallAsync("/fr/account/tokens/new", header, scheme + secret)).ShouldBe(HttpStatusCode.Forbidden);

        html = (await agent.GetAsync("/fr/account/tokens")).Html;
        html.ShouldContain("Appli de terrain");
        html.ShouldNotContain(secret);
        var token = Regex.Match(html, "name=\"token\" value=\"([0-9a-f-]{36})\"").Groups[1].Value;
        (await agent.PostAsync("/fr/account/tokens/revoke", ("token", token))).To.ShouldBe("/fr/account/tokens?done=revoked");
        (await agent.GetAsync("/fr/account/tokens?done=revoked")).Html.ShouldContain("Aucun jeton");
        (await CallAsync($"/api/v1/reports/{number}/actions/plan", header, scheme + secret)).ShouldBe(HttpStatusCode.Unauthorized);
        site.Logged.All.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_of_another_body_or_without_the_scope_does_not_act()
    {
        var number = await city.FileAsync();
        foreach (var (body, scopes) in new[] { (DeskCity.East, "reports:staff"), (DeskCity.West, "") })
        {
            var agent = new Visitor(site.Client, await city.SignInAsync("agent", body));
            (string, string)[] fields = [("name", "App"), ("expires", Later()), .. scopes.Length > 0 ? [("scopes", scopes)] : Array.Empty<(string, string)>()];
            var secret = Secret().Match((await agent.PostAsync("/fr/account/tokens/new", fields)).Html).Value;
            (await CallAsync($"/api/v1/reports/{number}/actions/accept", "X-API-Key", secret)).ShouldBe(HttpStatusCode.Forbidden, $"{body} {scopes}");
        }
    }

    [Theory]
    [InlineData("name", "", "name")]
    [InlineData("scopes", "reports:fly", "scopes")]
    [InlineData("scopes", "open311", "scopes")]
    [InlineData("expires", "", "expires")]
    [InlineData("expires", "tomorrow", "expires")]
    [InlineData("expires", "2001-01-01", "expires")]
    [InlineData("expires", "2099-01-01", "expires")]
    public async Task A_token_that_makes_no_sense_is_refused_at_its_field(string field, string value, string at)
    {
        var agent = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West));
        var fields = new Dictionary<string, string> { ["name"] = "App", ["expires"] = Later(), [field] = value };
        var (status, html, _) = await agent.PostAsync("/fr/account/tokens/new", [.. fields.Select(f => (f.Key, f.Value))]);
        ((int)status).ShouldBeOneOf(403, 422);
        html.ShouldContain($"id=\"f-{at}-error\"");
    }

    [Theory]
    [InlineData("fr", "Programme")]
    [InlineData("nl", "Programma")]
    [InlineData("en", "Program")]
    [InlineData("de", "Programm")]
    public async Task A_resident_may_have_one_too_and_is_offered_no_scopes(string language, string name)
    {
        var resident = new Visitor(site.Client, await city.SignInAsync("resident", null));
        var html = (await resident.GetAsync($"/{language}/account/tokens/new")).Html;
        html.ShouldContain(name);
        html.ShouldNotContain("name=\"scopes\"");
        html.ShouldContain($"name=\"expires\" type=\"date\" value=\"{site.Clock.GetUtcNow().AddDays(90):yyyy-MM-dd}\"");
        (await resident.PostAsync($"/{language}/account/tokens/new", ("name", "x"), ("expires", Later()))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private string Later() => site.Clock.GetUtcNow().AddDays(60).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<HttpStatusCode> CallAsync(string path, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = path.StartsWith("/api/", StringComparison.Ordinal) ? new StringContent("{}", Encoding.UTF8, "application/json") : new FormUrlEncodedContent([new("sure", "true")]) };
        request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();
        using var answer = await site.Client.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("zp_[A-Za-z0-9_-]{20,}")]
    private static partial Regex Secret();
}
