using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>
/// Server-sent events of one topic (K39): <c>id:</c> is the position in the log, a comment line comes every 15 s, and a caller that comes back with
/// <c>Last-Event-ID</c> is told what it missed, without gap or repeat; a page says with <c>after</c> how far it had read when it was made, because a browser sends no
/// header with its first request. For <c>/live/{topic}</c> and for addresses of modules that stand for a topic.
/// </summary>
public sealed class LiveStream : IResult
{
    private const int SliceMax = 1000;

    /// <summary>Reading the past is work; so many do it at once, the others wait.</summary>
    private static readonly SemaphoreSlim Reading = new(4);

    private static readonly ReadOnlyMemory<byte> Comment = ":\n\n"u8.ToArray();
    private readonly string topic;
    private readonly Func<LiveMessage, bool>? wants;

    /// <param name="topic"><c>kind:id</c>.</param>
    /// <param name="wants">A further condition, such as a window of the map.</param>
    public LiveStream(string topic, Func<LiveMessage, bool>? wants = null) => (this.topic, this.wants) = (topic, wants);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var hub = httpContext.RequestServices.GetRequiredService<LiveHub>();
        // Before it is loaded the hub does not know where it stands, and would skip what comes between.
        await hub.Loaded.WaitAsync(httpContext.RequestAborted);
        var listener = new LiveListener(topic, wants);
        var joinedAt = hub.Count < httpContext.RequestServices.GetRequiredService<Settings>().Get(KernelSettings.LiveListeners) ? hub.Join(listener) : -1;
        if (joinedAt < 0)
        {
            await new Refusal(RefusalKind.Busy, "kernel.busy").AsProblem().ExecuteAsync(httpContext);
            return;
        }
        try
        {
            await TellAsync(httpContext, hub, listener, joinedAt);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The listener went away: that is how a stream ends.
        }
        finally
        {
            hub.Leave(listener);
        }
    }

    private static async Task TellAsync(HttpContext http, LiveHub hub, LiveListener listener, long joinedAt)
    {
        var (response, gone) = (http.Response, http.RequestAborted);
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // Proxies of the nginx family would hold messages back.
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var last = Math.Min(LastSeen(http.Request) ?? joinedAt, joinedAt);
        // An id without data starts nothing at the caller, but tells it where to go on should the line break before the first message.
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: 2000\nid: {last}\n\n")), gone);
        await response.Body.FlushAsync(gone);
        if (last < joinedAt)
        {
            await TellPastAsync(http, hub, listener, last, joinedAt);
        }
        await foreach (var message in listener.Waiting.ReadAllAsync(gone))
        {
            await response.Body.WriteAsync(message?.Wire ?? Comment, gone);
            await response.Body.FlushAsync(gone);
        }
    }

    /// <summary>What was missed: from the log, above one position and up to another.</summary>
    private static async Task TellPastAsync(HttpContext http, LiveHub hub, LiveListener listener, long after, long upTo)
    {
        var log = http.RequestServices.GetRequiredService<Log>();
        var database = http.RequestServices.GetRequiredService<Database>();
        await Reading.WaitAsync(http.RequestAborted);
        try
        {
            while (after < upTo)
            {
                var events = await log.ReadAsync(after, (int)Math.Min(SliceMax, upTo - after), http.RequestAborted);
                await using var store = database.Open();
                foreach (var message in await hub.MessagesOfAsync(events, store, http.RequestAborted))
                {
                    if (message.Topics.Contains(listener.Topic, StringComparer.Ordinal) && listener.Wants(message))
                    {
                        await http.Response.Body.WriteAsync(message.Wire, http.RequestAborted);
                    }
                }
                await http.Response.Body.FlushAsync(http.RequestAborted);
                after = events[^1].Position;
            }
        }
        finally
        {
            Reading.Release();
        }
    }

    private static long? LastSeen(HttpRequest request)
    {
        var given = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : request.Query["after"].ToString();
        return long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
    }
}
