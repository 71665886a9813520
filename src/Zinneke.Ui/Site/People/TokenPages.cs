using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What the form for a token shows.</summary>
public sealed record NewTokenView(Typed Typed, IReadOnlyList<Option> Scopes, Refusal? Refusal);

/// <summary><c>/{lang}/account/tokens</c>: the tokens with which programs act as oneself; made here, shown once, revoked.</summary>
internal static class TokenPages
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(90);

    public static void MapTokens(this RouteGroupBuilder account)
    {
        account.MapGet("/tokens", ListAsync);
        account.MapGet("/tokens/new", (HttpContext http, TokenDesk desk) => desk.Ask(http, desk.Fresh(UsualLife), null));
        account.MapPost("/tokens/new", MakeAsync);
        account.MapPost("/tokens/revoke", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(string? done, HttpContext http, Store store, TimeProvider time, Caller caller, CancellationToken cancellation)
    {
        var tokens = await store.Set<AccessToken>().AsNoTracking().Where(t => t.AccountId == caller.Account).OrderByDescending(t => t.CreatedAt).ToListAsync(cancellation);
        return SignInPages.Page<TokenListPage>(new { Tokens = tokens, Now = time.NowMicros(), Done = done }, 200, http);
    }

    private static async Task<IResult> MakeAsync(HttpContext http, TokenDesk desk, CancellationToken cancellation)
    {
        var sent = await http.Request.ReadFormAsync(cancellation);
        return sent[KeptForm.Stay].Count > 0 ? desk.Ask(http, new Typed(sent), null) : await desk.MakeAsync(http, new Typed(sent), cancellation);
    }

    private static async Task<IResult> RevokeAsync([FromForm] Guid? token, HttpContext http, AccessTokens tokens, Caller caller, CancellationToken cancellation) =>
        (await tokens.RevokeAsync(caller, token ?? Guid.Empty, cancellation)).Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/account/tokens?done=revoked");
}

/// <summary>Asks what a token may do and makes it.</summary>
internal sealed class TokenDesk(AccessTokens tokens, Settings settings, Words words, TimeProvider time, Caller caller)
{
    /// <summary>The form before anything is typed: with an end, which can be moved.</summary>
    public Typed Fresh(TimeSpan life) => new()
    {
        ["expires"] = TimeZoneInfo.ConvertTime(time.GetUtcNow() + life, settings.Get(KernelSettings.TimeZone)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    public IResult Ask(HttpContext http, Typed typed, Refusal? refusal) => SignInPages.Page<NewTokenPage>(
        new { View = new NewTokenView(typed, [.. tokens.ScopesFor(caller).Select(scope => new Option(scope.Name, $"{words.Find(scope.TextKey) ?? scope.Help} ({scope.Name})"))], refusal) },
        refusal is null ? 200 : (int)refusal.Kind, http);

    /// <summary>Makes a token and shows it on the answer to this very request, the only time that it is known.</summary>
    public async Task<IResult> MakeAsync(HttpContext http, Typed typed, CancellationToken cancellation)
    {
        if (!typed.Day("expires", settings.Get(KernelSettings.TimeZone)).Is(out var expires, out var malformed))
        {
            return Ask(http, typed, malformed);
        }
        if (expires is null)
        {
            return Ask(http, typed, Refusal.Invalid("ui.badDay", "expires"));
        }
        var wanted = new WantedToken(typed["name"] ?? "", [.. typed.All("scopes").Distinct(StringComparer.Ordinal)], expires.Value);
        return (await tokens.MakeAsync(caller, wanted, cancellation)).Is(out var made, out var refusal)
            ? SignInPages.Page<TokenMadePage>(new { Made = made }, 200, http)
            : Ask(http, typed, refusal);
    }
}
