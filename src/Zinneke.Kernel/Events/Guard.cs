using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Stands for a rule over several rows, which no unique key and no single Version can keep. Every unit that relies on the rule raises it (a rebuild of a follower: that nobody has called it off): of two at once one runs again, on what the other left.</summary>
internal sealed class Guard
{
    /// <summary>Area and rule, such as <c>people.administrators</c>.</summary>
    public required string Name { get; init; }

    public long Version { get; set; }

    public static async Task RaiseAsync(Unit unit, string name, CancellationToken cancellation)
    {
        if (await unit.Store.Set<Guard>().FirstOrDefaultAsync(guard => guard.Name == name, cancellation) is { } guard)
        {
            unit.Store.Entry(guard).State = EntityState.Modified;
        }
        else
        {
            unit.Store.Add(new Guard { Name = name });
        }
    }

    internal static void Map(ModelBuilder model) => model.Entity<Guard>(guard => guard.ToTable("guards").HasKey(g => g.Name));
}
