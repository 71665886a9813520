using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary><c>/{lang}/reports/mine</c>: for who is signed in, or has opened the link mailed to them, what they sent, follow and support; the same as JSON; and erasing how to reach them (R14).</summary>
internal static class MinePages
{
    private static readonly RateLimit Asking = new("reports-mine", new Quota(10, TimeSpan.FromMinutes(10)), new Quota(30, TimeSpan.FromHours(1)));
    private static readonly RateLimit SameAddress = new("reports-mine-address", new Quota(5, TimeSpan.FromHours(1)));
    private static readonly RateLimit Opening = new("reports-mine-link", new Quota(60, TimeSpan.FromMinutes(10)));

    public static void AddMine(this IServiceCollection services)
    {
        services.AddSingleton<MineAccess>();
        services.AddScoped<MyReports>();
        services.AddSingleton<PersonalData, MineData>();
        services.AddSingleton(new Notice(MineAccess.Notice));
    }

    public static void Tables(ModelBuilder model)
    {
        model.Entity<MineLink>(row =>
        {
            row.ToTable("reports_mine_links").HasKey(link => link.Id);
            row.Property(link => link.Id).ValueGeneratedNever();
            row.HasIndex(link => link.Hash).IsUnique();
            row.HasIndex(link => link.Email);
        });
        model.Entity<ReportSupport>().HasIndex(support => support.By);
    }

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/mine", ShowAsync).Public().Limited(Opening);
        doors.Pages.MapPost("/reports/mine", AskAsync).Public().Limited(Asking);
        doors.Pages.MapGet("/reports/mine/link", ShowLinkAsync).Public().Limited(Opening);
        doors.Pages.MapPost("/reports/mine/link", UseAsync).Public().Limited(Opening);
        doors.Pages.MapGet("/reports/mine.json", ExportAsync).Public().Limited(Opening);
        doors.Pages.MapGet("/reports/mine/erase", ShowErase).Public().Limited(Opening);
        doors.Pages.MapPost("/reports/mine/erase", EraseAsync).Public().Limited(Opening);
    }

    private static async Task<IResult> ShowAsync(
        string? t, string? done, HttpContext http, Caller caller, MineAccess access, MyReports mine, RoutingMap routing, TrackLink track, Cursors cursors, CancellationToken cancellation)
    {
        if (access.Of(caller, t) is not { } person)
        {
            var spent = string.IsNullOrEmpty(t) ? null : Spent;
            return Page<Pages.MineAskPage>(http, new { Sent = done == "asked", Refusal = spent }, spent);
        }
        if (!cursors.Of<MinePlaceOf>(http.Request).Is(out var after, out var refusal))
        {
            return refusal.AsProblem();
        }
        var (page, map, language) = (await mine.PageAsync(person, after?.Id, cancellation), routing.Current.Map, http.Language());
        var links = page.Rows.Select(row => row.By == MineBy.Sent ? track.PathOf(row.Report, language) : $"/{language}/reports/{row.Report.Number}").ToList();
        var view = new MineView(
            page, links, after is null ? await mine.PlacesAsync(person, cancellation) : [], map, person.Email, t, page.Next is { } last ? Here.With(http.Request, ("cursor", cursors.Next(http.Request, new MinePlaceOf(last)))) : null, done);
        return Page<Pages.MinePage>(http, new { View = view });
    }

    private static async Task<IResult> AskAsync([FromForm] string? email, HttpContext http, MineAccess access, CancellationToken cancellation)
    {
        if (!EmailAddress.Read(email).Is(out var address, out var malformed))
        {
            return Page<Pages.MineAskPage>(http, new { Email = email, Refusal = malformed }, malformed);
        }
        if (http.Passes(SameAddress, address) && (await access.AskAsync(address, http.Language(), cancellation)).Refusal is { } refusal)
        {
            return refusal.AsProblem();
        }
        return new SeeOther($"/{http.Language()}/reports/mine?done=asked");
    }

    private static async Task<IResult> ShowLinkAsync(string? t, HttpContext http, MineAccess access, CancellationToken cancellation)
    {
        var email = await access.PeekAsync(t, cancellation);
        return email is null ? Page<Pages.MineAskPage>(http, new { Refusal = Spent }, Spent) : Page<Pages.MineLinkPage>(http, new { Email = email, Token = t });
    }

    private static async Task<IResult> UseAsync([FromForm] string? t, HttpContext http, MineAccess access, CancellationToken cancellation) =>
        (await access.UseAsync(t, cancellation)).Is(out var token, out var refusal)
            ? new SeeOther($"/{http.Language()}/reports/mine?t={token}")
            : Page<Pages.MineAskPage>(http, new { Refusal = refusal }, refusal);

    private static async Task<IResult> ExportAsync(string? t, HttpContext http, Caller caller, MineAccess access, MyReports mine, CancellationToken cancellation)
    {
        if (access.Of(caller, t) is not { } person)
        {
            return Page<Pages.MineAskPage>(http, new { Refusal = Spent }, Spent);
        }
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"zinneke-reports.json\"";
        return TypedResults.Json(await mine.ExportAsync(person, cancellation), Json.Indented);
    }

    private static RazorComponentResult ShowErase(string? t, HttpContext http, Caller caller, MineAccess access) =>
        access.Of(caller, t) is null ? Page<Pages.MineAskPage>(http, new { Refusal = Spent }, Spent) : Page<Pages.MineErasePage>(http, new { Token = t });

    private static async Task<IResult> EraseAsync([FromForm] string? t, [FromForm] string? sure, HttpContext http, Caller caller, MineAccess access, MyReports mine, CancellationToken cancellation)
    {
        if (access.Of(caller, t) is not { } person)
        {
            return Page<Pages.MineAskPage>(http, new { Refusal = Spent }, Spent);
        }
        if (sure != "true")
        {
            var unsure = Refusal.Invalid("reports.mineNotSure", "sure");
            return Page<Pages.MineErasePage>(http, new { Token = t, Refusal = unsure }, unsure);
        }
        var query = string.IsNullOrEmpty(t) ? "?done=erased" : $"?t={t}&done=erased";
        return (await mine.EraseAsync(person, caller.Actor, cancellation)).Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/reports/mine{query}");
    }

    private static Refusal Spent { get; } = new(RefusalKind.Gone, "reports.mineSpent");

    private static RazorComponentResult<TPage> Page<TPage>(HttpContext http, object parameters, Refusal? refusal = null) where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        http.Response.Headers.CacheControl = "no-store"; // It is about one person.
        return new RazorComponentResult<TPage>(parameters) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
    }

    /// <summary>Where a page of the list ended.</summary>
    private sealed record MinePlaceOf(Guid Id);
}

/// <summary>What the page of one's own reports shows.</summary>
/// <param name="Links">Of each row: of what one sent with the private link.</param>
/// <param name="Token">Of who came by a mailed link; null for an account.</param>
/// <param name="Next">Address of the next page.</param>
/// <param name="Done">What has just been done.</param>
public sealed record MineView(MinePage Page, IReadOnlyList<string> Links, IReadOnlyList<MinePlace> Places, RoutingSnapshot Map, string? Email, string? Token, string? Next, string? Done);
