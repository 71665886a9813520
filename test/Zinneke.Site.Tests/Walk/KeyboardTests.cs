using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Walk;

/// <summary>The main way with the keyboard alone: a report is filed by a resident and accepted by an officer, and one always sees where one is.</summary>
[Collection(TestBrowser.Collection)]
public class KeyboardTests(TestBrowser browser, WalkCity city) : IClassFixture<WalkCity>
{
    private const int PressesMax = 80;

    /// <summary>What has the focus: whether it is what was looked for, and what is wrong with how it shows that it has.</summary>
    private const string Focused = """
        (wanted) => {
          const one = document.activeElement;
          const seen = one.closest("label") ?? one;
          const [ring, box] = [getComputedStyle(one), seen.getBoundingClientRect()];
          const outlined = (style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none";
          const name = one.outerHTML.slice(0, 120);
          const faults = [];
          if (one === document.body) faults.push("the focus is nowhere");
          else {
            if (!outlined(ring) && !outlined(getComputedStyle(seen))) faults.push(`no ring: ${name}`);
            if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push(`out of sight: ${name}`);
          }
          return { there: one.matches(wanted), faults };
        }
        """;

    private readonly List<string> faults = [];

    [BrowserFact]
    public async Task A_report_is_filed_and_accepted_without_a_mouse()
    {
        await using var window = await browser.OpenAsync(city.Site.Address);
        var page = window.Page;
        await page.GotoAsync("/fr/");
        await TabToAsync(page, ".skip");
        await EnterAsync(page);
        await TabToAsync(page, "input[name=q]");
        await page.Keyboard.TypeAsync("1801");
        await EnterAsync(page, "input[name=step][value=where]");
        await page.Locator("zn-map[ready]").WaitForAsync(new() { Timeout = 60_000 });
        await TabToAsync(page, "zn-map canvas");
        await TabToAsync(page, "main form details summary");
        await EnterAsync(page);
        await TabToAsync(page, "input[name=lat]");
        await page.Keyboard.TypeAsync("50.86");
        await TabToAsync(page, "input[name=lon]");
        await page.Keyboard.TypeAsync("4.33");
        await TabToAsync(page, "main button.primary");
        await EnterAsync(page, "input[name=step][value=what]");
        await TabToAsync(page, "input[name=q]");
        await page.Keyboard.TypeAsync("trou");
        await EnterAsync(page, ".leaves");
        await TabToAsync(page, ".leaves button[value=road-hole]");
        await EnterAsync(page, "input[name=step][value=details]");
        await TabToAsync(page, "textarea[name=description]");
        await page.Keyboard.TypeAsync("Un trou");
        await TabToAsync(page, "main button.primary");
        await EnterAsync(page, "input[name=step][value=send]");
        await TabToAsync(page, "input[name='contact.email']");
        await page.Keyboard.TypeAsync("ada@example.org");
        await EnterAsync(page, ".confirmation .number");
        var number = new Uri(page.Url).Segments[^1];

        await window.BeAsync(city.Officer);
        await page.GotoAsync("/fr/desk/reports?sort=newest");
        await page.Keyboard.PressAsync("j");
        await EnterAsync(page, ".standing");
        page.Url.ShouldEndWith(number);
        await TabToAsync(page, "main details:has(button[value=accept]) summary");
        await EnterAsync(page);
        await TabToAsync(page, "button[name=do][value=accept]");
        await EnterAsync(page);
        await Assertions.Expect(page.Locator(".standing .tag")).ToHaveTextAsync(city.Site.Get<Words>().In("fr", "reports.state.accepted"));
        faults.ShouldBeEmpty();
        window.Troubles.ShouldBeEmpty();
    }

    /// <summary>Presses Tab until the focus is there, and looks at it on the way.</summary>
    private async Task TabToAsync(IPage page, string wanted)
    {
        for (var pressed = 0; pressed < PressesMax; pressed++)
        {
            await page.Keyboard.PressAsync("Tab");
            var now = await page.EvaluateAsync<Seen>(Focused, wanted);
            faults.AddRange(now.Faults);
            if (now.There)
            {
                return;
            }
        }
        throw new TimeoutException($"Tab does not lead to {wanted} on {page.Url}");
    }

    /// <param name="comes">What the next page has; null when the page stays.</param>
    private static async Task EnterAsync(IPage page, string? comes = null)
    {
        await page.Keyboard.PressAsync("Enter");
        if (comes is not null)
        {
            await page.Locator(comes).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await page.WaitForLoadStateAsync();
        }
    }

    private sealed record Seen
    {
        public bool There { get; init; }

        public string[] Faults { get; init; } = [];
    }
}
