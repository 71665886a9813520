using System.Data.Common;

namespace Zinneke.Kernel;

/// <summary>An advisory lock of PostgreSQL: belongs to the session that took it and ends with it, also when the process is killed.</summary>
internal sealed class SessionLock : IAsyncDisposable
{
    private readonly DbConnection session;
    private readonly string work;

    private SessionLock(DbConnection session, string work) => (this.session, this.work) = (session, work);

    /// <exception cref="BadInputException">Another session has it.</exception>
    public static async Task<SessionLock> TakeAsync(Database database, string work, CancellationToken cancellation)
    {
        var taken = new SessionLock(await database.ConnectAsync(cancellation), work);
        if (await taken.AskAsync("pg_try_advisory_lock", cancellation))
        {
            return taken;
        }
        await taken.session.DisposeAsync();
        throw new BadInputException($"another process is at this already ({work} on this database): wait until it has ended");
    }

    /// <summary>Lets go by its word, because the connection goes back to the pool and its session lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        await AskAsync("pg_advisory_unlock", CancellationToken.None);
        await session.DisposeAsync();
    }

    private async Task<bool> AskAsync(string function, CancellationToken cancellation)
    {
        await using var command = session.CreateCommand();
        command.CommandText = $"SELECT {function}(hashtextextended(@name, 0))";
        command.Add("name", "zinneke " + work);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
