using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace Zinneke.Kernel;

/// <summary>Why something asked for was not done: the answer to bad input or a state that does not allow it, never a bug.</summary>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Code">A stable camelCase word; the text is looked up under <c>{area}.refusal.{word}</c>, so a code carries its area: <c>reports.unknownCategory</c>.
/// What goes over the wire is the part after the dot.</param>
/// <param name="Field">Path of the field at fault, such as <c>pieces[3].metres</c>; null when the whole request is.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string? Field = null)
{
    /// <summary>Values for the numbered placeholders of the text.</summary>
    public IReadOnlyList<object> Arguments { get; init; } = [];

    /// <summary>Several field errors at once; when empty, <see cref="Field"/> alone is at fault.</summary>
    public IReadOnlyList<Refusal> Errors { get; init; } = [];

    /// <summary>Further members of the problem details, such as <c>allowed</c>.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>The code without its area: what clients see.</summary>
    public string Word => Code[(Code.LastIndexOf('.') + 1)..];

    /// <summary>Key of the text in the area's resources.</summary>
    public string TextKey => $"{Code[..Code.LastIndexOf('.')]}.refusal.{Word}";

    public static Refusal Invalid(string code, string field, params object[] arguments) => new(RefusalKind.Invalid, code, field) { Arguments = arguments };

    /// <summary>422 when words hold U+0000, which PostgreSQL cannot keep and nobody can see; null for all others.</summary>
    public static Refusal? OfNul(string? words, string field) => words?.Contains('\0', StringComparison.Ordinal) == true ? Invalid("kernel.nulInText", field) : null;

    /// <summary>The same for all fields of a form, or of the query of an address.</summary>
    public static Refusal? OfNul(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.SelectMany(field => field.Value, (field, words) => OfNul(words, field.Key)).FirstOrDefault(refusal => refusal is not null);

    /// <summary>Gathers field errors into one refusal.</summary>
    public static Refusal Of(IReadOnlyList<Refusal> errors) =>
        errors.Count == 1 ? errors[0] : new Refusal(errors[0].Kind, "kernel.severalErrors") { Errors = errors };

    /// <summary>This refusal and those inside it, each with its field.</summary>
    public IEnumerable<Refusal> All() => Errors.Count == 0 ? [this] : Errors;
}

/// <summary>The kinds of refusal, one for each HTTP status that is an answer and not a bug.</summary>
public enum RefusalKind
{
    NotParseable = 400,
    Unauthenticated = 401,
    Forbidden = 403,
    NotFound = 404,
    NotAllowed = 405,
    Conflict = 409,
    Gone = 410,
    Stale = 412,
    TooBig = 413,
    WrongType = 415,
    Invalid = 422,
    TooMany = 429,
    Bug = 500,
    Busy = 503,
}

/// <summary>Either a value or the reason why there is none.</summary>
public readonly struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Refusal? refusal)
    {
        this.value = value;
        Refusal = refusal;
    }

    /// <summary>Null when the outcome is a value.</summary>
    public Refusal? Refusal { get; }

    public bool Ok => Refusal is null;

    /// <summary>The value; asking for it when there is a refusal is a bug and throws.</summary>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"no value: refused with {Refusal.Code}");

    /// <summary>True with the value, or false with the refusal.</summary>
    public bool Is([MaybeNullWhen(false)] out T got, [NotNullWhen(false)] out Refusal? refusal)
    {
        got = value;
        refusal = Refusal;
        return refusal is null;
    }

    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next) => Refusal is null ? next(value!) : Refusal;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of an outcome that has nothing to say but that it was done.</summary>
public readonly record struct Done;
