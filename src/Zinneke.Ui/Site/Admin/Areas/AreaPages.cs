using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// <c>/{lang}/admin/areas/area?id=</c>: one area in one of its versions (<c>from</c> names its first day), with forms for everything but its boundary. The id is in the query because a file may give any.
/// </summary>
internal static class AreaPages
{
    private const string Path = "/admin/areas/area";

    public static void MapAreas(this Doors doors)
    {
        doors.Pages.MapGet(Path, (HttpContext http, AreaDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, null, null, cancellation)).Needs(AreaPermissions.Edit);
        doors.Pages.MapPost(Path, ChangeAsync).Needs(AreaPermissions.Edit);
        doors.Pages.MapGet(Path + "/file", (HttpContext http, AreaDesk desk, CancellationToken cancellation) => desk.DownloadAsync(http, cancellation)).Needs(AreaPermissions.Edit);
    }

    /// <summary>Address of a version in the language of the page.</summary>
    public static string To(string id, DateOnly? from, string? done = null, string file = "") =>
        $"/{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}{Path}{file}?id={Uri.EscapeDataString(id)}"
        + (from is { } first ? "&from=" + Iso(first) : "") + (done is null ? "" : "&done=" + done);

    public static string Iso(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);

    public static string Short(DateOnly date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private static async Task<IResult> ChangeAsync(HttpContext http, AreaDesk desk, CancellationToken cancellation)
    {
        var typed = new Typed(await http.Request.ReadFormAsync(cancellation));
        return typed[KeptForm.Stay] is null ? await desk.ChangeAsync(http, typed, cancellation) : await desk.ShowAsync(http, typed, null, cancellation);
    }
}

/// <summary>What the page of an area shows.</summary>
/// <param name="Seen">Version of the row.</param>
/// <param name="Versions">Oldest first.</param>
/// <param name="Day">Of the map: today, or the nearest day of the version.</param>
/// <param name="Parents">Areas that it may lie in.</param>
/// <param name="Uses">What goes on naming it after its last day; asked for the newest version alone.</param>
public sealed record AreaView(Area Area, long Seen, IReadOnlyList<Area> Versions, DateOnly Day, bool IsNow, Typed Typed, IReadOnlyList<Option> Parents, IReadOnlyList<Option> Owners, IReadOnlyList<AreaUse> Uses)
{
    public Refusal? Refusal { get; init; }

    /// <summary>The reader may read who did what.</summary>
    public bool MayAudit { get; init; }

    /// <summary>What was just done.</summary>
    public string? Done { get; init; }

    public bool IsNewest => Area.ValidFrom == Versions[^1].ValidFrom;

    /// <summary>The version before ends on the day before this one begins.</summary>
    public bool CanTakeBack => IsNewest && Versions.Count > 1 && EditAreas.Continues(Versions[^2], Area);
}

/// <summary>Shows an area and changes it.</summary>
internal sealed class AreaDesk(Store store, EditAreas edit, AreaMap map, Dates dates, Caller caller)
{
    private static readonly string[] Done = ["changed", "begun", "ended", "reopened", "takenBack"];

