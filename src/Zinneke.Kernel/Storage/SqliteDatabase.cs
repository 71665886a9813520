using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Zinneke.Kernel;

/// <summary>The embedded store: one file in write-ahead mode.</summary>
internal sealed class SqliteDatabase : Database
{
    private const int ErrorCode = 1;
    private const int ConstraintCode = 19;
    private const int MismatchCode = 20;
    private static readonly Dictionary<string, string> Types = new()
    {
        ["uuid"] = "BLOB", ["text"] = "TEXT", ["bytes"] = "BLOB", ["long"] = "INTEGER", ["int"] = "INTEGER", ["real"] = "REAL", ["bool"] = "INTEGER", ["json"] = "TEXT",
    };

    private readonly string connectionString;

    /// <summary>
    /// A connection serves one thread at a time, which is all that is asked of it: without a lock around every single value of a row, and without one count of memory for
    /// all threads, reading takes half the time. Said before the library opens its first file.
    /// </summary>
    static SqliteDatabase()
    {
        const int configMultithread = 2, configMemoryStatus = 9;
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_config(configMultithread);
        SQLitePCL.raw.sqlite3_config(configMemoryStatus, 0);
    }

    public SqliteDatabase(string file, IReadOnlyList<TableMap> maps) : base(maps)
    {
        File = file;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Cache = SqliteCacheMode.Private,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();
    }

    public string File { get; }

    internal override IReadOnlyDictionary<string, string> ColumnTypes => Types;

    internal override string Name => "sqlite";

    internal override string MigrationLockSql => "SELECT 1";

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellation = default)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellation);
        Prepare(connection);
        return connection;
    }

    /// <summary>Handles that have their settings: a pool gives the same ones out again and again.</summary>
    private static readonly ConditionalWeakTable<SQLitePCL.sqlite3, object> Prepared = [];

    /// <summary>The settings that every connection needs; they are not kept in the file, except WAL.</summary>
    internal static void Prepare(DbConnection connection)
    {
        if (((SqliteConnection)connection).Handle is not { } handle || Prepared.TryGetValue(handle, out _))
        {
            return;
        }
        using var command = connection.CreateCommand();
        // FULL: an acknowledged commit has reached the disk. NORMAL would lose the last commits when the machine dies.
        // busy_timeout: verbs beside the server wait for the writer instead of failing. journal_size_limit: a burst of writes does not leave a huge WAL behind.
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=15000; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;";
        command.ExecuteNonQuery();
        Prepared.AddOrUpdate(handle, Prepared); // Only now: one that could not be set must not come out of the pool as if it were.
    }

    protected override DbContextOptionsBuilder<Store> Configure(DbContextOptionsBuilder<Store> builder) =>
        builder.UseSqlite(connectionString).AddInterceptors(new PrepareOnOpen());

    internal override bool IsConflict(Exception failure) => failure switch
    {
        DbUpdateConcurrencyException => true,
        DbUpdateException { InnerException: { } inner } => IsConflict(inner),
        SqliteException { SqliteErrorCode: ConstraintCode } sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067, // primary key, unique
        _ => false,
    };

    internal override bool IsOutage(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is not (ErrorCode or ConstraintCode or MismatchCode),
        { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    private sealed class PrepareOnOpen : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Prepare(connection);
            return Task.CompletedTask;
        }
    }
}
