using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A part of the demonstration city that this installation holds, or is about to.</summary>
public sealed class DemoPartRow
{
    public required string Name { get; set; }

    /// <summary>UTC microseconds.</summary>
    public long BegunAt { get; set; }

    /// <summary>Null while it is being made, and after a crash until it is finished.</summary>
    public long? DoneAt { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<DemoPartRow>(part => part.ToTable("demo_parts").HasKey(p => p.Name));
}
