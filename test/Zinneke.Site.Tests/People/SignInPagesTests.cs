using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Site.Tests.People;

/// <summary>Signing in as a browser sees it, in four languages, and the ways in which somebody else would try to.</summary>
public partial class SignInPagesTests
{
    private const string Email = "resident@example.org";

    [Theory]
    [InlineData("fr")]
    [InlineData("nl")]
    [InlineData("en")]
    [InlineData("de")]
    public async Task One_signs_in_by_the_link_in_the_mail(string language)
    {
        await using var site = await TestSite.NewAsync();
        using var page = await site.Client.GetAsync($"/{language}/sign-in?return=%2F{language}%2Faccount");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldContain("name=\"email\"");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();

        var link = await AskAsync(site, language, ("return", $"/{language}/account"));
        using var shown = await site.Client.GetAsync(link);
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);
        shown.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        (await shown.Content.ReadAsStringAsync()).ShouldNotContain("no-referrer");
        (await shown.Content.ReadAsStringAsync()).ShouldContain(Email);
        (await CountAsync<Session>(site)).ShouldBe(0, "opening the link changes nothing");

        using var pressed = await PostAsync(site, link.AbsolutePath, ("t", TokenOf(link)));
        pressed.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        pressed.Headers.Location!.OriginalString.ShouldBe($"/{language}/account");
        var cookie = CookieOf(pressed);
        using var account = await GetAsync(site, $"/{language}/account", cookie);
        account.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await account.Content.ReadAsStringAsync()).ShouldContain(Email);

        using var again = await PostAsync(site, link.AbsolutePath, ("t", TokenOf(link)));
        again.StatusCode.ShouldBe(HttpStatusCode.Gone);
        again.Headers.Contains("Set-Cookie").ShouldBeFalse();
        site.Logged.All.ShouldAllBe(line => !line.Contains(TokenOf(link), StringComparison.Ordinal) && !line.Contains(Email, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asking_answers_the_same_whether_or_not_there_is_an_account()
    {
        await using var site = await TestSite.NewAsync();
        await SignInAsync(site);
        using var known = await PostAsync(site, "/fr/sign-in", ("email", Email));
        using var unknown = await PostAsync(site, "/fr/sign-in", ("email", "nobody@example.org"));
        using var tooOften = await AskTooOftenAsync(site);
        foreach (var answer in (HttpResponseMessage[])[known, unknown, tooOften])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            answer.Headers.Location!.OriginalString.ShouldBe("/fr/sign-in/sent");
            (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }
        (await CountAsync<Account>(site)).ShouldBe(1);
    }

    [Fact]
    public async Task An_address_that_is_none_comes_back_with_its_form()
    {
        await using var site = await TestSite.NewAsync();
        using var answer = await PostAsync(site, "/fr/sign-in", ("email", "a@b\r\nBcc: c@example.org"), ("return", "/fr/account"));
        ((int)answer.StatusCode).ShouldBe(422);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("aria-invalid=\"true\"");
        page.ShouldContain("value=\"/fr/account\"");
        (await CountAsync<MailRow>(site)).ShouldBe(0);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/..//evil.example/")]
    public async Task Nobody_is_led_to_another_site(string wanted)
    {
        await using var site = await TestSite.NewAsync();
        var link = await AskAsync(site, "fr", ("return", wanted));
        using var pressed = await PostAsync(site, link.AbsolutePath, ("t", TokenOf(link)));
        pressed.Headers.Location!.OriginalString.ShouldBe("/fr/account");
    }

    [Fact]
    public async Task The_link_in_the_mail_leads_to_this_site_whatever_host_was_asked()
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.PublicUrl, "https://zinneke.example"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fr/sign-in") { Content = Form(("email", Email)) };
        request.Headers.Host = "evil.example";
        using var answer = await site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await LinkAsync(site)).Host.ShouldBe("zinneke.example");
    }

    [Fact]
    public async Task A_page_that_needs_an_account_leads_to_sign_in_and_back()
    {
        await using var site = await TestSite.NewAsync();
        using var answer = await site.Client.GetAsync("/nl/account?done=changed");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldBe("/nl/sign-in?return=%2Fnl%2Faccount%3Fdone%3Dchanged");
        using var posted = await PostAsync(site, "/nl/account/erase", ("sure", "true"));
        posted.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Another_site_cannot_post_for_somebody_who_is_signed_in()
    {
        await using var site = await TestSite.NewAsync();
        var cookie = await SignInAsync(site);
        foreach (var header in ((string, string)[])[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"), ("X-Nothing", "neither header")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/fr/account/erase") { Content = Form(("sure", "true")) };
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add(header.Item1, header.Item2);
            using var answer = await site.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await CountAsync<Session>(site)).ShouldBe(1);
    }

    [Fact]
    public async Task A_forged_cookie_opens_nothing()
    {
        await using var site = await TestSite.NewAsync();
        await SignInAsync(site);
        foreach (var value in (string[])["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x", "%00%00", new string('a', 4000)])
        {
            using var answer = await GetAsync(site, "/fr/account", $"zinneke={value}");
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself()
    {
        await using var site = await TestSite.NewAsync();
        var cookie = await SignInAsync(site);
        using var signedOut = await PostAsync(site, "/fr/sign-out", cookie);
        signedOut.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        signedOut.Headers.GetValues("Set-Cookie").Single().ShouldContain("expires=Thu, 01 Jan 1970");
        using var after = await GetAsync(site, "/fr/account", cookie);
        after.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task One_sees_and_ends_ones_sessions_exports_and_erases()
    {
        await using var site = await TestSite.NewAsync();
        var (here, there) = (await SignInAsync(site), await SignInAsync(site));
        using var page = await GetAsync(site, "/en/account", here);
        var session = SessionButton().Matches(await page.Content.ReadAsStringAsync()).Single().Groups[1].Value;
        using var ended = await PostAsync(site, "/en/account/sessions", here, ("session", session));
        ended.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        using var gone = await GetAsync(site, "/en/account", there);
        gone.StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        using var changed = await PostAsync(site, "/en/account", here, ("name", "A. Resident"), ("language", "nl"));
        changed.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        using var shown = await GetAsync(site, "/en/account", here);
        (await shown.Content.ReadAsStringAsync()).ShouldContain("What you agreed to");
        using var data = await GetAsync(site, "/en/account/data.zip", here);
        data.Content.Headers.ContentDisposition!.FileName.ShouldBe("zinneke-data.zip");
        using var archive = new ZipArchive(await data.Content.ReadAsStreamAsync());
        await using var json = await archive.GetEntry("data.json")!.OpenAsync();
        var all = (await JsonDocument.ParseAsync(json)).RootElement;
        all.GetProperty("kernel.consent")[0].GetProperty("text").GetString().ShouldBe("kernel.consent.account");
        all.GetProperty("kernel.account").EnumerateArray().First().GetProperty("name").GetString().ShouldBe("A. Resident");
        all.GetProperty("kernel.mail").GetArrayLength().ShouldBe(2);

        using var unsure = await PostAsync(site, "/en/account/erase", here, ("asked", "1"));
        ((int)unsure.StatusCode).ShouldBe(422);
        using var erased = await PostAsync(site, "/en/account/erase", here, ("sure", "true"));
        erased.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var after = await GetAsync(site, "/en/account", here);
        after.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await CountAsync<MailRow>(site)).ShouldBe(0);
    }

    [Fact]
    public async Task A_new_address_counts_when_its_mail_was_pressed()
    {
        await using var site = await TestSite.NewAsync();
        var elsewhere = await SignInAsync(site);
        var cookie = await SignInAsync(site);
        var other = await SignInAsync(site, "other@example.org");
        using var asked = await PostAsync(site, "/fr/account/address", cookie, ("email", "New@Example.org"));
        asked.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var link = await LinkAsync(site);
        using var stolen = await PostAsync(site, "/fr/account/address/confirmed", other, ("t", TokenOf(link)));
        stolen.StatusCode.ShouldBe(HttpStatusCode.Gone);
        using var shown = await GetAsync(site, link.PathAndQuery, cookie);
        (await shown.Content.ReadAsStringAsync()).ShouldContain("new@example.org");
        using var pressed = await PostAsync(site, "/fr/account/address/confirmed", cookie, ("t", TokenOf(link)));
        pressed.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await using var store = site.Get<Database>().Open();
        (await store.Set<Account>().Select(a => a.Email).ToListAsync()).ShouldBe(["new@example.org", "other@example.org"], ignoreOrder: true);
        (await CountAsync<MailRow>(site, m => m.Address == Email && m.Notice == "ui.mail.addressChanged")).ShouldBe(1);
        (await GetAsync(site, "/fr/account", cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(site, "/fr/account", elsewhere)).StatusCode.ShouldBe(HttpStatusCode.SeeOther, "whoever knew the old address may be there");
    }

    [Fact]
    public async Task An_address_is_not_flooded_with_links_to_confirm_it()
    {
        await using var site = await TestSite.NewAsync();
        var (one, other) = (await SignInAsync(site), await SignInAsync(site, "other@example.org"));
        for (var i = 0; i < 4; i++)
        {
            (await PostAsync(site, "/fr/account/address", one, ("email", "victim@example.org"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            (await PostAsync(site, "/fr/account/address", other, ("email", "victim@example.org"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        }
        (await CountAsync<MailRow>(site, m => m.Address == "victim@example.org")).ShouldBe(5);
    }

    [Fact]
    public async Task An_address_too_long_to_come_back_to_still_leads_to_signing_in()
    {
        await using var site = await TestSite.NewAsync();
        (await site.Client.GetAsync("/fr/account?x=1")).Headers.Location!.OriginalString.ShouldBe("/fr/sign-in?return=%2Ffr%2Faccount%3Fx%3D1");
        (await site.Client.GetAsync("/fr/account?x=" + new string('x', 3000))).Headers.Location!.OriginalString.ShouldBe("/fr/sign-in");
    }

    [Fact]
    public async Task One_click_unsubscribes_and_a_scanner_does_not()
    {
        await using var site = await TestSite.NewAsync();
        var token = site.Get<Mails>().PaceToken(Email, new Subject("report", "2026-000001"));
        using var scanned = await site.Client.GetAsync($"/mail/unsubscribe?t={token}");
        (scanned.StatusCode, scanned.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.SeeOther, $"/fr/mail?t={token}"), "a mail program that knows nothing of clicks shows the page");
        (await CountAsync<MailPaceRow>(site)).ShouldBe(0);
        using var clicked = await PostAsync(site, $"/mail/unsubscribe?t={token}", ("List-Unsubscribe", "One-Click"));
        clicked.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var store = site.Get<Database>().Open();
        (await store.Set<MailPaceRow>().SingleAsync()).Pace.ShouldBe(MailPace.Never);
        using var forged = await PostAsync(site, $"/mail/unsubscribe?t={token[..^3]}AAA", ("List-Unsubscribe", "One-Click"));
        forged.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var page = await site.Client.GetAsync($"/de/mail?t={token}");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var chosen = await PostAsync(site, "/de/mail", ("t", token), ("pace", "Daily"));
        chosen.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        using var wrong = await PostAsync(site, "/de/mail", ("t", token), ("pace", "77"));
        ((int)wrong.StatusCode).ShouldBe(422);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://mail.example")]
    public async Task A_mail_program_in_a_browser_unsubscribes_from_its_own_site(string header, string value)
    {
        await using var site = await TestSite.NewAsync();
        var token = site.Get<Mails>().PaceToken(Email, new Subject("report", "2026-000001"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/mail/unsubscribe?t={token}") { Content = Form(("List-Unsubscribe", "One-Click")) };
        request.Headers.Add(header, value);
        using var clicked = await site.Client.SendAsync(request);
        clicked.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CountAsync<MailPaceRow>(site, p => p.Pace == MailPace.Never)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_unsubscribes_while_the_writer_is_full_is_told_to_come_back()
    {
        await using var site = await TestSite.NewAsync(add: parts => parts.AddSingleton<Committer, FullCommitter>());
        var token = site.Get<Mails>().PaceToken(Email, new Subject("report", "2026-000001"));
        foreach (var answer in (HttpResponseMessage[])[await PostAsync(site, $"/mail/unsubscribe?t={token}"), await PostAsync(site, "/fr/mail", ("t", token), ("pace", "Never"))])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            answer.Dispose();
        }
    }

    private sealed class FullCommitter : Committer
    {
        internal override int Depth => 0;

        internal override Task<bool> CommitAsync(Unit unit) => Task.FromResult(false);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "city.example")]
    public async Task Sent_mails_are_not_shown_through_a_proxy_that_nobody_named(string header, string value)
    {
        await using var demo = await TestSite.NewAsync(settings: (KernelSettings.Demo, "on"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fr/dev/mail");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await demo.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        MailFolder.WarningOf(demo.Get<Settings>()).ShouldNotBeNull().ShouldContain("/dev/mail");
    }

    [Fact]
    public async Task Sent_mails_are_shown_in_the_demonstration_only()
    {
        await NotShownAsync();
        await NotShownAsync((KernelSettings.Demo, "on"), (KernelSettings.Urls, "http://127.0.0.1:0;http://0.0.0.0:0"));
        await NotShownAsync((KernelSettings.Demo, "on"), (KernelSettings.Proxies, "10.0.0.7"));
        await NotShownAsync((KernelSettings.Demo, "on"), (MailSettings.Smtp, "smtp://127.0.0.1:1?tls=off"));
        await using var demo = await TestSite.NewAsync(settings: (KernelSettings.Demo, "on"));
        await AskAsync(demo, "fr");
        (await demo.Client.GetAsync("/dev/mail")).Headers.Location!.OriginalString.ShouldBe("/en/dev/mail".Replace("en", "fr", StringComparison.Ordinal));
        var list = await demo.Client.GetStringAsync("/fr/dev/mail");
        list.ShouldContain(Email);
        var mail = await demo.Client.GetStringAsync(MailLinkPattern().Match(list).Groups[1].Value);
        mail.ShouldContain("/fr/sign-in/link?t=");

        static async Task NotShownAsync(params (Setting, string)[] settings)
        {
            await using var real = await TestSite.NewAsync(settings: settings);
            (await real.Client.GetAsync("/fr/dev/mail")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await real.Client.GetAsync($"/fr/dev/mail/{Guid.AllBitsSet}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("Authorization", "Bearer zk_0123456789012345678901234567890123456789012")]
    [InlineData("X-API-Key", "nonsense")]
    [InlineData("X-Nothing", "no key at all")]
    public async Task A_door_that_needs_a_permission_answers_401_without_a_known_key(string header, string value)
    {
        await using var site = await ProbeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/probe");
        request.Headers.Add(header, value);
        using var answer = await site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_key_without_the_scope_gets_403_one_with_it_passes_and_its_quota_ends()
    {
        await using var site = await ProbeAsync();
        var keys = site.Get<ApiKeys>();
        var poor = (await keys.MakeAsync(Caller.Program(), new WantedKey("poor", ["probe:read"]))).Value.Secret;
        var rich = (await keys.MakeAsync(Caller.Program(), new WantedKey("rich", ["probe:act"], QuotaPerHour: 3))).Value.Secret;
        async Task<HttpResponseMessage> CallAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/probe");
            request.Headers.Authorization = new AuthenticationHeaderValue("ApiKey", key);
            return await site.Client.SendAsync(request);
        }
        (await CallAsync(poor)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        for (var i = 0; i < 3; i++)
        {
            using var passed = await CallAsync(rich);
            passed.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await passed.Content.ReadAsStringAsync()).ShouldBe("rich");
        }
        using var spent = await CallAsync(rich);
        spent.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        spent.Headers.RetryAfter.ShouldNotBeNull();
    }

    private static Task<TestSite> ProbeAsync() => TestSite.NewAsync(
        doors => doors.Api.MapGet("/probe", (Caller caller) => Results.Text(caller.Name)).Needs("probe.thing.act"),
        parts =>
        {
            parts.AddSingleton(new Permission("probe.thing.act", "Act."));
            parts.AddSingleton(new Permission("probe.thing.read", "Read."));
            parts.AddSingleton(new Scope("probe:act", "Act.", "probe.thing.act"));
            parts.AddSingleton(new Scope("probe:read", "Read.", "probe.thing.read"));
        });

    private static async Task<string> SignInAsync(TestSite site, string email = Email)
    {
        var link = await AskAsync(site, "fr", ("email", email));
        using var pressed = await PostAsync(site, link.AbsolutePath, ("t", TokenOf(link)));
        return CookieOf(pressed);
    }

    /// <summary>Asks for a link and takes it out of the newest mail.</summary>
    private static async Task<Uri> AskAsync(TestSite site, string language, params (string, string)[] fields)
    {
        using var asked = await PostAsync(site, $"/{language}/sign-in", fields.Any(f => f.Item1 == "email") ? fields : [("email", Email), .. fields]);
        asked.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        return await LinkAsync(site);
    }

    private static async Task<Uri> LinkAsync(TestSite site)
    {
        while (await CountAsync<MailRow>(site, m => m.State == MailState.Waiting) > 0)
        {
            await Task.Delay(20);
        }
        var text = MailFolder.Newest(site.Get<DataFolder>(), 1).Single().Text;
        return new Uri(text.Split('\n').First(line => line.Contains("?t=", StringComparison.Ordinal)));
    }

    private static async Task<HttpResponseMessage> AskTooOftenAsync(TestSite site)
    {
        for (var i = 0; i < SignInPages.LinksPerHourMax; i++)
        {
            using var answer = await PostAsync(site, "/fr/sign-in", ("email", "often@example.org"));
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        }
        var last = await PostAsync(site, "/fr/sign-in", ("email", "often@example.org"));
        (await CountAsync<MailRow>(site, m => m.Address == "often@example.org")).ShouldBe(SignInPages.LinksPerHourMax);
        return last;
    }

    private static Task<HttpResponseMessage> PostAsync(TestSite site, string path, params (string, string)[] fields) => PostAsync(site, path, null, fields);

    private static async Task<HttpResponseMessage> PostAsync(TestSite site, string path, string? cookie, params (string, string)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(fields) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        return await site.Client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestSite site, string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return await site.Client.SendAsync(request);
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static string CookieOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static string TokenOf(Uri link) => link.Query[3..];

    private static string Hidden(string page, string name) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);

    private static async Task<int> CountAsync<T>(TestSite site, System.Linq.Expressions.Expression<Func<T, bool>>? which = null)
        where T : class
    {
        await using var store = site.Get<Database>().Open();
        return which is null ? await store.Set<T>().CountAsync() : await store.Set<T>().CountAsync(which);
    }

    [GeneratedRegex("name=\"session\" value=\"([0-9a-f-]{36})\"")]
    private static partial Regex SessionButton();

    [GeneratedRegex("href=\"(/fr/dev/mail/[0-9a-f-]{36})\"")]
    private static partial Regex MailLinkPattern();
}
