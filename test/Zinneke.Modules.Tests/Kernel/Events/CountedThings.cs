using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Testing.Events;

/// <summary>A noun of the tests: named things, each of which is counted up by events.</summary>
internal sealed class Thing
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public int Count { get; set; }

    public long Version { get; set; }
}

/// <summary>What the follower of the tests derives: the count of each thing, by generation.</summary>
internal sealed class ThingCount
{
    public int Generation { get; init; }

    public required string Thing { get; init; }

    public int Count { get; set; }
}

[EventType("test.thing.counted")]
internal sealed record ThingCounted(int Count);

internal static class ThingTables
{
    public static TableMap Map { get; } = new("test", Assembly.GetExecutingAssembly(), model =>
    {
        model.Entity<Thing>(t =>
        {
            t.ToTable("test_things").HasKey(x => x.Id);
            t.Property(x => x.Id).ValueGeneratedNever();
            t.HasIndex(x => x.Name).IsUnique();
        });
        model.Entity<ThingCount>(t => t.ToTable("test_thing_counts").HasKey(x => new { x.Generation, x.Thing }));
    });

    public static Task<Outcome<Guid>> AddThingAsync(this Writer writer, string name) => writer.DoAsync<Guid>(Actor.System, unit =>
    {
        var thing = new Thing { Id = unit.NextId(), Name = name, Count = 1 };
        unit.Store.Add(thing);
        unit.Publish(new Subject("thing", name), 1, new ThingCounted(1));
        return Task.FromResult<Outcome<Guid>>(thing.Id);
    });

    /// <summary>Raises the count by one; two at once conflict, and one of them runs again.</summary>
    public static Task<Outcome<int>> CountAsync(this Writer writer, string name) => writer.DoAsync<int>(Actor.System, async unit =>
    {
        var thing = await unit.Store.Set<Thing>().SingleAsync(t => t.Name == name);
        thing.Count++;
        unit.Publish(new Subject("thing", name), thing.Version + 1, new ThingCounted(thing.Count));
        return thing.Count;
    });
}

/// <summary>Sets the count of each thing from its events: set, never add, so that a repeat changes nothing.</summary>
internal sealed class ThingCounter : TableFollower
{
    public override string Name => "test.things";

    public override IReadOnlyList<Type> Derives => [typeof(ThingCount)];

    /// <summary>Thrown at instead of applying, to see what the runner makes of it.</summary>
    public Func<Exception?> Fault { get; set; } = () => null;

    /// <summary>How many events were applied, in every attempt that got through.</summary>
    public int Applied { get; private set; }

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        if (Fault() is { } fault)
        {
            throw fault;
        }
        foreach (var counted in events.Where(e => e.Is<ThingCounted>()))
        {
            var row = await unit.Store.Set<ThingCount>().FindAsync([generation, counted.Subject.Id], cancellation);
            if (row is null)
            {
                unit.Store.Add(row = new ThingCount { Generation = generation, Thing = counted.Subject.Id });
            }
            row.Count = counted.Read<ThingCounted>().Count;
            Applied++;
        }
    }

    public override async Task<bool> ClearAsync(Unit unit, int generation, CancellationToken cancellation)
    {
        var some = await unit.Store.Set<ThingCount>().Where(c => c.Generation == generation).Take(100).ToListAsync(cancellation);
        unit.Store.RemoveRange(some);
        return some.Count > 0;
    }
}

/// <summary>The same in memory.</summary>
internal sealed class ThingMemory : MemoryFollower
{
    public override string Name => "test.memory";

    public Dictionary<string, int> Counts { get; } = [];

    public bool Breaks { get; set; }

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        foreach (var thing in await store.Set<Thing>().AsNoTracking().ToListAsync(cancellation))
        {
            Counts[thing.Name] = thing.Count;
        }
    }

    public override Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (Breaks)
        {
            throw new InvalidOperationException("breaks");
        }
        foreach (var counted in events.Where(e => e.Is<ThingCounted>()))
        {
            Counts[counted.Subject.Id] = counted.Read<ThingCounted>().Count;
        }
        return Task.CompletedTask;
    }
}
