using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Puts the demonstration city together from the parts that modules contribute (K47): what is missing is added, what is there stays as people have changed it.</summary>
public sealed class Demonstration(IEnumerable<DemoPart> parts, Writer writer, Database database, TimeProvider time, IServiceProvider services)
{
    /// <summary>Adds the parts that the installation does not hold yet. Of several nodes on one PostgreSQL one does so, and the others wait for it; on SQLite there is one server.</summary>
    /// <returns>Names of the parts added, in order.</returns>
    /// <exception cref="BadInputException">The installation holds areas, reports or the like of its own, and no part of the demonstration.</exception>
    public async Task<IReadOnlyList<string>> AddMissingAsync(CancellationToken cancellation)
    {
        var ordered = InOrder([.. parts]);
        await using var alone = database.IsSqlite ? null : await SessionLock.WaitAsync(database, "demo", cancellation);
        var rows = await RowsAsync(ordered, cancellation);
        var added = new List<string>();
        foreach (var part in ordered.Where(part => rows.GetValueOrDefault(part.Name)?.DoneAt is null))
        {
            var now = time.NowMicros();
            if (!rows.ContainsKey(part.Name))
            {
                await writer.DoAsync(Actor.System, unit => Task.FromResult(unit.Store.Add(new DemoPartRow { Name = part.Name, BegunAt = unit.Now })), cancellation);
            }
            await part.MakeAsync(new DemoStage(services, now, new Random(SeedOf(part.Name))), cancellation);
            await writer.DoAsync(Actor.System, async unit => (await unit.Store.Set<DemoPartRow>().SingleAsync(row => row.Name == part.Name, cancellation)).DoneAt = unit.Now, cancellation);
            added.Add(part.Name);
        }
        return added;
    }

    private async Task<Dictionary<string, DemoPartRow>> RowsAsync(IReadOnlyList<DemoPart> ordered, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var rows = await store.Set<DemoPartRow>().AsNoTracking().ToDictionaryAsync(row => row.Name, cancellation);
        foreach (var part in rows.Count == 0 ? ordered : [])
        {
            if (await part.FindsOthersAsync(store, cancellation))
            {
                throw new BadInputException($"this installation holds data of its own where the demonstration would put {part.Name}: give --demo an empty folder");
            }
        }
        return rows;
    }

    /// <summary>Each part behind those that it builds on.</summary>
    /// <exception cref="InvalidOperationException">Parts wait for one another.</exception>
    internal static IReadOnlyList<DemoPart> InOrder(IReadOnlyList<DemoPart> parts)
    {
        var open = parts.OrderBy(part => part.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<DemoPart>();
        while (open.Count > 0)
        {
            var next = open.Find(part => !part.After.Any(name => open.Exists(other => other.Name == name)))
                ?? throw new InvalidOperationException($"parts of the demonstration wait for one another: {string.Join(", ", open.Select(part => part.Name))}");
            open.Remove(next);
            ordered.Add(next);
        }
        return ordered;
    }

    /// <summary>FNV-1a of the name: the same on every machine, unlike a hash code.</summary>
    private static int SeedOf(string name) => unchecked((int)Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (hash, next) => (hash ^ next) * 16777619u));
}

/// <summary>Registers the demonstration and its verb.</summary>
public static class DemoSetup
{
    private static readonly Command Verb = new(null, "demo", "Adds the demonstration city, without starting the site.", "demo --data var")
    {
        Run = async call =>
        {
            await call.OpenStoreAsync();
            var added = await call.Service<Demonstration>().AddMissingAsync(call.Stop);
            await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
            return Result.Of(new { added });
        },
    };

    public static IServiceCollection AddDemo(this IServiceCollection services) => services.AddSingleton<Demonstration>().AddSingleton<DemoPart, CityPart>().AddSingleton<DemoPart, StreetsPart>().AddSingleton(Verb);
}
