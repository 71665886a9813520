using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A big import that is decided: all of it will be there, and until then this says how far it is. Kept afterwards, as a record of who imported what.</summary>
public sealed class ImportRow
{
    public required Guid Id { get; init; }

    /// <summary>See <see cref="SlicedImport.Kind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the file, without its folder.</summary>
    public required string File { get; init; }

    /// <summary>When it was decided, UTC microseconds.</summary>
    public required long At { get; init; }

    public required Guid Actor { get; init; }

    /// <summary>Records in it.</summary>
    public required long Count { get; init; }

    /// <summary>Records that are applied.</summary>
    public long Done { get; set; }

    public long Version { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<ImportRow>(row =>
    {
        row.ToTable("imports").HasKey(i => i.Id);
        row.Property(i => i.Id).ValueGeneratedNever();
    });
}
