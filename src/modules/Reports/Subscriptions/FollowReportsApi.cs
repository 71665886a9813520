using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a caller of the API asks to follow.</summary>
/// <param name="Area">Id of an area of any kind; or else a circle by <paramref name="Lon"/>, <paramref name="Lat"/> and <paramref name="RadiusM"/> (metres).</param>
/// <param name="Pace">atOnce, daily (at 7 o'clock) or weekly; for a report at once, for a place daily unless it says otherwise.</param>
internal sealed record FollowSent(string? Email, string? Lang, MailPace? Pace, string? Area, double? Lon, double? Lat, double? RadiusM, IReadOnlyList<string>? Categories);

/// <summary><c>POST /api/v1/reports/{id}/subscriptions</c> and <c>POST /api/v1/reports/subscriptions</c>.</summary>
internal static class FollowReportsApi
{
    /// <summary>By page and by API together.</summary>
    internal static readonly RateLimit Asking = new("reports-follow", new Quota(30, TimeSpan.FromHours(1)), new Quota(100, TimeSpan.FromDays(1)));

    /// <summary>What one client may have sent to one address.</summary>
    private static readonly RateLimit SameAddress = new("reports-follow-address", new Quota(5, TimeSpan.FromHours(1)));

    private static readonly string[] Roads = ["road"];

    public static void Map(Doors doors)
    {
        doors.Api.MapPost("/reports/{id}/subscriptions", OneAsync).Public().Limited(Asking)
            .WithSummary("Follows a report by mail. Answers 202 until the link sent to the address is confirmed; 200 for who is signed in with it.")
            .TakesExample(new { email = "resident@example.org", lang = "fr", pace = "atOnce" })
            .GivesExample(new Following(true)).GivesExample(new Following(false), StatusCodes.Status202Accepted);
        doors.Api.MapPost("/reports/subscriptions", PlaceAsync).Public().Limited(Asking)
            .WithSummary("Follows an area, or a circle of 50 to 5,000 metres, by mail; 202 until the link sent to the address is confirmed.")
            .TakesExample(new { email = "resident@example.org", lang = "nl", lon = 4.3452, lat = 50.8256, radiusM = 500, categories = Roads, pace = "daily" })
            .GivesExample(new Following(true)).GivesExample(new Following(false), StatusCodes.Status202Accepted);
    }

    /// <summary>Who asks, from what was typed or sent.</summary>
    /// <param name="pace">When nothing was chosen.</param>
    public static Outcome<Follower> FollowerOf(HttpContext http, Caller caller, string? email, string? language, MailPace? chosen, MailPace pace)
    {
        if (!EmailAddress.Read(email).Is(out var address, out var malformed))
        {
            return malformed;
        }
        if (language is not null && !Languages.Known(language))
        {
            return Refusal.Invalid("reports.unknownLanguage", "lang");
        }
        if (chosen is MailPace.Never || (chosen is { } named && !Enum.IsDefined(named)))
        {
            return Refusal.Invalid("reports.unknownWord", "pace", $"{chosen}");
        }
        return new Follower(address, language ?? http.Language(), chosen ?? pace, caller.Account, http.Passes(SameAddress, address));
    }

    private static async Task<IResult> OneAsync(string id, HttpContext http, Caller caller, Store store, FollowReports follow, Idempotency once, CancellationToken cancellation)
    {
        if (!(await JsonBody.ReadAsync<FollowSent>(http, "reports")).Is(out var sent, out var refusal))
        {
            return refusal.AsProblem();
        }
        return await ReadReport.FindAsync(store, id, tracked: false, cancellation) is { } report
            ? await AnswerAsync(http, caller, sent, MailPace.AtOnce, Followed.One((await ReadReport.PublicStandInAsync(store, report, tracked: false, cancellation)).Id), follow, once, cancellation)
            : new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
    }

    private static async Task<IResult> PlaceAsync(HttpContext http, Caller caller, RoutingMap routing, FollowReports follow, Idempotency once, CancellationToken cancellation)
    {
        if (!(await JsonBody.ReadAsync<FollowSent>(http, "reports")).Is(out var sent, out var refusal)
            || !Followed.Checked(sent.Area, sent.Lon, sent.Lat, sent.RadiusM, sent.Categories ?? [], routing.Current.Map, follow.Areas).Is(out var what, out refusal))
        {
            return AsSent(refusal).AsProblem();
        }
        return what.Kind == "all" ? Refusal.Invalid("reports.followWhat", "area").AsProblem() : await AnswerAsync(http, caller, sent, MailPace.Daily, what, follow, once, cancellation);
    }

    /// <summary>With the names that members of the body have, where an address has others.</summary>
    private static Refusal AsSent(Refusal refusal) => refusal.All().ToList() is { } faults && faults.Exists(fault => fault.Field is "radius" or "category")
        ? Refusal.Of([.. faults.Select(fault => fault with { Field = fault.Field switch { "radius" => "radiusM", "category" => "categories", _ => fault.Field } })])
        : refusal;

    private static async Task<IResult> AnswerAsync(
        HttpContext http, Caller caller, FollowSent sent, MailPace pace, Followed what, FollowReports follow, Idempotency once, CancellationToken cancellation)
    {
        if (!FollowerOf(http, caller, sent.Email, sent.Lang, sent.Pace, pace).Is(out var who, out var refusal)
            || !(await follow.RunAsync(what, who, caller.Actor, once.DoAsync, cancellation)).Is(out var following, out refusal))
        {
            return refusal.AsProblem();
        }
        return TypedResults.Json(following, Json.Options, statusCode: following.Confirmed ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}
