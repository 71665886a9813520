using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Zinneke.Kernel;

/// <summary>What a thing of the audit trail is called, and the page of staff on which it is.</summary>
/// <param name="Path">Without the language; null when it has none.</param>
public sealed record AuditedName(string Label, string? Path);

/// <summary>With what a value is put into words.</summary>
/// <param name="Services">Of the request.</param>
/// <param name="Names">Of persons and keys whose ids are among the values.</param>
public sealed record AuditScene(IServiceProvider Services, string Language, IReadOnlyDictionary<Guid, string> Names);

/// <summary>
/// Says in words what the audit trail holds of one kind of subject. Each part of the program that publishes events contributes one for each kind that they are about; its texts are
/// <c>{area}.subject.{kind}</c>, <c>{area}.audit.field.{field}</c>, and <c>{area}.did.{...}</c> for actions.
/// </summary>
/// <param name="area">Whose texts they are, such as <c>reports</c>.</param>
/// <param name="kind">As in <see cref="Subject"/>.</param>
public class AuditedKind(string area, string kind)
{
    public string Area => area;

    public string Kind => kind;

    public string TextKey => $"{area}.subject.{kind}";

    /// <summary>Key of what an event says was done; null for the usual one, <see cref="AuditWords.UsualKey"/>.</summary>
    /// <param name="type">Of the event.</param>
    /// <param name="data">Of the event; null where any of the type is meant.</param>
    public virtual string? ActionKey(string type, JsonNode? data) => null;

    /// <summary>What some things of the kind are called; those that are gone are left out.</summary>
    public virtual Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, AuditedName>>(FrozenDictionary<string, AuditedName>.Empty);

    /// <summary>A value as people read it, also in what a person sees of what is held about them; null to show it as it is written.</summary>
    public virtual string? Say(string field, JsonNode value, AuditScene scene) => null;
}

/// <summary>Puts the audit trail into words.</summary>
public sealed class AuditWords(IEnumerable<AuditedKind> kinds, IEnumerable<WordList> lists, Words words)
{
    private readonly FrozenDictionary<string, AuditedKind> known = kinds.ToFrozenDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>All kinds of subjects.</summary>
    public IEnumerable<AuditedKind> Kinds => known.Values.OrderBy(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>The names of all types of events of this program.</summary>
    public IReadOnlyList<string> Types { get; } =
    [
        .. lists.Select(list => list.Marker.Assembly).Distinct().SelectMany(assembly => assembly.GetTypes()).Select(type => type.GetCustomAttribute<EventTypeAttribute>()?.Name).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal),
    ];

    public AuditedKind? Find(string kind) => known.GetValueOrDefault(kind);

    /// <summary>What an event says was done, in the language of the request.</summary>
    public string Did(Event happened) => Did(happened.Type, Find(happened.Subject.Kind)?.ActionKey(happened.Type, JsonNode.Parse(happened.Data)));

    /// <summary>What events of a type say was done.</summary>
    public string Did(string type) => Did(type, known.Values.Select(kind => kind.ActionKey(type, null)).FirstOrDefault(key => key is not null));

    public string KindOf(string kind) => Find(kind) is { } audited && words.Find(audited.TextKey) is { } said ? said : kind;

    public string FieldOf(string kind, string field) => (Find(kind) is { } audited ? words.Find($"{audited.Area}.audit.field.{field}") : null) ?? field;

    /// <summary>Where an event's words are, unless its kind of subject says otherwise: <c>kernel.key.made</c> has <c>kernel.did.key.made</c>.</summary>
    public static string UsualKey(string type) => type.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? $"{type[..dot]}.did.{type[(dot + 1)..]}" : type;

    private string Did(string type, string? key) => (key is null ? null : words.Find(key)) ?? words.Find(UsualKey(type)) ?? type;
}
