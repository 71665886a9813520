using Microsoft.Playwright;
using Zinneke.Kernel;
using Zinneke.Site.Tests.Reports;

namespace Zinneke.Site.Tests.Walk;

/// <summary>Every kind of page, in every state that looks different: one line each. A new page is walked by adding its line.</summary>
internal static class Stops
{
    private const string Here = "lon=4.32&lat=50.85", Border = "lon=4.35&lat=50.87";

    public static async Task<IReadOnlyList<Stop>> OfAsync(WalkCity city, string language) =>
        [.. Site(language), .. await PeopleAsync(city, language), .. Mail(city), .. Filing, .. Reports(city, await city.MineAsync(language)), .. Desk(city), .. Admin(city).Select(stop => stop with { As = city.Administrator })];

    private static IEnumerable<Stop> Site(string language) =>
    [
        new("home", "/"),
        new("accessibility", "/accessibility"),
        new("privacy", "/privacy"),
        new("algorithms", "/algorithms"),
        new("algorithm", "/algorithms/reports.route"),
        new("bodies", "/bodies"),
        new("body, public", "/bodies/west"),
        new("body, public, without anything", "/bodies/region"),
        new("search", "/search"),
        new("search, found", "/search?q=trou"),
        new("search, by body", "/search?body=west&kind=report"),
        new("search, nothing found", "/search?q=zzzz"),
        new("log", "/log"),
        new("data", "/data") { Then = OpenAllAsync },
        new("indicators", "/indicators") { Then = OpenAllAsync },
        new("indicators, asked for no month", "/indicators?from=then"),
        new("indicators of nothing", "/indicators?from=2031-01"),
        new("style", "/style"),
        .. language == Languages.All[0] ? (Stop[])[new("style, dark", "/style?theme=dark")] : [],
        new("not found", "/nowhere"),
        new("asked wrongly", "/reports?bbox=everywhere"),
        new("a bug", "/probe/bug"),
    ];

    private static async Task<IEnumerable<Stop>> PeopleAsync(WalkCity city, string language)
    {
        var (resident, gone) = (await city.ResidentAsync("resident-" + language), await city.ResidentAsync("gone-" + language));
        var link = await city.SignInTokenAsync(language);
        return
        [
            new("forbidden", "/desk/reports") { As = resident },
            new("sign-in", "/sign-in"),
            new("sign-in, refused") { Then = page => SendAsync(page, "email", "nobody") },
            new("sign-in, sent") { Then = page => SendAsync(page, "email", $"new-{language}@example.org") },
            new("sign-in, link", "/sign-in/link?t=" + link),
            new("sign-in, link that opens nothing", "/sign-in/link?t=abcdefghijklmnopqrstuvwxyz"),
            new("sign-in, back to a form in another tab", "/sign-in/back"),
            new("account", "/account") { As = resident },
            new("account, refused", "/account") { As = resident, Then = page => SendAsync(page, "email", "nobody", "form[action$='/account/address']") },
            new("account, address asked", "/account?done=addressAsked") { As = resident },
            new("account, link that opens nothing", "/account/address?t=x") { As = resident },
            new("residence", "/account/residence?return=/") { As = city.Neighbour },
            new("residence, refused") { As = city.Neighbour, Then = page => SendAsync(page, "code", "7K2M", button: "button.primary") },
            new("residence, shown", "/account/residence?done=confirmed") { As = city.Home },
            new("residence, without an address that is theirs", "/account/residence") { As = resident },
            new("residence, back to a form in another tab", "/sign-in/back?done=residence"),
            new("tokens, none", "/account/tokens") { As = resident },
            new("token, new", "/account/tokens/new") { As = city.Officer },
            new("token, refused") { As = city.Officer, Then = page => SendAsync(page, "name", "", button: "button.primary") },
            new("token, made") { As = city.Officer, Then = MakeKeyAsync },
            new("tokens, some", "/account/tokens") { As = city.Officer },
            new("account, erase", "/account/erase") { As = resident },
            new("account, erase without being sure") { As = resident, Then = page => page.ClickAsync("main form button.danger") },
            new("account, erased") { As = resident, Then = EraseAsync },
            new("signed out while sending", "/account/erase") { As = gone, Then = SendSignedOutAsync },
            new("for residents, nobody", "/sign-in") { Then = page => SendToProbeAsync(page, language) },
            new("for residents, not shown", "/sign-in") { As = city.Neighbour, Then = page => SendToProbeAsync(page, language) },
            new("for the identified", "/probe/identified") { As = city.Home },
        ];
    }

