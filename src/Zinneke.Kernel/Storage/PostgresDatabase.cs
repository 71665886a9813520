using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>The store for production. Its connection must be direct, not through a transaction pooler: LISTEN and advisory locks live in the session.</summary>
internal sealed class PostgresDatabase : Database
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["uuid"] = "uuid", ["text"] = "text COLLATE \"C\"", ["bytes"] = "bytea", ["long"] = "bigint", ["int"] = "integer", ["real"] = "double precision", ["bool"] = "boolean", ["json"] = "jsonb",
    };

    /// <summary>Our transactions are short; an import's slice is the longest.</summary>
    private const int IdleInTransactionSecondsMax = 60;

    private readonly NpgsqlDataSource source;

    public PostgresDatabase(string connectionString, IReadOnlyList<TableMap> maps) : base(maps)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException malformed)
        {
            throw new BadInputException($"store: the PostgreSQL connection string is malformed: {malformed.Message}", malformed);
        }
        settings.ApplicationName ??= "zinneke";
        settings.MaxAutoPrepare = settings.MaxAutoPrepare == 0 ? 100 : settings.MaxAutoPrepare;
        // A node that vanishes without closing its connections holds the sealer's lock, or a transaction that nobody may pass, until the server gives it up.
        settings.Options = $"-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c idle_in_transaction_session_timeout={IdleInTransactionSecondsMax}s {settings.Options}".TrimEnd();
        source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        Connection = settings;
    }

    /// <summary>Where it is and how to get in, for PostgreSQL's own programs.</summary>
    internal NpgsqlConnectionStringBuilder Connection { get; }

    internal NpgsqlDataSource Source => source;

    internal override IReadOnlyDictionary<string, string> ColumnTypes => Types;

    internal override string Name => "postgres";

    /// <summary>Any number will do that no other program uses in the same database.</summary>
    internal override string MigrationLockSql => "SELECT pg_advisory_xact_lock(20260101)";

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellation = default) => await source.OpenConnectionAsync(cancellation);

    protected override DbContextOptionsBuilder<Store> Configure(DbContextOptionsBuilder<Store> builder) => builder.UseNpgsql(source);

    internal override bool IsConflict(Exception failure) => failure switch
    {
        DbUpdateConcurrencyException => true,
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
        // EF wraps a failed update in one exception and, when the driver calls it transient (a deadlock is), that one in another.
        DbUpdateException or InvalidOperationException => failure.InnerException is { } inner && IsConflict(inner),
        _ => false,
    };

    internal override bool IsOutage(Exception failure) => failure switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState[..2] is "53" or "57" or "58" or "XX", // Resources, operator intervention, system error, internal error.
        NpgsqlException or SocketException or TimeoutException => true,
        { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    public override ValueTask DisposeAsync() => source.DisposeAsync();
}
