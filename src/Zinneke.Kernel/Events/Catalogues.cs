namespace Zinneke.Kernel;

/// <summary>Puts a new edition of a catalogue in force.</summary>
public static class Catalogues
{
    /// <summary>Adds an edition unless it says the same as the one in force.</summary>
    /// <param name="text">The whole catalogue.</param>
    /// <param name="count">Records in it.</param>
    /// <returns>The edition now in force.</returns>
    public static long Put(this Unit unit, CatalogueRow? current, string kind, string text, int count)
    {
        if (current?.Text == text)
        {
            return current.Edition;
        }
        var edition = (current?.Edition ?? 0) + 1;
        unit.Store.Add(new CatalogueRow { Kind = kind, Edition = edition, Text = text, At = unit.Now, Actor = unit.Actor.Id });
        unit.Publish(new Subject("catalogue", kind), edition, new CatalogueImported(kind, edition, count));
        return edition;
    }
}