    private static IEnumerable<Stop> Mail(WalkCity city) =>
    [
        new("mail, how often", city.Pace()),
        new("mail, chosen") { Then = GoOnAsync },
        new("mail, unknown", "/mail?t=x"),
        new("mails of the demonstration", "/dev/mail"),
        new("mail of the demonstration", city.NewestMail()),
    ];

    private static Stop[] Filing { get; } =
    [
        new("where", "/reports/new"),
        new("where, live", "/reports/new") { Live = true },
        new("where, refused") { Then = GoOnAsync },
        new("where, found") { Then = page => SendAsync(page, "q", "1802", button: "button[name=find]") },
        new("where, addresses to choose") { Then = page => SendAsync(page, "q", "canal", button: "button[name=find]") },
        new("where, address chosen") { Then = page => page.Locator("button[name=choose]").First.ClickAsync() },
        new("streets", "/reports/streets"),
        new("streets of a postcode", "/reports/streets?code=1801"),
        new("where, again", "/reports/new"),
        new("where, not found") { Then = page => SendAsync(page, "q", "zzzz", button: "button[name=find]") },
        new("what", $"/reports/new?{Here}") { Then = GoOnAsync },
        new("what, refused") { Then = page => SubmitAsync(page, "document.querySelector('main form').submit()") },
        new("what, found") { Then = page => SendAsync(page, "q", "hole", button: "button[name=search]") },
        new("what, not found") { Then = page => SendAsync(page, "q", "zzzz", button: "button[name=search]") },
        new("details, with reports nearby", $"/reports/new?{Here}&category=road-hole") { Then = GoOnAsync },
        new("details, at a border", $"/reports/new?{Border}&category=road-hole") { Then = GoOnAsync },
        new("details, in the sea", "/reports/new?lon=2.5&lat=51.6&category=road-hole") { Then = GoOnAsync },
        new("details, with danger and questions", $"/reports/new?{Here}&category=clean-needles") { Then = GoOnAsync },
        new("details, refused") { Then = GoOnAsync },
        new("send", $"/reports/new?{Here}&category=road-hole") { Then = FillDetailsAsync },
        new("send, refused") { Then = page => SendAsync(page, "contact.email", "nobody") },
        new("details, with kept photos") { Then = page => page.Locator("button[name=go][value=details]").First.ClickAsync() },
        new("sent") { Then = async page => { await GoOnAsync(page); await SendAsync(page, "contact.email", "ada@example.org"); } },
        new("send, with contact needed", $"/reports/new?{Here}&category=clean-noise") { Then = async page => { await GoOnAsync(page); await GoOnAsync(page); } },
    ];

