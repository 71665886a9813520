using Microsoft.Playwright;

// Tests of the site wait more than they reckon: for browsers, clocks and other processes. On two cores four find time.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Zinneke.Site.Tests.Browser;

/// <summary>One Chromium for all tests of the collection <c>[Collection(TestBrowser.Collection)]</c>; each test opens its own window.</summary>
public sealed class TestBrowser : IAsyncLifetime
{
    public const string Collection = "browser";

    /// <summary>The walk is long: it has a browser of its own, beside all others.</summary>
    public const string WalkCollection = "walk";

    /// <summary>No name but this machine's resolves: nothing is reached, and nothing has to be intercepted, which would switch the browser's cache off.</summary>
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Program is null)
        {
            return; // The tests are skipped, or say themselves what is missing.
        }
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Required, Args = Arguments });
    }

    /// <summary>Opens a window without cookies that reaches nothing but the site.</summary>
    /// <param name="site">Address of the site: relative addresses stand on it, and a request for any other host is an error.</param>
    /// <param name="worker">Whether the site's service worker may start; without it each request is the page's own.</param>
    internal async Task<TestWindow> OpenAsync(Uri site, Screen? screen = null, bool worker = true)
    {
        var look = screen ?? Screen.Phone;
        _ = Chromium.Required;
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = site.ToString(),
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = look.JavaScript,
            ServiceWorkers = worker ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "fr-BE",
            TimezoneId = "Europe/Brussels",
        });
        return await TestWindow.NewAsync(context, site);
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }
        playwright?.Dispose();
    }
}

/// <summary>What somebody looks with.</summary>
/// <param name="Width">CSS pixels.</param>
/// <param name="Height">CSS pixels.</param>
internal sealed record Screen(int Width, int Height, bool Dark = false, bool JavaScript = true)
{
    /// <summary>The smallest that has to work.</summary>
    public static Screen Phone { get; } = new(360, 740);

    public static Screen Desktop { get; } = new(1280, 900);

    public override string ToString() => $"{Width} x {Height}{(Dark ? " dark" : "")}{(JavaScript ? "" : " without JavaScript")}";
}

/// <summary>A window with one page, and what went wrong in it.</summary>
internal sealed class TestWindow : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly Uri site;
    private readonly List<string> troubles = [];
    private string? session;

    private TestWindow(IBrowserContext context, IPage page, Uri site) => (this.context, Page, this.site) = (context, page, site);

    public IPage Page { get; }

    /// <summary>Errors of scripts, refusals by the content security policy, and requests that left the site.</summary>
    public IReadOnlyList<string> Troubles => troubles;

    public static async Task<TestWindow> NewAsync(IBrowserContext context, Uri site)
    {
        var window = new TestWindow(context, await context.NewPageAsync(), site);
        window.Page.PageError += (_, error) => window.troubles.Add($"script error: {error}");
        window.Page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                window.troubles.Add($"console: {message.Text}");
            }
        };
        context.Request += (_, request) =>
        {
            if (new Uri(request.Url) is var to && to.Scheme.StartsWith("http", StringComparison.Ordinal) && to.Authority != site.Authority)
            {
                window.troubles.Add($"request to {request.Url}");
            }
        };
        context.Response += (_, response) =>
        {
            // A form with files, or one that waited for a network, is sent by script and may be refused: its answer is shown in the page.
            if (response.Status >= 400 && !IsNavigation(response.Request) && !(response.Status == 422 && (response.Request.ResourceType == "xhr" || response.Request.Method == "POST")))
            {
                window.troubles.Add($"{response.Status} for {response.Url}");
            }
        };
        return window;
    }

    /// <summary>A page that is gone to, also when a service worker asks for it.</summary>
    private static bool IsNavigation(IRequest request) => request.IsNavigationRequest || request.Headers.ContainsKey("upgrade-insecure-requests");

    /// <summary>Is somebody from now on.</summary>
    /// <param name="cookie">Value of the session cookie; null for nobody.</param>
    public async Task BeAsync(string? cookie)
    {
        if (cookie == session)
        {
            return;
        }
        session = cookie;
        await context.ClearCookiesAsync();
        if (cookie is not null)
        {
            await context.AddCookiesAsync([new() { Name = "zinneke", Value = cookie, Url = site.ToString() }]);
        }
    }

    /// <summary>What went wrong since the last time.</summary>
    public IReadOnlyList<string> TakeTroubles()
    {
        string[] taken = [.. troubles];
        troubles.Clear();
        return taken;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}

[CollectionDefinition(TestBrowser.Collection)]
public sealed class BrowserCollection : ICollectionFixture<TestBrowser>;

[CollectionDefinition(TestBrowser.WalkCollection)]
public sealed class WalkCollection : ICollectionFixture<TestBrowser>;
