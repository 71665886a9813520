using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Signing in by a link in a mail. Whether an address has an account is never told: asking answers the same, and the account is made when the link is used.</summary>
public static class SignInPages
{
    /// <summary>Notice of the mail with the link.</summary>
    internal const string Notice = "ui.mail.signIn";

    /// <summary>Where a form that waits for its person shows itself again in another language.</summary>
    internal const string Unsent = "/sign-in/unsent";
    private static readonly RateLimit Asking = new("sign-in", new Quota(10, TimeSpan.FromMinutes(10)), new Quota(30, TimeSpan.FromHours(1))) { LastWaits = TimeSpan.FromSeconds(2) };

    /// <summary>Links that one client has sent to one address within an hour; further requests are answered the same and send nothing.</summary>
    public const int LinksPerHourMax = 5;
    private static readonly RateLimit SameAddress = new("sign-in-address", new Quota(LinksPerHourMax, TimeSpan.FromHours(1)));
    private static readonly RateLimit Using = new("sign-in-link", new Quota(60, TimeSpan.FromMinutes(10))) { LastWaits = TimeSpan.FromSeconds(2) };

    internal static void MapSignIn(this RouteGroupBuilder pages)
    {
        pages.MapGet("/sign-in", ([FromQuery(Name = "return")] string? back, HttpContext http) => Page<SignInPage>(new { Return = back }, 200, http)).Public();
        pages.MapPost("/sign-in", AskAsync).Public().Limited(Asking);
        pages.MapGet("/sign-in/sent", (HttpContext http) => Page<SignInSentPage>(new { }, 200, http)).Public();
        pages.MapGet("/sign-in/back", (string? done, HttpContext http) => Page<SignInBackPage>(new { Residence = done == "residence" }, 200, http)).Public();
        pages.MapPost(Unsent, ShowUnsentAsync).Public();
        pages.MapGet("/sign-in/link", ShowAsync).Public().Limited(Using);
        pages.MapPost("/sign-in/link", UseAsync).Public().Limited(Using);
        pages.MapPost("/sign-out", SignOutAsync).Public();
    }

    private static async Task<IResult> AskAsync(
        [FromForm] string? email, [FromForm(Name = "return")] string? back,
        HttpContext http, Writer writer, Mails mails, SiteAddress site, Words words, CancellationToken cancellation)
    {
        if (!EmailAddress.Read(email).Is(out var address, out var malformed))
        {
            return Page<SignInPage>(new { Email = email, Return = back, Refusal = malformed }, 422, http);
        }
        if (!http.Passes(SameAddress, address))
        {
            return new SeeOther($"/{http.Language()}/sign-in/sent");
        }
        var language = http.Language();
        var asked = await writer.DoAsync<Done>(Actor.Anonymous, async unit =>
        {
            if (await SignIn.NewLinkAsync(unit, address, language, back) is { } token)
            {
                var link = new MailLink(words["ui.mail.signIn.button"], SignIn.UrlOf(site, language, token));
                await mails.PostAsync(unit, new Message(Notice, $"{Notice}:{unit.NextId()}", address, language) { Links = [link] }, cancellation);
            }
            return default(Done);
        }, cancellation);
        return asked.Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{language}/sign-in/sent");
    }

    /// <summary>Opening the link changes nothing: programs that scan mail open links too.</summary>
    private static async Task<IResult> ShowAsync([FromQuery] string? t, SignIn signIn, HttpContext http, CancellationToken cancellation)
    {
        var link = await signIn.PeekAsync(t, cancellation);
        return Page<SignInLinkPage>(new { Link = link, Token = t }, link is null ? StatusCodes.Status410Gone : 200, http);
    }

    private static async Task<IResult> UseAsync([FromForm] string? t, SignIn signIn, Caller caller, HttpContext http, CancellationToken cancellation)
    {
        var used = await signIn.UseAsync(t, SessionCookie.DeviceOf(http.Request), caller.Session, http.Language(), cancellation);
        if (!used.Is(out var signedIn, out _))
        {
            return Page<SignInLinkPage>(new { }, StatusCodes.Status410Gone, http);
        }
        SessionCookie.Set(http, signedIn.Cookie);
        return new SeeOther(signedIn.ReturnPath);
    }

    private static async Task<IResult> ShowUnsentAsync([FromQuery] string? to, [FromQuery] bool? files, [FromQuery] string? reason, HttpContext http)
    {
        var unsent = ReturnPath.IsLocal(to) ? await UnsentForm.ReadAsync(http) : null;
        return unsent is null
            ? new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem()
            : Page<UnsentFormPage>(new { Unsent = unsent with { MayHaveFiles = files == true }, To = RequestLanguage.In(to!, http.Language()), Reason = reason }, 200, http);
    }

    private static async Task<IResult> SignOutAsync(Accounts accounts, Caller caller, HttpContext http, CancellationToken cancellation)
    {
        if (caller.Session is { } session)
        {
            await accounts.EndSessionAsync(caller, session, cancellation);
        }
        SessionCookie.Clear(http);
        return new SeeOther($"/{http.Language()}/");
    }

    /// <summary>A page that holds something of one person alone: never kept by a cache.</summary>
    internal static RazorComponentResult<TPage> Page<TPage>(object parameters, int status, HttpContext http)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        http.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status };
    }
}
