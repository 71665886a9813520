using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Zinneke.Kernel;

/// <summary>The database of an installation: SQLite in one file, or PostgreSQL. Opens contexts and connections; knows what differs between the two.</summary>
public abstract class Database : IAsyncDisposable
{
    private readonly IReadOnlyList<TableMap> maps;
    private DbContextOptions<Store>? options;

    protected Database(IReadOnlyList<TableMap> maps) => this.maps = maps;

    public IReadOnlyList<TableMap> Maps => maps;

    /// <summary>True for the embedded store.</summary>
    public bool IsSqlite => this is SqliteDatabase;

    /// <summary>A new context for one use case; the caller disposes it.</summary>
    public Store Open() => new(options ??= WithModel(), maps);

    /// <summary>A new open connection for prepared SQL; the caller disposes it, which gives it back to the pool.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellation = default);

    /// <summary>How the placeholders of migrations read on this store, such as <c>{uuid}</c>.</summary>
    internal abstract IReadOnlyDictionary<string, string> ColumnTypes { get; }

    /// <summary>Ending of migration files that are for this store only: <c>sqlite</c> or <c>postgres</c>.</summary>
    internal abstract string Name { get; }

    /// <summary>Takes the lock under which migrations run; released with the transaction.</summary>
    internal abstract string MigrationLockSql { get; }

    protected abstract DbContextOptionsBuilder<Store> Configure(DbContextOptionsBuilder<Store> builder);

    /// <summary>Options that hold the model, so that not every context looks for it.</summary>
    private DbContextOptions<Store> WithModel()
    {
        DbContextOptionsBuilder<Store> Plain() => Configure(new DbContextOptionsBuilder<Store>()).ReplaceService<IModelCacheKeyFactory, Store.ModelKey>();
        using var first = new Store(Plain().Options, maps);
        return Plain().UseModel(first.Model).Options;
    }

    /// <summary>True when somebody else changed the same rows first: a unique key or a Version stands in the way, and the use case may be run again.</summary>
    internal abstract bool IsConflict(Exception failure);

    /// <summary>True when the database itself is in trouble (away, overloaded, disk full), and not what was asked of it: the same may work later.</summary>
    internal abstract bool IsOutage(Exception failure);

    public abstract ValueTask DisposeAsync();

    /// <summary>Opens what <c>--store</c> and <c>--data</c> name.</summary>
    /// <param name="store"><c>sqlite</c>, or <c>postgres:</c> and a connection string.</param>
    /// <param name="sqliteFile">File of the embedded store; made when missing.</param>
    /// <param name="maps">Tables of the kernel and of every module.</param>
    /// <exception cref="BadInputException">The store is neither of the two.</exception>
    public static Database Of(string store, string sqliteFile, IReadOnlyList<TableMap> maps)
    {
        if (store == "sqlite")
        {
            return new SqliteDatabase(sqliteFile, maps);
        }
        const string prefix = "postgres:";
        return store.StartsWith(prefix, StringComparison.Ordinal)
            ? new PostgresDatabase(store[prefix.Length..], maps)
            : throw new BadInputException($"store: found \"{Fault.Shorten(store)}\", expected sqlite or postgres:CONNECTION-STRING");
    }
}
