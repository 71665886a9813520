using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/reports/follow</c>: following an area or a circle by mail or by feed, and confirming it behind the link of the mail.</summary>
internal static class FollowPages
{
    private static readonly RateLimit Confirming = new("reports-follow-link", new Quota(60, TimeSpan.FromMinutes(10)));

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/follow", Show).Public();
        doors.Pages.MapPost("/reports/follow", TakeAsync).Public().Limited(FollowReportsApi.Asking);
        doors.Pages.MapGet("/reports/follow/sent", (HttpContext http) => Page<Pages.FollowSentPage>(http, new { })).Public();
        doors.Pages.MapGet("/reports/follow/confirm", ShowLinkAsync).Public().Limited(Confirming);
        doors.Pages.MapPost("/reports/follow/confirm", ConfirmAsync).Public().Limited(Confirming);
    }

    private static RazorComponentResult<Pages.FollowPage> Show(HttpContext http, RoutingMap routing, FollowReports follow, PlaceSearch places)
    {
        var query = http.Request.Query;
        var read = Followed.Of(name => query[name].ToString(), routing.Current.Map, follow.Areas);
        var what = read.Ok ? read.Value : Followed.Everything;
        return ShowForm(http, what, query.ContainsKey("around") || what.Around is not null, null, null, what.Around is { } at ? new MapFrame(at.Lon, at.Lat, 15) : places.Start, null, routing, follow);
    }

    private static async Task<IResult> TakeAsync(
        HttpContext http, Caller caller, RoutingMap routing, FollowReports follow, PlaceSearch places, Writer writer, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        if (Refusal.OfNul(form) is { } nul)
        {
            return nul.AsProblem();
        }
        var around = form.ContainsKey("around");
        var place = PlaceInput.Read(form, places.Start);
        string? Field(string name) => !around && name is "lon" or "lat" or "radius" || (around && name == "area") ? null : form[name].ToString();
        var (email, chosen) = (form["email"].ToString(), Enum.TryParse<MailPace>(form["pace"], out var pace) ? pace : MailPace.Daily);
        // A picture that was clicked says the place itself; the rest is as it was chosen.
        string? Clicked(string name) => name switch { "lon" => Said(place.Lon), "lat" => Said(place.Lat), _ => Field(name) };
        var read = Followed.Of(place.Again ? Clicked : Field, routing.Current.Map, follow.Areas);
        if (place.Again)
        {
            return ShowForm(http, read.Ok ? read.Value : Followed.Everything, true, email, chosen, place.Frame, null, routing, follow);
        }
        if (read.Ok && form.ContainsKey("feed") && !(around && read.Value.Kind == "all"))
        {
            return new SeeOther($"/{http.Language()}/reports/feed.atom{read.Value.Query}");
        }
        var refusals = new List<Refusal>(read.Refusal?.All() ?? []);
        if (read.Ok && read.Value.Kind == "all")
        {
            refusals.Add(around ? Refusal.Invalid("reports.placeNeeded", "place") : Refusal.Invalid("reports.followWhat", "area"));
        }
        var who = FollowReportsApi.FollowerOf(http, caller, email, null, chosen, MailPace.Daily);
        refusals.AddRange(who.Refusal?.All() ?? []);
        var refusal = refusals.Count > 0 ? Refusal.Of(refusals) : null;
        if (refusal is null && (await follow.RunAsync(read.Value, who.Value, caller.Actor, writer.DoAsync, cancellation)).Is(out var following, out refusal))
        {
            return new SeeOther($"/{http.Language()}/reports/follow/sent{(following.Confirmed ? "?done=1" : "")}");
        }
        // What is wrong with the place leaves the categories as they were chosen.
        var shown = read.Ok ? read.Value : Followed.Of(name => name == "category" ? form[name].ToString() : null, routing.Current.Map, follow.Areas) is { Ok: true } kept ? kept.Value : Followed.Everything;
        return ShowForm(http, shown, around, email, chosen, place.Frame, refusal, routing, follow, place);
    }

    private static RazorComponentResult<Pages.FollowPage> ShowForm(
        HttpContext http, Followed what, bool around, string? email, MailPace? pace, MapFrame frame, Refusal? refusal, RoutingMap routing, FollowReports follow, PlaceInput? typed = null)
    {
        var map = routing.Current.Map;
        var view = new FollowView(what.Area, what.Around, what.RadiusMetres, what.Categories, [.. follow.Areas.All.Where(Followed.IsOpen)], map, around, email, pace ?? MailPace.Daily, frame, refusal) { Typed = typed };
        return Page<Pages.FollowPage>(http, new { View = view }, refusal);
    }

    private static string? Said(double? degrees) => degrees?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Opening the link changes nothing: programs that scan mail open links too.</summary>
    private static async Task<IResult> ShowLinkAsync(string? t, string? done, HttpContext http, Store store, FollowReports follow, CancellationToken cancellation)
    {
        var open = await follow.PeekAsync(store, t, cancellation);
        var view = open is null ? null : new FollowLinkView(
            follow.NameOf(open.Subscription.Followed, open.Report).In(http.Language()), open.Subscription.Email, t!, done is not null && open.Subscription.ConfirmedAt is not null, open.PaceToken, open.Report?.Number);
        return Page<Pages.FollowLinkPage>(http, new { View = view }, view is null ? new Refusal(RefusalKind.Gone, "reports.followSpent") : null);
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, FollowReports follow, Writer writer, CancellationToken cancellation)
    {
        var token = (await http.Request.ReadFormAsync(cancellation))["t"].ToString();
        return (await follow.ConfirmAsync(writer, token, cancellation)).Refusal is { } refusal
            ? refusal.Kind == RefusalKind.Gone ? Page<Pages.FollowLinkPage>(http, new { }, refusal) : refusal.AsProblem()
            : new SeeOther($"/{http.Language()}/reports/follow/confirm?t={token}&done=1");
    }

    private static RazorComponentResult<TPage> Page<TPage>(HttpContext http, object parameters, Refusal? refusal = null) where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        http.Response.Headers.CacheControl = "no-store"; // An address may stand in it.
        return new RazorComponentResult<TPage>(parameters) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
    }
}

/// <summary>What the page for following a place shows.</summary>
/// <param name="ByPlace">The map, instead of the list of areas.</param>
/// <param name="Areas">Of every kind, those that can be followed.</param>
public sealed record FollowView(
    string? Area, LonLat? Around, int RadiusMetres, IReadOnlyList<string> Categories, IReadOnlyList<Area> Areas, RoutingSnapshot Map, bool ByPlace, string? Email, MailPace Pace, MapFrame Frame, Refusal? Refusal)
{
    /// <summary>The coordinates as they were sent; null before.</summary>
    public PlaceInput? Typed { get; init; }
}

/// <summary>What the page behind the link of the mail shows.</summary>
/// <param name="PaceToken">Opens the page where one chooses how often, or stops.</param>
/// <param name="Number">Of the report, when one is followed.</param>
public sealed record FollowLinkView(string Name, string Email, string Token, bool Done, string PaceToken, string? Number);
