using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Reports;

/// <summary>An officer at work: signs in with the link in a mail, finds a report in the inbox, and acts by the forms of its page. Also without JavaScript.</summary>
internal sealed class OfficerWindow(TestSite site, TestWindow window, string language) : IAsyncDisposable
{
    private IPage Page => window.Page;

    /// <summary>What went wrong on the way.</summary>
    public IReadOnlyList<string> Troubles => window.Troubles;

    /// <summary>Somebody gets a role, as by <c>user add</c>, and signs in from the inbox that the session does not open yet.</summary>
    public static async Task<OfficerWindow> EnterAsync(TestSite site, TestWindow window, string language, string body)
    {
        var email = $"officer@{body}.example.org";
        var given = await site.Get<Accounts>().GiveRoleAsync(Caller.Program(), email, "Ada", new WantedRole(BuiltInRoles.Officer, body), (_, _) => Task.CompletedTask);
        given.Refusal.ShouldBeNull();
        var page = window.Page;
        await page.GotoAsync($"/{language}/desk/reports");
        await page.Locator("main input[name=email]").FillAsync(email);
        await page.Locator("main button.primary").ClickAsync();
        await page.WaitForURLAsync("**/sign-in/sent");
        var letter = await Letters.WaitAsync(site, email, _ => true);
        letter.Language.ShouldBe(language);
        await page.GotoAsync(letter.Link("/sign-in/link"));
        await page.Locator("main button.primary").ClickAsync();
        await page.WaitForURLAsync($"**/{language}/desk/reports");
        return new OfficerWindow(site, window, language);
    }

    public async Task OpenAsync(string number)
    {
        await Page.Locator($"main tbody a[href$='/{number}']").ClickAsync();
        await Page.WaitForURLAsync($"**/{language}/desk/reports/{number}");
    }

    /// <summary>Unfolds the form of an action, fills it and sends it.</summary>
    /// <param name="becomes">The state that the page then shows.</param>
    public async Task ActAsync(string action, string becomes, Func<ILocator, Task>? fill = null)
    {
        var form = await UnfoldAsync(action);
        await (fill?.Invoke(form) ?? Task.CompletedTask);
        await form.Locator($"button[name=do][value={action}]").ClickAsync();
        await Assertions.Expect(Page.Locator("main p.standing .tag").First).ToHaveTextAsync(site.Get<Words>().In(language, "reports.state." + becomes));
    }

    /// <summary>Takes a ready answer: the page comes back with its words in the fields of each language.</summary>
    public async Task<ILocator> TakeAnswerAsync(ILocator form, string action, string answer)
    {
        await form.Locator("select[name=answer]").SelectOptionAsync(answer);
        await form.Locator("button[name=fill]").ClickAsync();
        var filled = await UnfoldAsync(action);
        await Assertions.Expect(filled.Locator($"textarea[name='text.{language}']")).Not.ToHaveValueAsync("");
        return filled;
    }

    public ValueTask DisposeAsync() => window.DisposeAsync();

    private async Task<ILocator> UnfoldAsync(string action)
    {
        var around = Page.Locator($"main details:has(> div > form button[name=do][value={action}])");
        if (await around.GetAttributeAsync("open") is null)
        {
            await around.Locator("summary").First.ClickAsync();
        }
        return around.Locator("form");
    }
}
