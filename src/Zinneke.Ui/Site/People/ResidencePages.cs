using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What the page shows that asks where somebody lives.</summary>
/// <param name="Typed">What they typed, with the path to go back to.</param>
/// <param name="Home">Where they live, when they have shown it.</param>
/// <param name="Municipality">Its name.</param>
/// <param name="NeedsEmail">They have not shown yet that their address is theirs.</param>
public sealed record ResidenceView(Typed Typed, Home? Home, string? Municipality, bool NeedsEmail, string? Done, Refusal? Refusal);

/// <summary><c>/{lang}/account/residence</c>: one shows where one lives, by the code of a letter, and goes on to where that was asked for.</summary>
internal static class ResidencePages
{
    /// <summary>Codes that one person may try. Those that are mistyped are not looked up and do not count.</summary>
    private static readonly RateLimit Trying = new("residence", new Quota(10, TimeSpan.FromHours(1)), new Quota(30, TimeSpan.FromDays(1)));

    /// <summary>The same for a network, where many people may stand in line at one computer.</summary>
    private static readonly RateLimit TryingHere = new("residence-network", new Quota(60, TimeSpan.FromHours(1)));

    public static void MapResidence(this RouteGroupBuilder account)
    {
        account.MapGet("/residence", Open);
        account.MapPost("/residence", ConfirmAsync);
        account.MapPost("/residence/end", EndAsync);
    }

    private static IResult Open([FromQuery(Name = "return")] string? back, [FromQuery] string? again, [FromQuery] string? done, HttpContext http, AreaMap areas, Dates dates, Caller caller) =>
        back is not null && again is null && ReturnPath.IsLocal(back) && caller.RefusalUnlessLevel(VerificationLevel.Resident) is null
            ? new SeeOther(back)
            : Show(http, new Typed { ["return"] = back }, caller, areas, dates, done, null);

    private static async Task<IResult> ConfirmAsync(HttpContext http, Residences residences, AreaMap areas, Dates dates, Caller caller, CancellationToken cancellation)
    {
        var sent = await http.Request.ReadFormAsync(cancellation);
        var typed = new Typed(sent);
        if (sent[KeptForm.Stay].Count > 0)
        {
            return Show(http, typed, caller, areas, dates, null, null);
        }
        var refusal = Residences.CheckTyped(typed["postcode"], typed["code"]) ?? http.Take(Trying) ?? http.TakeFor(TryingHere, "network " + http.Household())
            ?? (await residences.ConfirmAsync(caller, typed["postcode"], typed["code"], cancellation)).Refusal;
        return refusal is null
            ? new SeeOther(ReturnPath.Of(typed["return"], $"/{http.Language()}/account/residence?done=confirmed"))
            : Show(http, typed, caller, areas, dates, null, refusal);
    }

    private static async Task<IResult> EndAsync(HttpContext http, Residences residences, Caller caller, CancellationToken cancellation) =>
        (await residences.EndAsync(caller, cancellation)).Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/account/residence?done=ended");

    private static RazorComponentResult<ResidencePage> Show(HttpContext http, Typed typed, Caller caller, AreaMap areas, Dates dates, string? done, Refusal? refusal) =>
        SignInPages.Page<ResidencePage>(
            new { View = new ResidenceView(typed, caller.Home, NameOf(areas, dates, caller), caller.RefusalUnlessLevel(VerificationLevel.Email) is not null, done, refusal) },
            refusal is null ? 200 : (int)refusal.Kind, http);

    /// <summary>As it is called now, or was when it last was.</summary>
    internal static string? NameOf(AreaMap areas, Dates dates, Caller caller)
    {
        if (caller.Home is not { } home)
        {
            return null;
        }
        var now = areas.Current.On(dates.Today).Find(home.Municipality);
        return (now ?? (areas.Current.History(home.Municipality) is [.., var last] ? last : null))?.Names.In(caller.Language) ?? home.Municipality;
    }
}
