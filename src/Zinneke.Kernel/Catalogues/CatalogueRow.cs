using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// A set of records that is imported, checked and put in force as a whole: bodies, categories, rules. Kept as the text of its file, one row for each version; the
/// newest is in force, and older ones say what was in force when something was decided.
/// </summary>
public sealed class CatalogueRow
{
    public required string Kind { get; init; }

    /// <summary>1, 2, 3 ... within the kind.</summary>
    public required long Edition { get; init; }

    /// <summary>The file's text, written in our own form; empty for areas, which are rows of their own.</summary>
    public required string Text { get; init; }

    /// <summary>What putting it in force changed, as JSON of <see cref="EditionSummary"/>; null for editions of before that was noted.</summary>
    public string? Summary { get; init; }

    /// <summary>When it came into force, UTC microseconds.</summary>
    public required long At { get; init; }

    public required Guid Actor { get; init; }

    internal static void Map(ModelBuilder model) => model.Entity<CatalogueRow>(row => row.ToTable("catalogues").HasKey(c => new { c.Kind, c.Edition }));

    /// <summary>The edition in force, or null when none was imported.</summary>
    public static Task<CatalogueRow?> CurrentAsync(Store store, string kind, CancellationToken cancellation = default) =>
        store.Set<CatalogueRow>().AsNoTracking().Where(c => c.Kind == kind).OrderByDescending(c => c.Edition).FirstOrDefaultAsync(cancellation);

    /// <summary>Number of the edition in force; 0 when none was imported.</summary>
    public static async Task<long> EditionAsync(Store store, string kind, CancellationToken cancellation = default) =>
        await store.Set<CatalogueRow>().Where(c => c.Kind == kind).MaxAsync(c => (long?)c.Edition, cancellation) ?? 0;
}

/// <summary>What an edition changed.</summary>
/// <param name="File">Name of the file that it was read from; null for a change by form.</param>
public sealed record EditionSummary(string? File, long Added, long Changed, long Removed);
