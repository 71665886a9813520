using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>Puts a new edition of a catalogue in force.</summary>
public static class Catalogues
{
    /// <summary>Adds an edition.</summary>
    /// <param name="current">The edition in force, or null.</param>
    /// <param name="file">Name of the file that it was read from; null for a change by form.</param>
    public static void Put(this Unit unit, CatalogueRow? current, string kind, ImportChange change, string? file)
    {
        var edition = (current?.Edition ?? 0) + 1;
        unit.Store.Add(new CatalogueRow { Kind = kind, Edition = edition, Text = change.Text, Summary = JsonSerializer.Serialize(change.Edition(file), Json.Options), At = unit.Now, Actor = unit.Actor.Id });
        unit.Publish(new Subject("catalogue", kind), edition, new CatalogueImported(kind, edition, change.Count));
    }
}
