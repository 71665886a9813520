using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>
/// Server-sent events of one topic (K39): <c>id:</c> is the position in the log, a comment line and the position reached come every 15 s, and a caller that comes back with
/// <c>Last-Event-ID</c> is told what it missed, without gap or repeat; a page says with <c>after</c> how far it had read when it was made, because a browser sends no
/// header with its first request. One that missed more than is told gets the event <c>reload</c> instead. For <c>/live/{topic}</c> and for addresses of modules that stand for a topic.
/// </summary>
public sealed class LiveStream : IResult
{
    private const int SliceMax = 1000;

    /// <summary>Events of the whole log that are looked through for a caller that comes back. The past of one subject is found by its index, however long ago.</summary>
    private const long PastMax = 10_000;

    /// <summary>How often one client may open a stream: a page opens one, and a browser whose line breaks opens it again every two seconds.</summary>
    public static RateLimit Opening { get; } = new("live", new Quota(600, TimeSpan.FromMinutes(1)));

    /// <summary>Streams of one client: a household, or everybody behind one address of an office or a mobile network.</summary>
    private const int OfClientMax = 100;

    /// <summary>Reading the past is work; so many do it at once, the others wait.</summary>
    private static readonly SemaphoreSlim Reading = new(4);

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
        var settings = httpContext.RequestServices.GetRequiredService<Settings>();
        var known = httpContext.Features.Get<LimitedClient>();
        var listener = new LiveListener(topic, wants, settings.Get(KernelSettings.Quota) ? known?.Client ?? httpContext.Household() : null);
        if (!hub.Join(listener, settings.Get(KernelSettings.LiveListeners), known is null ? OfClientMax : OfClientMax * (known.TimesOf(Opening.Name) ?? 1)).Is(out var joinedAt, out var refusal))
        {
            await refusal.AsProblem().ExecuteAsync(httpContext);
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
        if (http.IsHead())
        {
            return;
        }
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
            await response.Body.WriteAsync(message, gone);
            await response.Body.FlushAsync(gone);
        }
    }

    /// <summary>What was missed: from the log, above one position and up to another. Who missed too much is told to read the whole again.</summary>
    private static async Task TellPastAsync(HttpContext http, LiveHub hub, LiveListener listener, long after, long upTo)
    {
        var (body, gone) = (http.Response.Body, http.RequestAborted);
        var subject = hub.SubjectOf(listener.Topic);
        if (subject is null && upTo - after > PastMax)
        {
            await body.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: reload\nid: {upTo}\ndata: {{}}\n\n")), gone);
            await body.FlushAsync(gone);
            return;
        }
        while (after < upTo)
        {
            (var messages, after) = await ReadPastAsync(http, hub, listener, subject, after, upTo);
            foreach (var message in messages)
            {
                await body.WriteAsync(message.Wire, gone);
            }
            await body.FlushAsync(gone);
        }
    }

    /// <summary>Reads a slice. Others may read as soon as it ends: a caller that takes its messages slowly holds up nobody.</summary>
    /// <returns>The messages for this listener, and the position up to which they go.</returns>
    private static async Task<(IReadOnlyList<LiveMessage> Messages, long Reached)> ReadPastAsync(HttpContext http, LiveHub hub, LiveListener listener, Subject? subject, long after, long upTo)
    {
        var (services, gone) = (http.RequestServices, http.RequestAborted);
        var log = services.GetRequiredService<Log>();
        await Reading.WaitAsync(gone);
        try
        {
            var read = subject is { } own ? await log.OfAsync(own, after, SliceMax, gone) : await log.ReadAsync(after, SliceMax, gone);
            var events = read.Where(one => one.Position <= upTo).ToList();
            await using var store = services.GetRequiredService<Database>().Open();
            var messages = await hub.MessagesOfAsync(events, store, gone);
            return (
                [.. messages.Where(message => message.Topics.Contains(listener.Topic, StringComparer.Ordinal) && listener.Wants(message))],
                subject is null ? (events.Count == 0 ? upTo : events[^1].Position) : read.Count == SliceMax && events.Count == SliceMax ? events[^1].Position : upTo);
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