    private static IEnumerable<Stop> Reports(WalkCity city, string mine) =>
    [
        new("report, late", $"/reports/{city.Late}"),
        new("report, live", $"/reports/{city.Late}") { Live = true },
        new("report, late, its own", $"/reports/{city.Late}?t={city.TokenOf(city.Late)}"),
        new("report, refused") { Then = page => PressAsync(page, "comment") },
        new("report, asked for what is no action") { Then = page => SubmitAsync(page, "const form = document.querySelector('section.own form'); form.insertAdjacentHTML('beforeend', '<input name=do value=fly>'); form.submit()") },
        new("report, flagged without a reason", $"/reports/{city.Late}") { Then = page => PressAsync(page, "flag") },
        new("report, just flagged", $"/reports/{city.Late}?flagged=1"),
        new("report, resolved", $"/reports/{city.Resolved}"),
        new("report, resolved, its own", $"/reports/{city.Resolved}?t={city.TokenOf(city.Resolved)}"),
        new("report, asked whether it is solved, without an answer") { Then = page => PressAsync(page, "answer") },
        new("report, reopened without a reason", $"/reports/{city.Resolved}") { Then = page => PressAsync(page, "reopen") },
        new("report, withdrawn", $"/reports/{city.Withdrawn}?t={city.TokenOf(city.Withdrawn)}") { Then = WithdrawAsync },
        new("report, with a duplicate", $"/reports/{city.Target}"),
        new("report, merged, its own", $"/reports/{city.Twin}?t={city.TokenOf(city.Twin)}"),
        new("reply, accept", city.ReplyTo(city.Late, "accept")),
        new("reply, reject", city.ReplyTo(city.Late, "reject")),
        new("reply, resolve", city.ReplyTo(city.Late, "resolve")),
        new("reply, plan", city.ReplyTo(city.Late, "plan")),
        new("reply, transfer", city.ReplyTo(city.Late, "transfer")),
        new("reply, decline", city.ReplyTo(city.Late, "decline")),
        new("reply, refused") { Then = GoOnAsync },
        new("offline", "/reports/offline") { Then = OpenAllAsync },
        new("offline, something kept") { Then = page => KeepAsync(page) },
        new("list", "/reports"),
        new("list, live", "/reports") { Live = true },
        new("list, filtered", "/reports?bucket=inProgress&category=road&area=1&text=trou"),
        new("list, of a body and a time", "/reports?body=west&from=2020-01-01&state=assigned,resolved"),
        new("list, asked for no day", "/reports?from=then"),
        new("list, empty", "/reports?text=zzzz"),
        new("mine, asked for", "/reports/mine"),
        new("mine, refused") { Then = page => SendAsync(page, "email", "nobody", button: "button.primary") },
        new("mine, sent", "/reports/mine?done=asked"),
        new("mine, link that opens nothing", "/reports/mine/link?t=abcdefghijklmnopqrstuvwxyz"),
        new("mine, link", mine),
        new("mine, by link") { Then = GoOnAsync },
        new("mine, erase") { Then = page => page.Locator("a[href*='/mine/erase']").First.ClickAsync() },
        new("mine, erase without being sure") { Then = page => page.ClickAsync("main form button.danger") },
        new("heat", "/reports/heat"),
        new("heat, live", "/reports/heat?category=road") { Live = true },
        new("heat of nothing", "/reports/heat?from=2030-01-01"),
        new("figures", "/reports/statistics"),
        new("figures, filtered", "/reports/statistics?category=road&from=2024-01"),
        new("figures of nothing", "/reports/statistics?from=2030-01"),
        new("report, followed without an address", $"/reports/{city.Late}") { Then = page => PressAsync(page, "follow") },
        new("follow", "/reports/follow?area=1&category=road"),
        new("follow, refused") { Then = GoOnAsync },
        new("follow, around a place", "/reports/follow?around=1"),
        new("follow, live", "/reports/follow?around=1") { Live = true },
        new("follow, sent") { Then = page => SendAsync(page, "email", "ada@example.org") },
        new("follow, link", city.Following),
        new("follow, confirmed") { Then = GoOnAsync },
        new("follow, link that opens nothing", "/reports/follow/confirm?t=x"),
    ];

