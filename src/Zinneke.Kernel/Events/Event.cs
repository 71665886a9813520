using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>What an event is about: a kind such as <c>report</c> and an id within the kind. The only way in which one module points at a thing of another.</summary>
public readonly record struct Subject(string Kind, string Id)
{
    public Subject(string kind, Guid id) : this(kind, id.ToString("D")) { }

    public override string ToString() => $"{Kind}:{Id}";
}

/// <summary>Who did something: a random id that says nothing by itself. Accounts and API keys have one each.</summary>
public readonly record struct Actor(Guid Id)
{
    /// <summary>The program itself: jobs, followers, imports at start.</summary>
    public static Actor System { get; } = new(new Guid("00000000-0000-8000-8000-000000000001"));

    /// <summary>A person who has not signed in.</summary>
    public static Actor Anonymous { get; } = new(new Guid("00000000-0000-8000-8000-000000000002"));
}

/// <summary>Names the type of an event in the log. The name never changes; when the fields change, the version rises and old versions stay readable.</summary>
/// <param name="name"><c>area.noun.verb_in_past</c>, such as <c>reports.report.received</c>.</param>
/// <param name="version">Version of the fields, from 1.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventTypeAttribute(string name, int version = 1) : Attribute
{
    private static readonly ConcurrentDictionary<Type, EventTypeAttribute> Known = new();

    public string Name { get; } = name;

    public int Version { get; } = version;

    /// <summary>The event type of a record.</summary>
    /// <exception cref="InvalidOperationException">The record has no event type.</exception>
    public static EventTypeAttribute Of(Type record) =>
        Known.GetOrAdd(record, r => r.GetCustomAttribute<EventTypeAttribute>() ?? throw new InvalidOperationException($"{r.Name} has no [EventType]"));
}

/// <summary>One entry of the log, sealed: it has its position and never changes.</summary>
/// <param name="Position">1, 2, 3 ... without gaps, in one order for all readers.</param>
/// <param name="Id">UUIDv7 given when it was written.</param>
/// <param name="Type">See <see cref="EventTypeAttribute"/>.</param>
/// <param name="Version">Version of the fields of this type.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="SubjectVersion">Version of the subject's row after the change.</param>
/// <param name="Body">The body concerned, or null.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="At">UTC microseconds since 1970.</param>
/// <param name="Data">The exact JSON text that was hashed.</param>
public sealed record Event(long Position, Guid Id, string Type, int Version, Subject Subject, long SubjectVersion, string? Body, Actor Actor, long At, string Data)
{
    /// <summary>True when the event is of this record's type and version.</summary>
    public bool Is<T>() where T : class => EventTypeAttribute.Of(typeof(T)) is var type && type.Name == Type && type.Version == Version;

    /// <summary>The fields as a record.</summary>
    /// <exception cref="JsonException">The data does not fit the record: a bug or a damaged log.</exception>
    public T Read<T>() where T : class => JsonSerializer.Deserialize<T>(Data, Json.Options) ?? throw new JsonException($"event {Position} holds no data");
}
