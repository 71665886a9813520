using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Turns what nobody answered into an answer: bodies that cannot be read, addresses that do not exist, and bugs.</summary>
internal static class Failures
{
    public static IApplicationBuilder UseFailures(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Zinneke.Web");
        return app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (BadHttpRequestException unreadable)
            {
                await AnswerAsync(http, RefusalOf(unreadable));
                return;
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                return; // The caller went away: there is nobody to answer.
            }
#pragma warning disable CA1031 // The outermost place of a request: whatever comes here is a bug.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                logger.LogError(bug, "Failed: {Method} {Path}", http.Request.Method, http.Request.Path);
                await AnswerBugAsync(http);
                return;
            }
            if (!http.Response.HasStarted && http.Response.ContentLength is null && http.Response.ContentType is null && RefusalOf(http.Response.StatusCode) is { } refusal)
            {
                await AnswerAsync(http, refusal);
            }
        });
    }

    private static Refusal RefusalOf(BadHttpRequestException unreadable)
    {
        if (unreadable.StatusCode != StatusCodes.Status400BadRequest)
        {
            return RefusalOf(unreadable.StatusCode) ?? new Refusal(RefusalKind.NotParseable, "kernel.notParseable");
        }
        return unreadable.InnerException is JsonException json
            ? new Refusal(RefusalKind.NotParseable, "kernel.badJson", json.Path) { Arguments = [json.Path ?? "$", (json.LineNumber ?? 0) + 1] }
            : new Refusal(RefusalKind.NotParseable, "kernel.notParseable");
    }

    private static Refusal? RefusalOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new Refusal(RefusalKind.NotParseable, "kernel.notParseable"),
        StatusCodes.Status401Unauthorized => new Refusal(RefusalKind.Unauthenticated, "kernel.unauthenticated"),
        StatusCodes.Status403Forbidden => new Refusal(RefusalKind.Forbidden, "kernel.forbidden"),
        StatusCodes.Status404NotFound => new Refusal(RefusalKind.NotFound, "kernel.notFound"),
        StatusCodes.Status405MethodNotAllowed => new Refusal(RefusalKind.NotAllowed, "kernel.methodNotAllowed"),
        StatusCodes.Status412PreconditionFailed => new Refusal(RefusalKind.Stale, "kernel.stale"),
        StatusCodes.Status413PayloadTooLarge => new Refusal(RefusalKind.TooBig, "kernel.tooBig"),
        StatusCodes.Status415UnsupportedMediaType => new Refusal(RefusalKind.WrongType, "kernel.wrongType"),
        _ => null,
    };

    private static Task AnswerAsync(HttpContext http, Refusal refusal) => http.Response.HasStarted ? Task.CompletedTask : refusal.AsProblem().ExecuteAsync(http);

    private static Task AnswerBugAsync(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            http.Abort(); // Half an answer must not look like a whole one.
            return Task.CompletedTask;
        }
        http.Response.Clear();
        return new Refusal(RefusalKind.Bug, "kernel.bug").AsProblem().ExecuteAsync(http);
    }
}