    private static IEnumerable<Stop> Desk(WalkCity city) =>
    [
        new("inbox", "/desk/reports") { As = city.Officer },
        new("inbox, everything", "/desk/reports?state=all&sort=oldest&overdue=true") { As = city.Reader },
        new("inbox, filtered to nothing", "/desk/reports?text=zzzz") { As = city.Officer },
        new("inbox, flagged by readers", "/desk/reports?flagged=true") { As = city.Officer },
        new("inbox, empty", "/desk/reports") { As = city.Idle },
        new("rounds", "/desk/reports/rounds") { As = city.Officer },
        new("rounds, none", "/desk/reports/rounds") { As = city.Idle },
        new("round, new", $"/desk/reports/rounds/new?report={city.Late}") { As = city.Officer, Then = OpenAllAsync },
        new("round, new, refused", $"/desk/reports/rounds/new?report={city.Late}") { As = city.Officer, Then = page => SendAsync(page, "name", "", button: "button.primary") },
        new("round, nothing ticked", "/desk/reports/rounds/new") { As = city.Officer },
        new("round", $"/desk/reports/rounds/{city.Round}") { As = city.Officer, Then = OpenAllAsync },
        new("possible duplicates", "/desk/reports/duplicates") { As = city.Officer },
        new("possible duplicates, nothing chosen") { As = city.Officer, Then = MergeNothingAsync },
        new("possible duplicates, none", "/desk/reports/duplicates") { As = city.Idle },
        new("officer", $"/desk/reports/{city.Late}") { As = city.Officer, Then = OpenAllAsync },
        new("officer, with a duplicate", $"/desk/reports/{city.Target}") { As = city.Officer, Then = OpenAllAsync },
        new("officer, merged", $"/desk/reports/{city.Twin}") { As = city.Officer, Then = OpenAllAsync },
        new("officer, refused", $"/desk/reports/{city.Late}") { As = city.Officer, Then = page => PressAsync(page, "decline") },
        new("officer, sender blocked", $"/desk/reports/{city.Abusive}") { As = city.Officer, Then = OpenAllAsync },
        new("officer, sender not blocked without a reason") { As = city.Officer, Then = async page => { await OpenAllAsync(page); await page.ClickAsync("main form[action$='/blocks'] button"); } },
        new("blocked senders", "/desk/reports/blocks") { As = city.Officer },
        new("blocked senders, none", "/desk/reports/blocks") { As = city.Idle },
        new("officer, resolved", $"/desk/reports/{city.Resolved}") { As = city.Officer },
        new("officer, a photo to blacken", $"/desk/reports/{city.Late}") { As = city.Officer, Then = async page => { await OpenAllAsync(page); await page.Locator("a[href*='/photos/']").First.ClickAsync(); } },
        new("officer, a photo, refused") { As = city.Officer, Then = async page => { await OpenAllAsync(page); await SendAsync(page, "left", "200", button: "button.small"); } },
        new("officer, another category", $"/desk/reports/{city.Late}/recategorise") { As = city.Officer },
        new("officer, another category, found", $"/desk/reports/{city.Late}/recategorise?q=hole") { As = city.Officer },
        new("officer, another category, refused", $"/desk/reports/{city.Late}/recategorise?category=nothing") { As = city.Officer },
        new("officer, another category, what would change", $"/desk/reports/{city.Late}/recategorise?category=clean-needles") { As = city.Officer },
        new("officer, another place", $"/desk/reports/{city.Late}/move") { As = city.Officer },
        new("officer, another place, what would change", $"/desk/reports/{city.Late}/move?lon=4.37&lat=50.85") { As = city.Officer },
        new("audit", $"/desk/reports/{city.Resolved}/audit") { As = city.Auditor },
        new("officer, nothing to do", $"/desk/reports/{city.Late}") { As = city.Reader },
    ];

