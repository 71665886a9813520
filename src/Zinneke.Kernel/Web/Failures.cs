using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Turns what nobody answered into an answer: bodies that cannot be read, addresses that do not exist, and bugs.</summary>
internal static class Failures
{
    /// <summary>Pages take forms and nothing else, and no form holds U+0000: said once here, so that every page may read its form without asking what was sent.</summary>
    public static IApplicationBuilder UseFormsOnPages(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.IsPage() && http.GetEndpoint() is RouteEndpoint endpoint && await FaultOfFormAsync(http.Request, endpoint) is { } refusal)
        {
            await refusal.AsProblem().ExecuteAsync(http);
            return;
        }
        await next(http);
    });

    /// <remarks>A form that may carry files is read while it streams in, by <see cref="UploadForm"/>, which looks itself: those endpoints say how big a body they take.</remarks>
    private static async Task<Refusal?> FaultOfFormAsync(HttpRequest request, RouteEndpoint endpoint)
    {
        if (!request.HasFormContentType)
        {
            return new Refusal(RefusalKind.WrongType, "kernel.wrongType");
        }
        if (endpoint.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null)
        {
            return null;
        }
        var isMultipart = request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);
        return Refusal.OfNul(isMultipart ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : await UploadForm.ReadPairsOfAsync(request, Plain));
    }

    /// <summary>What the framework allows a form, in a body of a megabyte.</summary>
    private static UploadLimits Plain { get; } = UploadLimits.Default with { PartsMax = 1024, FieldBytesMax = 1 << 20 };

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
                await AnswerAsync(http, RefusalOf(unreadable), logger);
                return;
            }
            catch (Exception unreadable) when (http.Request.HasFormContentType && UploadForm.RefusalOf(unreadable) is { } faulty)
            {
                await AnswerAsync(http, faulty, logger);
                return;
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                return; // The caller went away: there is nobody to answer.
            }
#pragma warning disable CA1031 // The outermost place of a request: whatever comes here is a bug, or the machine's.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                logger.LogError(bug, "Failed: {Method} {Path}", http.Request.Method, http.Request.Path);
                // A full disk or a database that is away is nobody's bug, and may be over in a moment.
                await AnswerAsync(http, Mishap.Of(bug) is null ? new Refusal(RefusalKind.Bug, "kernel.bug") : new Refusal(RefusalKind.Busy, "kernel.busy"), logger);
                return;
            }
            if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false } && http.Response.Headers.Allow.ToString() is var allow && allow.Split(", ").Contains(HttpMethods.Get))
            {
                http.Response.Headers.Allow = allow + ", " + HttpMethods.Head; // As HeadAsGet answers it.
            }
            if (!http.Response.HasStarted && http.Response.ContentLength is null && http.Response.ContentType is null && RefusalOf(http.Response.StatusCode) is { } refusal)
            {
                await AnswerAsync(http, refusal, logger);
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

    private static async Task AnswerAsync(HttpContext http, Refusal refusal, ILogger logger)
    {
        if (!TryClear(http))
        {
            return;
        }
        try
        {
            await refusal.AsProblem().ExecuteAsync(http);
        }
#pragma warning disable CA1031 // The page that tells of a bug may share it.
        catch (Exception again) when (TryClear(http))
#pragma warning restore CA1031
        {
            logger.LogError(again, "The page for {Code} cannot be drawn", refusal.Code);
            await refusal.AsProblem().WriteAsync(http);
        }
    }

    /// <summary>Forgets what was answered so far; when some of it is on its way, ends the connection instead, because half an answer must not look like a whole one.</summary>
    private static bool TryClear(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return false;
        }
        var (allow, retryAfter) = (http.Response.Headers.Allow, http.Response.Headers.RetryAfter);
        http.Response.Clear();
        (http.Response.Headers.Allow, http.Response.Headers.RetryAfter) = (allow, retryAfter);
        return true;
    }
}
