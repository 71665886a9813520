using System.Data.Common;

namespace Zinneke.Kernel;

/// <summary>An advisory lock of PostgreSQL: belongs to the session that took it and ends with it, also when the process is killed.</summary>
internal sealed class SessionLock : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly DbConnection session;
    private readonly string work;

    private SessionLock(DbConnection session, string work) => (this.session, this.work) = (session, work);

    /// <exception cref="BadInputException">Another session has it.</exception>
    public static async Task<SessionLock> TakeAsync(Database database, string work, CancellationToken cancellation) =>
        await TryTakeAsync(database, work, cancellation) ?? throw new BadInputException($"another process is at this already ({work} on this database): wait until it has ended");

    /// <summary>Takes it when whoever has it lets go.</summary>
    public static async Task<SessionLock> WaitAsync(Database database, string work, CancellationToken cancellation)
    {
        while (true)
        {
            if (await TryTakeAsync(database, work, cancellation) is { } taken)
            {
                return taken;
            }
            await Task.Delay(LookEvery, cancellation);
        }
    }

    /// <summary>Lets go by its word, because the connection goes back to the pool and its session lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        await AskAsync("pg_advisory_unlock", CancellationToken.None);
        await session.DisposeAsync();
    }

    private static async Task<SessionLock?> TryTakeAsync(Database database, string work, CancellationToken cancellation)
    {
        var taken = new SessionLock(await database.ConnectAsync(cancellation), work);
        if (await taken.AskAsync("pg_try_advisory_lock", cancellation))
        {
            return taken;
        }
        await taken.session.DisposeAsync();
        return null;
    }

    private async Task<bool> AskAsync(string function, CancellationToken cancellation)
    {
        await using var command = session.CreateCommand();
        command.CommandText = $"SELECT {function}(hashtextextended(@name, 0))";
        command.Add("name", "zinneke " + work);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