    private static IEnumerable<Stop> Admin(WalkCity city) =>
    [
        new("settings", "/admin"),
        new("people", "/admin/people"),
        new("people, nobody found", "/admin/people?q=zzzz"),
        new("person", "/admin/people?q=agent") { Then = page => page.Locator("main table a").First.ClickAsync() },
        new("person, role to be withdrawn") { Then = page => page.Locator("main table a").First.ClickAsync() },
        new("role", "/admin/people/new") { Then = OpenAllAsync },
        new("role, refused", "/admin/people/new") { Then = page => SendAsync(page, "email", "nobody", button: "button.primary") },
        new("letters", "/admin/invitations"),
        new("letters, new", "/admin/invitations/new"),
        new("letters, refused", "/admin/invitations/new") { Then = page => SendAsync(page, "count", "0", button: "button.primary") },
        new("letters, one list", city.Letters) { Then = OpenAllAsync },
        new("letters, refused to be revoked", city.Letters) { Then = page => SendAsync(page, "number", "999999", button: "button.danger") },
        new("keys", "/admin/keys"),
        new("key, new", "/admin/keys/new"),
        new("key, refused", "/admin/keys/new") { Then = page => SendAsync(page, "name", "", button: "button.primary") },
        new("key, made", "/admin/keys/new") { Then = MakeKeyAsync },
        new("keys, some", "/admin/keys"),
        new("key") { Then = page => page.ClickAsync("main table a") },
        new("who did what", "/admin/audit") { Then = OpenAllAsync },
        new("who did what, of one thing", "/admin/audit?kind=report&type=reports.report.resolved"),
        new("who did what, by nobody known", "/admin/audit?actor=zzzz"),
        new("who did what, nothing found", "/admin/audit?to=2000-01-01"),
        new("bodies", "/admin/bodies"),
        new("bodies, nothing sent") { Then = page => page.Locator("main form button.primary").ClickAsync() },
        new("bodies, a faulty file", "/admin/bodies") { Then = page => UploadAsync(page, "{\"bodies\":[{\"id\":\"west\"}]}") },
        new("bodies, a file that says the same", "/admin/bodies/check?edition=1"),
        new("bodies, put in force", "/admin/bodies?done=1"),
        new("body", "/admin/bodies/west") { Then = OpenAllAsync },
        new("body, refused", "/admin/bodies/west") { Then = page => SendAsync(page, "names.de", "", button: "button.primary") },
        new("body, new", "/admin/bodies/new"),
        new("areas", "/admin/areas"),
        new("areas, sought", "/admin/areas?q=west"),
        new("areas, nothing found", "/admin/areas?q=zzzz"),
        new("area", "/admin/areas/area?id=1"),
        new("area, refused", "/admin/areas/area?id=1") { Then = page => SendAsync(page, "postcodes", "a b", button: "button.primary") },
        new("area, to begin a period", "/admin/areas/area?id=2") { Then = BeginPeriodAsync },
        new("area, to be taken back", "/admin/areas/area?id=2&from=2041-01-01"),
        new("categories", "/admin/categories"),
        new("categories, a file that would change them", "/admin/categories") { Then = page => UploadAsync(page, TwoTowns.CategoriesFile("Nid-de-poule")) },
        new("category", "/admin/categories/clean-dump"),
        new("rules", "/admin/rules"),
        new("rules, tried", "/admin/rules/try"),
        new("rules, tried, refused") { Then = page => SendAsync(page, "points", "nowhere", button: "button.primary") },
        new("rules, tried, found") { Then = async page => { await SendAsync(page, "points", "4.3501 50.85 road-hole\n2.5, 51.6, clean-dump", button: "button.primary"); await OpenAllAsync(page); } },
        new("rules, a file that would send reports elsewhere", "/admin/rules") { Then = page => UploadAsync(page, TwoTowns.RulesFile("region")) },
        new("rule", "/admin/rules/municipality") { Then = OpenAllAsync },
        new("rule, to be removed", "/admin/rules/municipality?remove=1"),
        new("rule, that cannot be removed") { Then = page => page.ClickAsync("main form button.danger") },
        new("answers", "/admin/answers"),
        new("answer", "/admin/answers/resolved"),
        new("words", "/admin/words"),
        new("texts", "/admin/texts"),
        new("texts, sought", "/admin/texts?q=reports.track"),
        new("text, of the program", "/admin/texts/new?key=reports.track.title") { Then = OpenAllAsync },
        new("holidays", "/admin/holidays"),
    ];

