using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What an account shows of itself.</summary>
/// <param name="Held">What each part of the program holds about the person, the newest of it.</param>
public sealed record AccountView(Account Account, IReadOnlyList<Session> Sessions, Guid? Current, IReadOnlyList<AccountRole> Roles, IReadOnlyList<Consent> Consents, string? Lives, IReadOnlyDictionary<string, HeldPart> Held);

/// <summary>One's own account: name, language and address, where one is signed in, what is held about one, and how to take it along or have it erased.</summary>
internal static class AccountPages
{
    internal const string AddressNotice = "ui.mail.address";

    /// <summary>Tells the address that an account had before.</summary>
    internal const string AddressChangedNotice = "ui.mail.addressChanged";
    private const string AddressPurpose = "account.email";
    private static readonly TimeSpan AddressLife = TimeSpan.FromMinutes(15);
    /// <summary>Links to one address within an hour, whoever asks; further requests are answered the same and send nothing.</summary>
    private const int AddressMailsPerHourMax = 5;
    private static readonly TimeSpan AddressMailsWithin = TimeSpan.FromHours(1);
    private static readonly RateLimit Changing = new("account", new Quota(30, TimeSpan.FromMinutes(10)));

    public static void MapAccount(this RouteGroupBuilder pages)
    {
        var account = pages.MapGroup("/account").NeedsAccount().Limited(Changing);
        account.MapGet("", (string? done, HttpContext http, Store store, Caller caller) => ShowAsync(http, store, caller, done, null));
        account.MapPost("", ChangeAsync);
        account.MapPost("/sessions", EndAsync);
        account.MapPost("/address", AskAddressAsync);
        account.MapGet("/address", ShowAddress);
        account.MapPost("/address/confirmed", SetAddressAsync);
        account.MapTokens();
        account.MapResidence();
        account.MapGet("/data.zip", Export);
        account.MapGet("/erase", (HttpContext http) => SignInPages.Page<ErasePage>(new { }, 200, http));
        account.MapPost("/erase", EraseAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Store store, Caller caller, string? done, Refusal? refusal)
    {
        var account = await store.Set<Account>().AsNoTracking().FirstAsync(a => a.Id == caller.Account);
        var sessions = await store.Set<Session>().AsNoTracking().Where(s => s.AccountId == account.Id).OrderByDescending(s => s.SeenAt).ToListAsync();
        var roles = await store.Set<AccountRole>().AsNoTracking().Where(r => r.AccountId == account.Id).ToListAsync();
        var consents = await Consents.Of(store, new Person(account.Id, account.Email)).AsNoTracking().OrderByDescending(consent => consent.At).Take(HeldWords.ShownMax).ToListAsync();
        var read = await http.RequestServices.GetRequiredService<Privacy>().ExportAsync(new Person(caller.Account, caller.Email), HeldWords.ShownMax + 1, http.RequestAborted);
        var held = await http.RequestServices.GetRequiredService<HeldWords>().OfAsync(read, http.RequestServices, http.RequestAborted);
        return SignInPages.Page<AccountPage>(
            new { View = new AccountView(account, sessions, caller.Session, roles, consents, LivesIn(http, caller), held), Done = done, Refusal = refusal }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    private static string? LivesIn(HttpContext http, Caller caller) =>
        ResidencePages.NameOf(http.RequestServices.GetRequiredService<AreaMap>(), http.RequestServices.GetRequiredService<Dates>(), caller);

    private static async Task<IResult> ChangeAsync([FromForm] string? name, [FromForm] string? language, HttpContext http, Store store, Accounts accounts, Caller caller, CancellationToken cancellation) =>
        (await accounts.ChangeAsync(caller, name, language, cancellation)).Refusal is { } refusal
            ? await ShowAsync(http, store, caller, null, refusal)
            : new SeeOther($"/{http.Language()}/account?done=changed");

    private static async Task<IResult> EndAsync([FromForm] Guid? session, HttpContext http, Accounts accounts, Caller caller, CancellationToken cancellation)
    {
        if (session is { } id)
        {
            await accounts.EndSessionAsync(caller, id, cancellation);
        }
        if (session != caller.Session)
        {
            return new SeeOther($"/{http.Language()}/account?done=ended");
        }
        SessionCookie.Clear(http);
        return new SeeOther($"/{http.Language()}/");
    }

    /// <summary>Sends a link to the new address: it becomes the account's when the link is pressed.</summary>
    private static async Task<IResult> AskAddressAsync(
        [FromForm] string? email, HttpContext http, Store store, Writer writer, Mails mails, Signer signer, SiteAddress site, Words words, Caller caller, CancellationToken cancellation)
    {
        if (!EmailAddress.Read(email).Is(out var address, out var malformed))
        {
            return await ShowAsync(http, store, caller, null, malformed);
        }
        var language = http.Language();
        var token = signer.Sign(AddressPurpose, new NewAddress(caller.Account!.Value, address), AddressLife);
        var link = new MailLink(words["ui.mail.address.button"], site.Of($"/{language}/account/address?t={token}"));
        var posted = await writer.DoAsync<Done>(caller.Actor, async unit =>
        {
            if (await Mails.CountAsync(unit.Store, AddressNotice, address, unit.Now - AddressMailsWithin.ToMicros(), cancellation) < AddressMailsPerHourMax)
            {
                await mails.PostAsync(unit, new Message(AddressNotice, $"{AddressNotice}:{unit.NextId()}", address, language) { Links = [link] }, cancellation);
            }
            return default(Done);
        }, cancellation);
        return posted.Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{language}/account?done=addressAsked");
    }

    private static RazorComponentResult<AddressPage> ShowAddress([FromQuery] string? t, HttpContext http, Signer signer, Caller caller)
    {
        var address = Read(signer, t, caller);
        return SignInPages.Page<AddressPage>(new { Address = address, Token = t }, address is null ? StatusCodes.Status410Gone : 200, http);
    }

    private static async Task<IResult> SetAddressAsync([FromForm] string? t, HttpContext http, Accounts accounts, Mails mails, Signer signer, Caller caller, CancellationToken cancellation)
    {
        if (Read(signer, t, caller) is not { } address)
        {
            return SignInPages.Page<AddressPage>(new { }, StatusCodes.Status410Gone, http);
        }
        var set = await accounts.SetEmailAsync(
            caller, address,
            (unit, account, old) => mails.PostAsync(unit, new Message(AddressChangedNotice, $"{AddressChangedNotice}:{unit.NextId()}", old, account.Language), cancellation), cancellation);
        return set.Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/account?done=addressSet");
    }

    private static IResult Export(HttpContext http, PersonalArchive archive, Caller caller)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(to => archive.WriteAsync(to, new Person(caller.Account, caller.Email), http.RequestAborted), "application/zip", "zinneke-data.zip");
    }

    private static async Task<IResult> EraseAsync([FromForm] string? sure, HttpContext http, Privacy privacy, Caller caller, CancellationToken cancellation)
    {
        if (sure != "true")
        {
            return SignInPages.Page<ErasePage>(new { Refusal = Refusal.Invalid("ui.notSure", "sure") }, 422, http);
        }
        if (!(await privacy.EraseAsync(caller, caller.Account!.Value, cancellation)).Is(out var counts, out var refusal))
        {
            return SignInPages.Page<ErasePage>(new { Refusal = refusal }, (int)refusal.Kind, http);
        }
        SessionCookie.Clear(http);
        return SignInPages.Page<ErasedPage>(new { Counts = counts }, 200, http);
    }

    private static string? Read(Signer signer, string? token, Caller caller) =>
        signer.TryRead<NewAddress>(AddressPurpose, token, out var wanted) && wanted!.Account == caller.Account ? wanted.Address : null;

    private sealed record NewAddress(Guid Account, string Address);
}
