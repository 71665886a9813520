using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>A line of the audit trail as people read it.</summary>
/// <param name="Who">Name of a person or key, or what they are when they have none.</param>
/// <param name="Did">What was done.</param>
/// <param name="Kind">What kind of thing it was done to.</param>
/// <param name="Thing">What it is called; null when it is gone or has no name.</param>
/// <param name="Body">Name of the body for which it was done; null when it concerns none.</param>
/// <param name="Changes">Field, before and after in words; before is null where nothing was.</param>
public sealed record AuditedLine(AuditEntry Entry, string Who, string Did, string Kind, AuditedName? Thing, string? Body, IReadOnlyList<(string Field, string? Before, string After)> Changes);

/// <summary>What the page shows.</summary>
/// <param name="Next">Address of the next page.</param>
/// <param name="Body">Whose trail it is; null for that of the whole installation.</param>
/// <param name="MayAll">The reader administers the whole installation, and not one body.</param>
public sealed record AuditListView(
    Typed Typed, IReadOnlyList<AuditedLine> Lines, string? Next, bool IsFirst, bool MayAll, IReadOnlyList<Option> Kinds, IReadOnlyList<Option> Types, IReadOnlyList<Option> Bodies, string? Body, Refusal? Refusal);

/// <summary><c>/{lang}/admin/audit</c>: who did what, when and for which body; filters are the address, pages go by key.</summary>
internal static class AuditPages
{
    public static void MapAudits(this Doors doors) =>
        doors.Pages.MapGet("/admin/audit", (HttpContext http, AuditDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, cancellation)).Needs(AuditPermissions.Read);
}

/// <summary>Puts the trail into words.</summary>
internal sealed class AuditDesk(Store store, ReadAudit read, AuditWords audited, Cursors cursors, BodyMap bodies, Words words, Caller caller)
{
    private const int LinesShown = 50;

    public async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!cursors.Of<AuditPlace>(http.Request).Is(out var after, out var refusal))
        {
            return refusal.AsProblem();
        }
        if (!(await read.QueryOfAsync(http.Request.Query, cancellation)).Is(out var query, out refusal))
        {
            return refusal.Kind == RefusalKind.Invalid ? Page(http, new AuditPage([], new Dictionary<Guid, string>(), null), [], http.Request.Query["body"], refusal) : refusal.AsProblem();
        }
        var page = await read.PageAsync(query, after, LinesShown, cancellation);
        return Page(http, page, await LinesAsync(http, page, cancellation), query.Body, null);
    }

    private RazorComponentResult<AuditListPage> Page(HttpContext http, AuditPage page, IReadOnlyList<AuditedLine> lines, string? body, Refusal? refusal)
    {
        var culture = StringComparer.Create(CultureInfo.CurrentCulture, ignoreCase: true);
        var view = new AuditListView(
            new Typed(http.Request.Query), lines, page.Next is { } next ? Here.With(http.Request, ("cursor", cursors.Next(http.Request, next))) : null, http.Request.Query["cursor"].Count == 0, read.Reach.Whole,
            [.. audited.Kinds.Select(kind => new Option(kind.Kind, audited.KindOf(kind.Kind))).OrderBy(option => option.Label, culture)],
            [.. audited.Types.Select(type => new Option(type, audited.Did(type))).OrderBy(option => option.Label, culture)],
            [.. read.Reach.Bodies.Select(id => new Option(id, NameOf(id))).OrderBy(option => option.Label, culture)], body, refusal);
        return SignInPages.Page<AuditListPage>(new { View = view }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    private async Task<IReadOnlyList<AuditedLine>> LinesAsync(HttpContext http, AuditPage page, CancellationToken cancellation)
    {
        var things = new Dictionary<(string, string), AuditedName>();
        foreach (var group in page.Entries.Select(entry => entry.Event.Subject).Distinct().GroupBy(subject => subject.Kind))
        {
            if (audited.Find(group.Key) is { } kind)
            {
                foreach (var (id, name) in await kind.NamesAsync(store, [.. group.Select(subject => subject.Id)], caller.Language, cancellation))
                {
                    things[(group.Key, id)] = name;
                }
            }
        }
        var scene = new AuditScene(http.RequestServices, caller.Language, page.Names);
        return
        [
            .. page.Entries.Select(entry => new AuditedLine(
                entry, Who(entry.Event.Actor, page.Names), audited.Did(entry.Event), audited.KindOf(entry.Event.Subject.Kind), things.GetValueOrDefault((entry.Event.Subject.Kind, entry.Event.Subject.Id)),
                entry.Event.Body is { } body ? NameOf(body) : null, ChangesOf(entry, scene))),
        ];
    }

    private List<(string Field, string? Before, string After)> ChangesOf(AuditEntry entry, AuditScene scene)
    {
        var kind = entry.Event.Subject.Kind;
        string? Say(string field, System.Text.Json.Nodes.JsonNode? value) => value is null ? null : audited.Find(kind)?.Say(field, value, scene) ?? value.ToString();
        return [.. entry.Changes.Select(change => (audited.FieldOf(kind, change.Field), Say(change.Field, change.Before), Say(change.Field, change.After) ?? "–"))];
    }

    private string Who(Actor actor, IReadOnlyDictionary<Guid, string> names) =>
        actor == Actor.System ? words["ui.admin.program"] : actor == Actor.Anonymous ? words["ui.audit.nobody"] : names.GetValueOrDefault(actor.Id) ?? words["ui.admin.somebodyGone"];

    private string NameOf(string body) => bodies.Find(body)?.Names.In(caller.Language) ?? body;
}

/// <summary>Lists with editions, each of which has its page of settings.</summary>
internal sealed class CatalogueAudited(IEnumerable<CatalogueLook> looks, Words words) : AuditedKind("ui", "catalogue")
{
    public override Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, AuditedName>>(looks.Where(look => ids.Contains(look.Kind.Catalogue)).DistinctBy(look => look.Kind.Catalogue)
            .ToDictionary(look => look.Kind.Catalogue, look => new AuditedName(words.In(language, look.Key + ".title"), look.Path), StringComparer.Ordinal));
}