    /// <summary>The first language begins a period; those after it find it begun, and are refused.</summary>
    private static async Task BeginPeriodAsync(IPage page)
    {
        await page.Locator("input[name=how][value=from]").CheckAsync();
        await page.Locator("input[name=from]").FillAsync("2041-01-01");
        await SendAsync(page, "postcodes", "1803", button: "button.primary");
    }

    private static async Task MakeKeyAsync(IPage page)
    {
        await page.Locator("[name=scopes]").First.CheckAsync();
        await SendAsync(page, "name", "Field app", button: "button.primary");
    }

    private static async Task UploadAsync(IPage page, string file)
    {
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "list.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(file) });
        var before = await page.Locator("h1").TextContentAsync();
        await page.Locator("main form button.primary").ClickAsync();
        await page.WaitForFunctionAsync("before => document.querySelector('h1') !== null && document.querySelector('h1').textContent !== before", before);
    }

    private static async Task KeepAsync(IPage page)
    {
        await page.Locator("select[name=category]").SelectOptionAsync("road-hole");
        await page.Locator("input[name=lon]").FillAsync("4.32");
        await page.Locator("input[name=lat]").FillAsync("95"); // Refused: says why.
        await page.Locator("textarea[name=description]").FillAsync("Trou devant l’école");
        await page.Locator("main form button.primary").ClickAsync();
        await page.Locator("ul.drafts > li[data-state=refused]").First.WaitForAsync();
    }

    private static Task GoOnAsync(IPage page) => page.Locator("main form button.primary").Last.ClickAsync();

    private static async Task SendAsync(IPage page, string field, string words, string form = "main form", string? button = null)
    {
        var around = page.Locator(form).First;
        await around.Locator($"[name='{field}']").FillAsync(words);
        await around.Locator(button ?? "button:not(.first):not([name=go])").Last.ClickAsync();
    }

    private static async Task FillDetailsAsync(IPage page)
    {
        await GoOnAsync(page);
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = Pictures.WithMetadata(Pictures.Jpeg(640, 480), 6) });
        await page.Locator("textarea[name=description]").FillAsync("Trou profond. Appelez-moi au 0470 12 34 56.");
        await GoOnAsync(page);
    }

    private static async Task EraseAsync(IPage page)
    {
        await page.CheckAsync("main form input[type=checkbox]");
        await page.ClickAsync("main form button.danger");
    }

    private static async Task SendSignedOutAsync(IPage page)
    {
        await page.Context.ClearCookiesAsync();
        await page.ClickAsync("main form button.danger");
    }

    private static Task SendToProbeAsync(IPage page, string language) =>
        SubmitAsync(page, $"const form = document.querySelector('main form'); form.action = '/{language}/probe/vote'; form.submit()");

    private static async Task MergeNothingAsync(IPage page)
    {
        var group = page.Locator("main section form").First;
        foreach (var tick in await group.Locator("input[name=merge]").AllAsync())
        {
            await tick.UncheckAsync();
        }
        await group.Locator("button").ClickAsync();
    }

    private static async Task WithdrawAsync(IPage page)
    {
        if (await page.Locator("button[name=do][value=withdraw]").CountAsync() > 0)
        {
            await PressAsync(page, "withdraw");
        }
    }

    /// <summary>Presses a button that may stand folded.</summary>
    private static Task PressAsync(IPage page, string does) => SubmitAsync(page, $"const button = document.querySelector('button[name=do][value={does}]'); button.form.requestSubmit(button)");

    /// <summary>Runs a script that leaves the page, and waits for the next.</summary>
    private static async Task SubmitAsync(IPage page, string script)
    {
        await page.EvaluateAsync($"() => {{ window.before = true; {script}; }}");
        await page.WaitForFunctionAsync("() => window.before === undefined && document.readyState === 'complete'");
    }

    /// <summary>Everything that stands folded, unfolded.</summary>
    private static async Task OpenAllAsync(IPage page) => await page.EvaluateAsync("for (const one of document.querySelectorAll('details')) one.open = true");
}
