using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary><c>/{lang}/admin/keys</c>: the keys with which programs act; made here, shown once, revoked.</summary>
internal static class KeyPages
{
    public static void MapKeys(this Doors doors)
    {
        doors.Pages.MapGet("/admin/keys", (HttpContext http, KeyDesk desk, CancellationToken cancellation) => desk.ListAsync(http, cancellation)).Needs(PeoplePermissions.ManageKeys);
        doors.Pages.MapGet("/admin/keys/new", (HttpContext http, KeyDesk desk) => desk.Ask(http, new Typed(), null)).Needs(PeoplePermissions.ManageKeys);
        doors.Pages.MapPost("/admin/keys/new", MakeAsync).Needs(PeoplePermissions.ManageKeys);
        doors.Pages.MapGet("/admin/keys/{id:guid}", (Guid id, HttpContext http, KeyDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, id, cancellation)).Needs(PeoplePermissions.ManageKeys);
        doors.Pages.MapPost("/admin/keys/{id:guid}", RevokeAsync).Needs(PeoplePermissions.ManageKeys);
    }

    private static async Task<IResult> MakeAsync(HttpContext http, KeyDesk desk, CancellationToken cancellation)
    {
        var sent = await http.Request.ReadFormAsync(cancellation);
        return sent[KeptForm.Stay].Count > 0 ? desk.Ask(http, new Typed(sent), null) : await desk.MakeAsync(http, new Typed(sent), cancellation);
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, ApiKeys keys, Caller caller, CancellationToken cancellation) =>
        (await keys.RevokeAsync(caller, id, cancellation)).Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/admin/keys?done=revoked");
}

/// <summary>A key as it is shown; never its secret.</summary>
/// <param name="Body">Name of the body, or null for the whole installation.</param>
/// <param name="Opens">False once revoked or expired.</param>
public sealed record ShownKey(ApiKey Key, string? Body, string MadeBy, bool Opens);

/// <summary>What the form for a key shows.</summary>
public sealed record NewKeyView(Typed Typed, IReadOnlyList<Option> Scopes, IReadOnlyList<Option> Bodies, bool MayWhole, Refusal? Refusal);

/// <summary>Shows keys of the reader's bodies and makes new ones.</summary>
internal sealed class KeyDesk(Store store, ApiKeys keys, RoleBook book, BodyMap bodies, Settings settings, Words words, TimeProvider time, Caller caller)
{
    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation)
    {
        var shown = await ReadAsync(null, cancellation);
        return SignInPages.Page<KeyListPage>(new { Keys = shown.OrderBy(k => !k.Opens).ThenByDescending(k => k.Key.CreatedAt).ToList(), Done = Here.Value(http.Request, "done") }, 200, http);
    }

    public async Task<IResult> ShowAsync(HttpContext http, Guid id, CancellationToken cancellation) =>
        await ReadAsync(id, cancellation) is [var key] ? SignInPages.Page<KeyPage>(new { Shown = key }, 200, http) : new Refusal(RefusalKind.NotFound, "kernel.unknownKey").AsProblem();

    public IResult Ask(HttpContext http, Typed typed, Refusal? refusal)
    {
        var reach = BodyReach.Of(caller, PeoplePermissions.ManageKeys, bodies);
        var view = new NewKeyView(
            typed, [.. book.Scopes.Where(MayGive).Select(scope => new Option(scope.Name, Says(scope)) { Help = scope.NeedsBody ? words["ui.keys.needsBody"] : null })],
            [.. reach.Bodies.Select(id => new Option(id, NameOf(id))).OrderBy(option => option.Label, StringComparer.Create(CultureInfo.CurrentCulture, true))], reach.Whole, refusal);
        return SignInPages.Page<NewKeyPage>(new { View = view }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    /// <summary>Makes a key and shows it on the answer to this very request, the only time that it is known.</summary>
    public async Task<IResult> MakeAsync(HttpContext http, Typed typed, CancellationToken cancellation)
    {
        if (!WantedOf(typed).Is(out var wanted, out var malformed))
        {
            return Ask(http, typed, malformed);
        }
        return (await keys.MakeAsync(caller, wanted, cancellation)).Is(out var made, out var refusal)
            ? SignInPages.Page<KeyMadePage>(new { Made = made }, 200, http)
            : Ask(http, typed, refusal);
    }

    private Outcome<WantedKey> WantedOf(Typed typed)
    {
        if (!typed.Day("expires", settings.Get(KernelSettings.TimeZone)).Is(out var expires, out var malformed))
        {
            return malformed;
        }
        if (typed["body"] is { } body && bodies.Find(body) is null)
        {
            return Refusal.Invalid("ui.unknownBody", "body");
        }
        var quota = int.TryParse(typed["quota"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : typed["quota"] is null ? null : (int?)0;
        return new WantedKey(typed["name"] ?? "", [.. typed.All("scopes").Distinct(StringComparer.Ordinal)], typed["body"], expires, quota);
    }

    private async Task<IReadOnlyList<ShownKey>> ReadAsync(Guid? id, CancellationToken cancellation)
    {
        var reach = BodyReach.Of(caller, PeoplePermissions.ManageKeys, bodies);
        var found = (await store.Set<ApiKey>().AsNoTracking().Where(key => id == null || key.Id == id).ToListAsync(cancellation)).Where(key => reach.Covers(key.Body)).ToList();
        var makers = await ActorNames.OfAsync(store, found.Select(key => key.CreatedBy), cancellation);
        var now = time.NowMicros();
        return
        [
            .. found.Select(key => new ShownKey(
                key, key.Body is { } body ? NameOf(body) : null, makers.GetValueOrDefault(key.CreatedBy) ?? words[key.CreatedBy == Actor.System.Id ? "ui.admin.program" : "ui.admin.somebodyGone"], key.Opens(now))),
        ];
    }

    /// <summary>Offers only what the reader holds somewhere.</summary>
    private bool MayGive(Scope scope) => scope.Permissions.All(caller.CanSomewhere);

    private string Says(Scope scope) => (words.Find(scope.TextKey) ?? scope.Help) + $" ({scope.Name})";

    private string NameOf(string body) => bodies.Find(body)?.Names.In(caller.Language) ?? body;
}
