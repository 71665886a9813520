using System.Text.Json;
using System.Text.Json.Nodes;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>What one part of the program holds about a person, in words.</summary>
/// <param name="Entries">Fields of each, with label and value; the newest first.</param>
/// <param name="More">There are more than are shown.</param>
public sealed record HeldPart(IReadOnlyList<IReadOnlyList<(string Label, string Value)>> Entries, bool More);

/// <summary>
/// Puts what is held about a person into words: codes become what they stand for, things are called as the trail of audit calls them, and ids that say nothing to a person are left to the file. Fields that no part names stay as they
/// are written.
/// </summary>
internal sealed class HeldWords(Store store, AuditWords audited, RoleBook book, BodyMap bodies, AreaMap areas, Dates dates, Words words, Caller caller)
{
    /// <summary>Entries of a part that are shown; the file holds all.</summary>
    public const int ShownMax = 50;

    /// <summary>What people wrote is shown as they wrote it, whatever it looks like.</summary>
    private static readonly HashSet<string> Free = new(StringComparer.Ordinal) { "description", "address", "text", "wording", "name", "query" };

    /// <param name="held">Of each part what it exports, one more than is shown where there is more.</param>
    public async Task<IReadOnlyDictionary<string, HeldPart>> OfAsync(IReadOnlyDictionary<string, IReadOnlyList<object>> held, IServiceProvider services, CancellationToken cancellation)
    {
        var shown = held.ToDictionary(part => part.Key, part => part.Value.Take(ShownMax).Select(entry => JsonSerializer.SerializeToNode(entry, entry.GetType(), Json.Options)!.AsObject()).ToList(), StringComparer.Ordinal);
        var things = await ThingsAsync(shown.Values.SelectMany(entries => entries).SelectMany(entry => entry).SelectMany(field => SubjectsOf(field.Key, field.Value)).Distinct(), cancellation);
        var scene = new AuditScene(services, caller.Language, new Dictionary<Guid, string>());
        return shown.ToDictionary(
            part => part.Key, part => new HeldPart(
                [.. part.Value.Select(entry => (IReadOnlyList<(string, string)>)[.. entry.Select(field => (LabelOf(field.Key), Said(part.Key, field.Key, field.Value, things, scene))).Where(field => field.Item2.Length > 0)])],
                held[part.Key].Count > ShownMax),
            StringComparer.Ordinal);
    }

    private async Task<Dictionary<Subject, string>> ThingsAsync(IEnumerable<Subject> asked, CancellationToken cancellation)
    {
        var things = new Dictionary<Subject, string>();
        foreach (var group in asked.GroupBy(subject => subject.Kind))
        {
            var names = await audited.Find(group.Key)!.NamesAsync(store, [.. group.Select(subject => subject.Id)], caller.Language, cancellation);
            foreach (var subject in group)
            {
                things[subject] = names.TryGetValue(subject.Id, out var name) ? $"{audited.KindOf(subject.Kind)} {name.Label}" : audited.KindOf(subject.Kind);
            }
        }
        return things;
    }

    /// <summary><c>report:0198…</c>, of a kind that somebody names.</summary>
    private Subject? SubjectOf(string field, JsonNode? value) =>
        value is JsonValue && !Free.Contains(field) && value.ToString().Split(':') is [var kind, var id] && audited.Find(kind) is not null ? new Subject(kind, id) : null;

    private IEnumerable<Subject> SubjectsOf(string field, JsonNode? value) => value switch
    {
        JsonArray list => list.SelectMany(one => SubjectsOf(field, one)),
        JsonObject fields => fields.SelectMany(one => SubjectsOf(one.Key, one.Value)),
        _ => SubjectOf(field, value) is { } subject ? [subject] : [],
    };

    private string LabelOf(string field) => words.Find("ui.data.field." + field) ?? field;

    private string Said(string part, string field, JsonNode? value, IReadOnlyDictionary<Subject, string> things, AuditScene scene) => value switch
    {
        null => "",
        JsonArray list => string.Join(", ", list.Select(one => Said(part, field, one, things, scene)).Where(one => one.Length > 0)),
        JsonValue when SubjectOf(field, value) is { } subject => things[subject],
        JsonValue => value.GetValueKind() switch
        {
            JsonValueKind.True => words["ui.yes"],
            JsonValueKind.False => words["ui.no"],
            JsonValueKind.String => Said(part, field, value.ToString(), scene),
            _ => value.ToString(),
        },
        JsonObject fields => string.Join(", ", fields.Select(one => Said(part, one.Key, one.Value, things, scene)).Where(one => one.Length > 0)),
        _ => value.ToJsonString(Json.Options),
    };

    private string Said(string part, string field, string value, AuditScene scene) =>
        Free.Contains(field) ? OfKernel(field, value) ?? OfModule(part, field, value, scene) ?? value
        : Guid.TryParse(value, out _) ? ""
        : Instants.TryRead(value, out var micros) ? $"{dates.Day(micros)}, {dates.Hour(micros)}"
        : OfKernel(field, value) ?? OfModule(part, field, value, scene) ?? value;

    /// <summary>Codes of the kernel's own nouns.</summary>
    private string? OfKernel(string field, string value) => field switch
    {
        "level" => words.Find("ui.account.level." + value),
        "language" => Languages.All.Contains(value) ? Languages.OwnName(value) : null,
        "role" => book.Roles.FirstOrDefault(role => role.Key == value) is { } role ? words.Find(role.TextKey) : null,
        "body" => bodies.Find(value)?.Names.In(caller.Language),
        "municipality" or "areas" => areas.Current.On(dates.Today).Find(value)?.Names.In(caller.Language),
        "scopes" => book.Scopes.FirstOrDefault(scope => value == scope.Name || value.StartsWith(scope.Name + ":", StringComparison.Ordinal)) is { } scope ? $"{words.Find(scope.TextKey) ?? scope.Help} ({value})" : null,
        "pace" => words.Find("ui.mailPace." + value.ToLowerInvariant()),
        "notice" => words.Find(value + ".subject", "…", "…", "…", "…", "…", "…", "…"),
        "state" => words.Find("ui.data.mailState." + value),
        "text" => words.Find(value),
        _ => null,
    };

    /// <summary>Codes of the module that holds it, such as a category.</summary>
    private string? OfModule(string part, string field, string value, AuditScene scene) =>
        audited.Kinds.Where(kind => part.StartsWith(kind.Area + ".", StringComparison.Ordinal)).Select(kind => kind.Say(field == "categories" ? "category" : field, JsonValue.Create(value), scene)).FirstOrDefault(said => said is not null);
}
