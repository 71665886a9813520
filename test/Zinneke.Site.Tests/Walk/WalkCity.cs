using Microsoft.AspNetCore.Builder;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Walk;

/// <summary>The two towns after a while: something to see on every page, with the longest words that people write.</summary>
public sealed class WalkCity : IAsyncLifetime
{
    private const string Streets = """
        street_fr,street_nl,number,postcode,municipality,lon,lat,approximate
        Rue du Canal,Kanaalstraat,,1801,Ouest,4.34,50.85,true
        Quai du Canal,Kanaalkaai,12,1801,Ouest,4.33,50.85,
        """;

    private const int Many = 24; // More than a page of the list.

    private static readonly string[] Said =
    [
        "Trou profond devant l’école.\nLes enfants le contournent par la chaussée.",
        "Een put van Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft https://example.org/" + new string('x', 90),
        "", "<b>Loch</b> & \"Pfütze\"",
    ];

    internal TestSite Site { get; private set; } = null!;

    /// <summary>Session of somebody who works for West.</summary>
    internal string Officer { get; private set; } = "";

    /// <summary>Session of somebody who may change every setting.</summary>
    internal string Administrator { get; private set; } = "";

    /// <summary>Session of somebody who sees everything and does nothing.</summary>
    internal string Reader { get; private set; } = "";

    /// <summary>Session of somebody who sees who did what.</summary>
    internal string Auditor { get; private set; } = "";

    /// <summary>Session of somebody whose body has nothing to do.</summary>
    internal string Idle { get; private set; } = "";

    /// <summary>A report with photos, words and contact, open and late.</summary>
    internal string Late { get; private set; } = "";

    internal string Resolved { get; private set; } = "";

    /// <summary>A report into which <see cref="Twin"/> is merged.</summary>
    internal string Target { get; private set; } = "";

    internal string Twin { get; private set; } = "";

    internal string Withdrawn { get; private set; } = "";

    /// <summary>A report whose sender is blocked.</summary>
    internal string Abusive { get; private set; } = "";

    /// <summary>Id of a round of West, with a stop that is solved.</summary>
    internal Guid Round { get; private set; }

    /// <summary>The private link's secret.</summary>
    internal string TokenOf(string number) => tokens[number];

    private readonly Dictionary<string, string> tokens = [];
    private DeskCity people = null!;

