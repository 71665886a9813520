using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Zinneke.Kernel;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it may be sent requests, because the store answers and what it keeps in memory is loaded.</summary>
internal static class Health
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder root)
    {
        root.MapGet("/health/live", () => TypedResults.Text("live")).Public().ExcludeFromDescription();
        root.MapGet("/health/ready", ReadyAsync).Public().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(Database database, IEnumerable<MemoryFollower> followers, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var ready = !lifetime.ApplicationStopping.IsCancellationRequested && followers.All(follower => follower.Loaded.IsCompletedSuccessfully) && await AnswersAsync(database, cancellation);
        return TypedResults.Text(ready ? "ready" : "not ready", statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> AnswersAsync(Database database, CancellationToken cancellation)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(PatienceMax);
            await using var connection = await database.ConnectAsync(patience.Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(patience.Token);
            return true;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or OperationCanceledException)
        {
            return false;
        }
    }
}