    public async Task<IResult> ShowAsync(HttpContext http, Typed? typed, Refusal? refusal, CancellationToken cancellation)
    {
        var versions = await ReadAsync(http, cancellation);
        if (Find(versions, http) is not { } held)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        var area = held.Area;
        var day = dates.Today < area.ValidFrom ? area.ValidFrom : dates.Today > area.ValidTo ? area.ValidTo : dates.Today;
        var view = new AreaView(
            area, held.Version, [.. versions.Select(one => one.Area)], day, day == dates.Today, Filled(area, typed), ParentsOf(area, day), await OwnersOfAsync(area, cancellation),
            held == versions[^1] ? await edit.UsesAsync(store, area.Id, area.ValidTo < DateOnly.MaxValue ? area.ValidTo : dates.Today, cancellation) : [])
        {
            Refusal = refusal,
            MayAudit = caller.Can(AuditPermissions.Read),
            Done = Here.Value(http.Request, "done") is { } done && Done.Contains(done) && refusal is null ? done : null,
        };
        return SignInPages.Page<AreaPage>(new { View = view }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    public async Task<IResult> ChangeAsync(HttpContext http, Typed typed, CancellationToken cancellation)
    {
        var area = Find(await ReadAsync(http, cancellation), http)?.Area;
        var seen = new SeenArea(area?.Id ?? "", area?.ValidFrom ?? default, long.TryParse(typed["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1);
        var (outcome, done) = area is null ? (new Refusal(RefusalKind.NotFound, "kernel.notFound"), "") : typed["do"] switch
        {
            "end" => (await EndAsync(seen, typed, cancellation), "ended"),
            "reopen" => (await edit.EndAsync(seen, null, true, caller.Actor, cancellation), "reopened"),
            "takeBack" => (await edit.TakeBackAsync(seen, caller.Actor, cancellation), "takenBack"),
            _ => (await ChangeAsync(seen, area, typed, cancellation), typed["how"] == "from" ? "begun" : "changed"),
        };
        return outcome.Is(out var first, out var refusal) ? new SeeOther(AreaPages.To(seen.Id, first, done))
            : refusal.Kind == RefusalKind.NotFound ? refusal.AsProblem()
            : await ShowAsync(http, typed, refusal, cancellation);
    }

    /// <summary>All its versions as GeoJSON: to draw another boundary, and import it.</summary>
    public async Task<IResult> DownloadAsync(HttpContext http, CancellationToken cancellation)
    {
        var versions = await ReadAsync(http, cancellation);
        if (versions.Count == 0)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        var file = new MemoryStream();
        AreasFile.Write(versions.Select(one => one.Area), file);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(file.ToArray(), "application/geo+json", $"{versions[0].Area.Id}.geojson");
    }

    private async Task<Outcome<DateOnly>> ChangeAsync(SeenArea seen, Area area, Typed typed, CancellationToken cancellation)
    {
        DateOnly? from = null;
        if (typed["how"] == "from" && (from = DayOf(typed["from"])) is null)
        {
            return Refusal.Invalid("ui.badDay", "from");
        }
        if (from is null && typed["from"] is not null)
        {
            return Refusal.Invalid("ui.areaWhole", "how"); // A day that changes nothing would be thrown away unseen.
        }
        if (typed["owner"] is { } owner && owner != area.Owner && await BodyMap.RefusalOfAsync(store, owner, "owner", cancellation) is not null)
        {
            return Refusal.Invalid("ui.unknownBody", "owner");
        }
        // A language that the form has no field for stays.
        var names = area.Names.ByLanguage.Where(name => !Languages.Known(name.Key)).Concat(Languages.All.Select(language => KeyValuePair.Create(language, typed["names." + language]!)).Where(name => name.Value is not null));
        var facts = new AreaFacts(new Text(names), typed["parent"], typed["owner"], [.. EntryJson.Parts(typed["postcodes"]).Distinct(StringComparer.Ordinal)], typed.Is("private"));
        return await edit.ChangeAsync(seen, facts, from, caller.Actor, cancellation);
    }

    private async Task<Outcome<DateOnly>> EndAsync(SeenArea seen, Typed typed, CancellationToken cancellation) =>
        DayOf(typed["until"]) is { } last ? await edit.EndAsync(seen, last, typed.Is("sure"), caller.Actor, cancellation) : Refusal.Invalid("ui.badDay", "until");

    private async Task<IReadOnlyList<HeldArea>> ReadAsync(HttpContext http, CancellationToken cancellation) =>
        Here.Value(http.Request, "id") is { } id && Refusal.OfNul(id, "id") is null ? await EditAreas.ReadAsync(store, id, cancellation) : [];

    /// <summary>The version that is asked for; without a day the one of today, else the newest.</summary>
    private HeldArea? Find(IReadOnlyList<HeldArea> versions, HttpContext http) =>
        Here.Value(http.Request, "from") is { } from ? versions.FirstOrDefault(one => AreaPages.Iso(one.Area.ValidFrom) == from)
        : versions.FirstOrDefault(one => one.Area.ValidOn(dates.Today)) ?? (versions is [.., var newest] ? newest : null);

    /// <summary>What was typed into one form, and what is held in the others.</summary>
    private static Typed Filled(Area area, Typed? typed)
    {
        var filled = typed is not null && typed["do"] is not ("end" or "reopen" or "takeBack");
        typed ??= new Typed();
        if (!filled)
        {
            foreach (var language in Languages.All)
            {
                typed["names." + language] = area.Names.Exactly(language);
            }
            (typed["parent"], typed["owner"], typed["postcodes"], typed["private"], typed["how"]) = (area.Parent, area.Owner, string.Join(", ", area.Postcodes), area.Private ? "true" : null, "whole");
        }
        if (typed["do"] != "end")
        {
            typed["until"] = area.ValidTo < DateOnly.MaxValue ? AreaPages.Iso(area.ValidTo) : null;
        }
        return typed;
    }

    private List<Option> ParentsOf(Area area, DateOnly day)
    {
        var known = map.Current;
        var options = known.On(day).Around(area).Select(other => new Option(other.Id, other.Names.In(caller.Language) is { Length: > 0 } name ? name : other.Id)).ToList();
        if (area.Parent is { } parent && options.TrueForAll(option => option.Value != parent))
        {
            options.Insert(0, new Option(parent, known.As(parent, day)?.Names.In(caller.Language) is { Length: > 0 } name ? name : parent));
        }
        return options;
    }

    private async Task<List<Option>> OwnersOfAsync(Area area, CancellationToken cancellation)
    {
        var bodies = (await BodyMap.ReadAsync(store, cancellation)).Where(body => body.Active || body.Id == area.Owner).Select(body => new Option(body.Id, body.Names.In(caller.Language)))
            .OrderBy(option => option.Label, StringComparer.Create(CultureInfo.CurrentUICulture, true)).ToList();
        if (area.Owner is { } owner && bodies.TrueForAll(option => option.Value != owner))
        {
            bodies.Insert(0, new Option(owner, owner));
        }
        return bodies;
    }

    private static DateOnly? DayOf(string? typed) => DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