    public async Task InitializeAsync()
    {
        Site = await TestSite.NewAsync(
            doors => doors.Pages.MapGet("/probe/bug", string () => throw new InvalidOperationException("a bug")).Public(),
            settings: [(KernelSettings.Quota, "off"), (KernelSettings.Demo, "true")]);
        await TwoTowns.FoundAsync(Site);
        await Site.Get<ImportAddresses>().RunAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Streets)), "streets", Actor.System, default);
        people = new DeskCity(Site.Services);
        await LiveAsync();
        (Officer, Reader, Idle) = (await people.SignInAsync("agent", "west"), await people.SignInAsync("reader", "region"), await people.SignInAsync("agent", "east"));
        Administrator = await people.SignInAsync("administrator", null);
        Auditor = await people.SignInAsync("auditor", "region");
        await SettleResidentsAsync();
        await Site.SettleAsync();
        const string follower = "follower@example.org";
        (await Site.PostAsync("/api/v1/reports/subscriptions", $$"""{"email":"{{follower}}","area":"1","lang":"fr"}""")).Status.ShouldBe(System.Net.HttpStatusCode.Accepted);
        Following = (await Reports.Letters.WaitAsync(Site, follower, _ => true)).Link("confirm")["/fr".Length..];
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    /// <summary>Session of somebody known by e-mail who has not shown where they live.</summary>
    internal string Neighbour { get; private set; } = "";

    /// <summary>Session of somebody who has.</summary>
    internal string Home { get; private set; } = "";

    /// <summary>Path of a list of letters, without the language.</summary>
    internal string Letters { get; private set; } = "";

    private async Task SettleResidentsAsync()
    {
        var made = (await Site.Get<Invitations>().MakeAsync(Caller.Program(), new WantedInvitations("west", 120, ["1801", "1802"]))).Value;
        Letters = $"/admin/invitations/{made.List.Id}";
        (Neighbour, Home) = (await KnownAsync("neighbour@example.org"), await KnownAsync("home@example.org"));
        var person = (await Site.Get<Callers>().OfSessionAsync(Home, "fr"))!;
        (await Site.Get<Residences>().ConfirmAsync(person, "1801", made.Codes[0])).Refusal.ShouldBeNull();
    }

    private async Task<string> KnownAsync(string email)
    {
        var token = "";
        await Site.Get<Writer>().DoAsync(Actor.Anonymous, async unit => token = (await SignIn.NewLinkAsync(unit, email, "fr", null))!);
        return (await Site.Get<SignIn>().UseAsync(token, "test", null)).Value.Cookie;
    }

    /// <summary>Session of somebody new.</summary>
    internal Task<string> ResidentAsync(string name) => people.SignInAsync("resident", null, name: name);

    /// <summary>A link to sign in with, as a mail brings it.</summary>
    internal async Task<string> SignInTokenAsync(string language)
    {
        var token = "";
        await Site.Get<Writer>().DoAsync(Actor.Anonymous, async unit =>
        {
            token = (await SignIn.NewLinkAsync(unit, $"{language}@example.org", language, $"/{language}/reports/new"))!;
        });
        return token;
    }

    /// <summary>Path of the private link in the mail to a body, without the language.</summary>
    internal string ReplyTo(string number, string does)
    {
        using var store = Site.Get<Database>().Open();
        var report = store.Set<Report>().Single(r => r.Number == number);
        return Site.Get<ReplyLink>().PathOf(report, "west", does, "fr")["/fr".Length..];
    }

    /// <summary>Path of the page behind "choose how often" under a mail, without the language.</summary>
    internal string Pace() => $"/mail?t={Site.Get<Mails>().PaceToken("ada@example.org", new Subject("report", Guid.Empty))}";

    /// <summary>Path of the link with which somebody confirms that they follow a place, without the language.</summary>
    internal string Following { get; private set; } = "";

    /// <summary>Path of the link that opens once somebody's own reports, without the language.</summary>
    internal async Task<string> MineAsync(string language)
    {
        var email = $"mine-{language}@example.org";
        await Site.FileAsync(ReportCalls.Hole().With("contact", new System.Text.Json.Nodes.JsonObject { ["email"] = email }));
        (await Site.Get<Zinneke.Reports.MineAccess>().AskAsync(email, language, default)).Ok.ShouldBeTrue();
        return (await Reports.Letters.WaitAsync(Site, email, letter => letter.Raw.Contains("/reports/mine/link", StringComparison.Ordinal))).Link("/reports/mine/link")[$"/{language}".Length..];
    }

    /// <summary>Path of the newest mail of the demonstration, without the language.</summary>
    internal string NewestMail()
    {
        var until = DateTime.UtcNow.AddSeconds(20);
        while (DateTime.UtcNow < until)
        {
            if (MailFolder.Newest(Site.Get<DataFolder>(), 1) is [var newest])
            {
                return $"/dev/mail/{newest.Id:D}";
            }
            Thread.Sleep(50);
        }
        throw new TimeoutException("no mail was sent");
    }

    private async Task LiveAsync()
    {
        var agent = await people.CallerAsync("agent", "west");
        Late = await FileAsync(0, Pictures.Jpeg(640, 480), Pictures.Png(480, 640));
        Resolved = await FileAsync(1, Pictures.Webp(320, 240));
        Withdrawn = await FileAsync(2);
        await people.ActAsync(Resolved, "accept", agent);
        await people.ActAsync(Resolved, "plan", agent, new ActionRequest { PlannedFrom = Site.Clock.GetUtcNow().AddDays(2), PlannedTo = Site.Clock.GetUtcNow().AddDays(3), Text = Text.Of("fr", "L’équipe passe jeudi.") });
        await people.ActAsync(Resolved, "note", agent, new ActionRequest { Text = Text.Of("fr", "Prévenir l’école.") });
        await people.ActAsync(Resolved, "start", agent);
        await people.ActAsync(Resolved, "resolve", agent, new ActionRequest { Text = Text.Of("fr", "Le trou est bouché.") });
        await people.ActAsync(Late, "accept", agent);
        var (first, second) = (await FileAsync(5), await FileAsync(6, Pictures.Jpeg(640, 480)));
        Round = (await Site.Get<MakeRound>().RunAsync(new NewRound([Late, first, second], "Tournée de la Chaussée de la Compagnie-des-Chemins-de-fer-économiques", Site.Clock.GetUtcNow().AddDays(1).ToMicros(), 15, "", Back: true, UrgentFirst: true), agent, default)).Value;
        await people.ActAsync(first, "resolve", agent, new ActionRequest { Text = Text.Of("fr", "Le trou est bouché.") });
        await Site.PostAsync($"/api/v1/reports/{Late}/flags", """{"what":"text","reason":"abusive"}""");
        Abusive = (await Site.PostAsync("/api/v1/reports", ReportCalls.Hole(4.34).ToJsonString(), null, "fr", ("Zinneke-Device", "telephone"))).Json.GetProperty("number").GetString()!;
        (await Site.Get<BlockSender>().RunAsync(Abusive, new BlockRequest { By = SentFrom.OfDevice, Reason = "abusive" }, new Acting(agent, false), default)).Refusal.ShouldBeNull();
        Target = await FileAsync(3);
        Twin = await FileAsync(3, Pictures.Jpeg(640, 480));
        await people.ActAsync(Twin, "merge", agent, new ActionRequest { Target = Target });
        Site.Clock.Advance(TimeSpan.FromDays(12));
        for (var i = 0; i < Many; i++)
        {
            await FileAsync(i);
        }
    }

    private async Task<string> FileAsync(int nth, params byte[][] photos)
    {
        var report = ReportCalls.Hole(4.32 + nth % 8 * 0.002, 50.85 + nth / 8 * 0.002, Languages.All[nth % 4])
            .With("description", Said[nth % 4]).With("address", nth % 3 == 0 ? null : $"Chaussée de la Compagnie-des-Chemins-de-fer-économiques {nth}")
            .With("contact", new System.Text.Json.Nodes.JsonObject { ["email"] = "ada@example.org", ["name"] = "Ada", ["phone"] = "+32 470 00 00 00" });
        var answered = await Site.PostPhotosAsync("/api/v1/reports", report, "fr", photos);
        var number = answered.Json.GetProperty("number").GetString()!;
        tokens[number] = answered.Json.GetProperty("trackToken").GetString()!;
        return number;
    }
}
