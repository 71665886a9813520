using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// A form for one record of a catalogue, <c>/admin/{word}/{id}</c>. It is sent through the same check as a file: fields are named as in the file (<c>names.fr</c>,
/// <c>sla.value</c>), so that each fault stands beside its field.
/// </summary>
/// <param name="list">Name of the list in the file: <c>bodies</c>.</param>
/// <param name="idField">Member that holds the record's id: <c>id</c>, <c>code</c>.</param>
/// <param name="key">Texts: <c>{key}.new</c>, the title of the empty form.</param>
/// <param name="faultKey">Texts <c>{faultKey}{Member}</c> say what is expected of a member, such as <c>ui.refusal.bodyNames</c>.</param>
public abstract class EntryForm(ImportKind kind, string list, string idField, string key, string faultKey)
{
    public ImportKind Kind => kind;

    public string List => list;

    public string IdField => idField;

    public string Key => key;

    public string FaultKey => faultKey;

    /// <summary>Whether records can be taken out; where others name them they stay, as inactive.</summary>
    public virtual bool CanRemove => false;

    /// <summary>Whether somebody may change this record; null for a new one.</summary>
    public virtual bool MayChange(Caller caller, string? id) => caller.Can(kind.Permission);

    /// <summary>What the record is called: by its id, unless it has a name.</summary>
    public virtual Text NameOf(JsonObject record) => (string?)record[idField] is { } id ? Text.Four(id, id, id, id) : Text.Empty;

    /// <summary>What a new record begins with.</summary>
    /// <param name="asked">May say what it is about.</param>
    public virtual JsonObject Begin(IQueryCollection asked) => [];

    /// <summary>What the fields hold when the form is opened; an empty record is a new one.</summary>
    public abstract Typed Read(JsonObject record);

    /// <summary>Writes what was typed into the record. What the form has no field for, and what the caller may not change, stays as it was.</summary>
    public abstract void Write(JsonObject record, Typed typed, Caller caller);

    /// <summary>The photos that the form takes; null for none.</summary>
    public virtual UploadLimits? Uploads => null;

    /// <summary>Writes the photos that were sent into the record; those that cannot be taken have been refused before.</summary>
    public virtual Task WritePhotosAsync(JsonObject record, IReadOnlyList<IncomingPhoto> photos, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The fields.</summary>
    public abstract Task<RenderFragment> DrawAsync(EntryScene scene, CancellationToken cancellation);

    /// <summary>The field that a fault belongs to; the same path without places in lists, unless a form has it otherwise.</summary>
    public virtual string FieldOf(string path) => path.IndexOf('[', StringComparison.Ordinal) is >= 0 and var bracket ? path[..bracket] : path;
}

/// <summary>What the fields of a form are drawn with.</summary>
/// <param name="Id">Null for a new record.</param>
public sealed record EntryScene(Store Store, Caller Caller, string? Id, Typed Typed);

/// <summary>What stands in the fields of a form.</summary>
public sealed class Typed
{
    private readonly Dictionary<string, StringValues> fields = new(StringComparer.Ordinal);

    public Typed()
    {
    }

    public Typed(IEnumerable<KeyValuePair<string, StringValues>> fields) => this.fields = new(fields, StringComparer.Ordinal);

    /// <summary>The trimmed value of a field, lines ended by \n; null when it is empty or not there.</summary>
    public string? this[string field]
    {
        get => fields.TryGetValue(field, out var values) && values.FirstOrDefault()?.ReplaceLineEndings("\n").Trim() is { Length: > 0 } value ? value : null;
        set => fields[field] = value;
    }

    /// <summary>Everything that was ticked or sent under a name.</summary>
    public IReadOnlyList<string> All(string field) => fields.TryGetValue(field, out var values) ? [.. values.OfType<string>()] : [];

    /// <summary>The first instant of a day in a zone, UTC microseconds; null when the field is empty.</summary>
    public Outcome<long?> Day(string field, TimeZoneInfo zone)
    {
        if (this[field] is not { } day)
        {
            return (long?)null;
        }
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return Refusal.Invalid("ui.badDay", field);
        }
        return Instants.StartOf(date, zone);
    }

    public void Set(string field, IEnumerable<string> values) => fields[field] = values.ToArray();

    public bool Is(string field) => this[field] == "true";
}
