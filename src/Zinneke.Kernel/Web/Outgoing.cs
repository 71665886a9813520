using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace Zinneke.Kernel;

/// <summary>
/// Fetches what lies at an address that somebody else has chosen (K41). Never from this machine or a private network: what a name stands for is looked at when the connection is
/// made, so that one that changes its mind in between gains nothing. At most three redirects, each looked at the same way; limits on time and size; no cookies, no proxy.
/// </summary>
public sealed class Outgoing : IDisposable
{
    private const int RedirectsMax = 3;

    private readonly HttpClient client;

    /// <summary>For addresses that stand in the settings: whoever runs the installation may mean a neighbour. With connections of its own: those of the other client never lead there.</summary>
    private readonly HttpClient trusted;

    private readonly TimeProvider time;

    public Outgoing(Settings settings, TimeProvider time) => (this.time, client, trusted) = (time, NewClient(settings.Get(KernelSettings.AllowPrivateTargets)), NewClient(allowPrivate: true));

    private static HttpClient NewClient(bool allowPrivate)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 32,
            ConnectCallback = (context, cancellation) => ConnectAsync(context, allowPrivate, cancellation),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // Each call has its own.
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Zinneke");
        return client;
    }

    /// <summary>Gets what lies there, whole.</summary>
    /// <param name="bytesMax">Of the body.</param>
    /// <param name="patience">For everything together.</param>
    /// <returns>The bytes; null when they cannot be had: not there, too big, too slow, private, or no address of the web.</returns>
    public Task<byte[]?> GetAsync(string address, int bytesMax, TimeSpan patience, CancellationToken cancellation = default) => GetAsync(address, bytesMax, patience, null, cancellation);

    /// <summary>The same, when somebody has configured where it may lead beside the public web.</summary>
    /// <param name="mayBePrivate">Whether an address on the way may lie in a private network; null for none.</param>
    public async Task<byte[]?> GetAsync(string address, int bytesMax, TimeSpan patience, Func<Uri, bool>? mayBePrivate, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ends.CancelAfter(patience);
        try
        {
            for (var (hop, at) = (0, Read(address, null)); at is not null && hop <= RedirectsMax; hop++)
            {
                using var answer = await (mayBePrivate?.Invoke(at) == true ? trusted : client).GetAsync(at, HttpCompletionOption.ResponseHeadersRead, ends.Token);
                if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                {
                    at = Read(next.OriginalString, at);
                    continue;
                }
                return answer.IsSuccessStatusCode ? await BodyAsync(answer, bytesMax, ends.Token) : null;
            }
            return null;
        }
        catch (Exception away) when (away is HttpRequestException or IOException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Sends JSON to an address that stands in the settings, which may lie in a private network, and gives back what it answers. Follows no redirects.</summary>
    /// <param name="bytesMax">Of the answer.</param>
    /// <param name="patience">For everything together.</param>
    /// <returns>The bytes; null when nothing good came: not there, refused, too big or too slow.</returns>
    public async Task<byte[]?> PostTrustedAsync(Uri address, object body, int bytesMax, TimeSpan patience, CancellationToken cancellation = default)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ends.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body, body.GetType(), options: Json.Options) };
            using var answer = await trusted.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            return answer.IsSuccessStatusCode ? await BodyAsync(answer, bytesMax, ends.Token) : null;
        }
        catch (Exception away) when (away is HttpRequestException or IOException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Sends bytes as they are to an address that somebody configured; no redirect is followed.</summary>
    /// <param name="allowPrivate">The target itself may lie in a private network.</param>
    /// <param name="patience">For everything together.</param>
    public async Task<OutgoingAnswer> PostAsync(
        Uri target, ReadOnlyMemory<byte> body, string contentType, IEnumerable<(string Name, string Value)> headers, bool allowPrivate, TimeSpan patience, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await AskAsync(request, allowPrivate, 0, patience, cancellation);
    }

    /// <summary>Asks an address that somebody configured, and gives back what it says, whatever its status; no redirect is followed.</summary>
    /// <param name="allowPrivate">The target itself may lie in a private network.</param>
    /// <param name="bytesMax">Of the answer; one that is longer is none. With 0 nothing of it is read.</param>
    /// <param name="patience">For everything together.</param>
    public async Task<OutgoingAnswer> AskAsync(HttpRequestMessage request, bool allowPrivate, int bytesMax, TimeSpan patience, CancellationToken cancellation = default)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ends.CancelAfter(patience);
        try
        {
            using var answer = await (allowPrivate ? trusted : client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            var body = bytesMax > 0 ? await BodyAsync(answer, bytesMax, ends.Token) : null;
            return body is null && bytesMax > 0
                ? new OutgoingAnswer(0, null, "the answer is too long")
                : new OutgoingAnswer((int)answer.StatusCode, WaitOf(answer.Headers.RetryAfter), $"HTTP {(int)answer.StatusCode}") { Body = body ?? [] };
        }
        catch (Exception away) when (away is HttpRequestException or IOException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new OutgoingAnswer(0, null, away switch { OperationCanceledException => "no answer in time", HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } failed => failed.HttpRequestError.ToString(), _ => away.GetType().Name });
        }
    }

    /// <summary>In seconds, or until an instant (RFC 9110 section 10.2.3).</summary>
    private TimeSpan? WaitOf(RetryConditionHeaderValue? told) =>
        told?.Delta ?? (told?.Date is { } date ? TimeSpan.FromTicks(Math.Max(0, (date - time.GetUtcNow()).Ticks)) : null);

    public void Dispose()
    {
        client.Dispose();
        trusted.Dispose();
    }

    /// <summary>True for addresses that lead nowhere outside: this machine, its neighbours, private networks, and what is no address of one machine.</summary>
    internal static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        var b = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? b[0] is 0 or 10 or 127 or >= 224 // RFC 6890; 224 and up: multicast and reserved.
                || (b[0] == 100 && b[1] is >= 64 and < 128) || (b[0] == 169 && b[1] == 254) || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168)
                || (b[0] == 192 && b[1] == 0 && (b[2] is 0 or 2)) || (b[0] == 198 && (b[1] is 18 or 19))
            : (b[0] & 0xE0) != 0x20 // Outside is 2000::/3 (RFC 4291), and of that neither 6to4 nor Teredo, which hold an IPv4 address, nor the documentation's.
                || (b[0], b[1]) == (0x20, 0x02) || ((b[0], b[1], b[2], b[3]) is (0x20, 0x01, 0, 0) or (0x20, 0x01, 0x0D, 0xB8));
    }

    private static Uri? Read(string address, Uri? from) =>
        (from is null ? Uri.TryCreate(address, UriKind.Absolute, out var uri) : Uri.TryCreate(from, address, out uri)) && uri!.Scheme is "http" or "https" ? uri : null;

    private static async Task<byte[]?> BodyAsync(HttpResponseMessage answer, int bytesMax, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength > bytesMax)
        {
            return null;
        }
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        using var read = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int count; (count = await body.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (read.Length + count > bytesMax)
            {
                return null;
            }
            read.Write(chunk, 0, count);
        }
        return read.ToArray();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool allowPrivate, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var outside = allowPrivate ? addresses : [.. addresses.Where(address => !IsPrivate(address))];
        if (outside.Length == 0)
        {
            throw new HttpRequestException("the address leads into a private network");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(outside, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What the other end said to something that was sent.</summary>
/// <param name="Status">Of HTTP; 0 when there was no answer.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
/// <param name="Said">Status or failure in a few words, without the address.</param>
public sealed record OutgoingAnswer(int Status, TimeSpan? RetryAfter, string Said)
{
    public bool Ok => Status is >= 200 and < 300;

    /// <summary>What it said, when that was asked for.</summary>
    public byte[] Body { get; init; } = [];
}
