using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary><c>/{lang}/admin/invitations</c>: the codes of letters to residents; made here, written out once, revoked.</summary>
internal static class InvitationPages
{
    private static readonly RateLimit Making = new("invitations", new Quota(20, TimeSpan.FromMinutes(10)));

    public static void MapInvitations(this Doors doors)
    {
        const string own = PeoplePermissions.ManageInvitations;
        doors.Pages.MapGet("/admin/invitations", (HttpContext http, InvitationDesk desk, CancellationToken cancellation) => desk.ListAsync(http, cancellation)).Needs(own);
        doors.Pages.MapGet("/admin/invitations/new", (HttpContext http, InvitationDesk desk) => desk.Ask(http, new Typed(), null)).Needs(own);
        doors.Pages.MapPost("/admin/invitations/new", MakeAsync).Needs(own).Limited(Making);
        doors.Pages.MapGet("/admin/invitations/{id:guid}", (Guid id, HttpContext http, InvitationDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, id, new Typed(), null, cancellation)).Needs(own);
        doors.Pages.MapPost("/admin/invitations/{id:guid}", RevokeAsync).Needs(own);
        doors.Pages.MapPost("/admin/invitations/{id:guid}/letter", RevokeLetterAsync).Needs(own);
    }

    private static async Task<IResult> MakeAsync(HttpContext http, InvitationDesk desk, CancellationToken cancellation)
    {
        var sent = await http.Request.ReadFormAsync(cancellation);
        return sent[KeptForm.Stay].Count > 0 ? desk.Ask(http, new Typed(sent), null) : await desk.MakeAsync(http, new Typed(sent), cancellation);
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, Invitations invitations, Caller caller, CancellationToken cancellation) =>
        (await invitations.RevokeAsync(caller, id, null, cancellation)).Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/admin/invitations/{id}?done=list");

    private static async Task<IResult> RevokeLetterAsync(Guid id, HttpContext http, InvitationDesk desk, Invitations invitations, Caller caller, CancellationToken cancellation)
    {
        var typed = new Typed(await http.Request.ReadFormAsync(cancellation));
        var number = int.TryParse(typed["number"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        return (await invitations.RevokeAsync(caller, id, number, cancellation)).Refusal is { } refusal
            ? await desk.ShowAsync(http, id, typed, refusal, cancellation)
            : new SeeOther($"/{http.Language()}/admin/invitations/{id}?done=letter");
    }
}

/// <summary>A list of codes as it is shown.</summary>
/// <param name="Body">Name of the body.</param>
/// <param name="Used">Letters that somebody has used.</param>
/// <param name="Opens">False once revoked or expired.</param>
public sealed record ShownInvitations(InvitationList List, string Body, string MadeBy, int Used, bool Opens);

/// <summary>What the form for new codes shows.</summary>
public sealed record NewInvitationsView(Typed Typed, IReadOnlyList<Option> Bodies, Refusal? Refusal);

/// <summary>Shows the lists of the reader's bodies and makes new ones.</summary>
internal sealed class InvitationDesk(Store store, Invitations invitations, BodyMap bodies, Settings settings, Words words, TimeProvider time, Caller caller)
{
    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation) =>
        SignInPages.Page<InvitationListPage>(new { Lists = await ReadAsync(null, cancellation) }, 200, http);

    public async Task<IResult> ShowAsync(HttpContext http, Guid id, Typed typed, Refusal? refusal, CancellationToken cancellation) =>
        await ReadAsync(id, cancellation) is [var shown]
            ? SignInPages.Page<InvitationsPage>(new { Shown = shown, Typed = typed, Refusal = refusal, Done = Here.Value(http.Request, "done") }, refusal is null ? 200 : (int)refusal.Kind, http)
            : new Refusal(RefusalKind.NotFound, "kernel.unknownInvitations").AsProblem();

    public IResult Ask(HttpContext http, Typed typed, Refusal? refusal)
    {
        var reach = BodyReach.Of(caller, PeoplePermissions.ManageInvitations, bodies);
        var offered = bodies.All.Where(body => body is { Kind: BodyKind.Municipality, Areas.Count: 1, Active: true } && reach.Covers(body.Id))
            .Select(body => new Option(body.Id, NameOf(body.Id))).OrderBy(option => option.Label, StringComparer.Create(CultureInfo.CurrentCulture, true));
        return SignInPages.Page<NewInvitationsPage>(new { View = new NewInvitationsView(typed, [.. offered], refusal) }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    /// <summary>Makes codes and writes them as the answer to this very request, the only time that they are known.</summary>
    public async Task<IResult> MakeAsync(HttpContext http, Typed typed, CancellationToken cancellation)
    {
        var zone = settings.Get(KernelSettings.TimeZone);
        if (!typed.Day("expires", zone).Is(out var expires, out var malformed))
        {
            return Ask(http, typed, malformed);
        }
        var count = int.TryParse(typed["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var postcodes = typed["postcodes"]?.Split([' ', ',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (!(await invitations.MakeAsync(caller, new WantedInvitations(typed["body"] ?? "", count, postcodes, expires), cancellation)).Is(out var made, out var refusal))
        {
            return Ask(http, typed, refusal);
        }
        var file = new MemoryStream();
        await InvitationsFile.WriteAsync(file, made, zone, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(file.ToArray(), "text/csv; charset=utf-8", $"{made.List.Body}-{made.List.Id}.csv");
    }

    private async Task<IReadOnlyList<ShownInvitations>> ReadAsync(Guid? id, CancellationToken cancellation)
    {
        var reach = BodyReach.Of(caller, PeoplePermissions.ManageInvitations, bodies);
        var found = (await store.Set<InvitationList>().AsNoTracking().Where(list => id == null || list.Id == id).ToListAsync(cancellation))
            .Where(list => reach.Covers(list.Body)).OrderByDescending(list => list.CreatedAt).ToList();
        var used = await store.Set<Invitation>().Where(letter => letter.UsedAt != null && (id == null || letter.ListId == id))
            .GroupBy(letter => letter.ListId).Select(one => new { one.Key, Count = one.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancellation);
        var makers = await ActorNames.OfAsync(store, found.Select(list => list.CreatedBy), cancellation);
        var now = time.NowMicros();
        return
        [
            .. found.Select(list => new ShownInvitations(
                list, NameOf(list.Body), makers.GetValueOrDefault(list.CreatedBy) ?? words[list.CreatedBy == Actor.System.Id ? "ui.admin.program" : "ui.admin.somebodyGone"],
                used.GetValueOrDefault(list.Id), list.Opens(now))),
        ];
    }

    private string NameOf(string body) => bodies.Find(body)?.Names.In(caller.Language) ?? body;
}
