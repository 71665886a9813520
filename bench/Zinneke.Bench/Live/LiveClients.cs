using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Zinneke.Bench.Live;

/// <summary>Many open streams, each a bare socket: ten thousand of anything bigger would measure the listeners.</summary>
internal sealed class LiveClients : IAsyncDisposable
{
    private const int AtOnce = 64;
    private readonly ConcurrentBag<Socket> sockets = [];
    private readonly CancellationTokenSource end = new();
    private volatile Round? round;
    private int open;

    /// <summary>Streams that the server has not ended.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Opens streams of <c>/live/{topic}</c>; each is open once its first bytes have come.</summary>
    public static async Task<LiveClients> OpenAsync(Uri address, int count, Func<int, string> topicOf)
    {
        var clients = new LiveClients();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (n, _) => clients.AddAsync(address, topicOf(n)));
        return clients;
    }

    /// <summary>What comes from now on is of this round.</summary>
    public Round Await() => round = new Round(Open);

    private async ValueTask AddAsync(Uri address, string topic)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        sockets.Add(socket);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /live/{topic} HTTP/1.1\r\nHost: {address.Authority}\r\nAccept: text/event-stream\r\n\r\n"));
        var buffer = new byte[2048];
        var got = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, got).Contains("retry:", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(got));
            got = read > 0 ? got + read : throw new InvalidOperationException($"the stream of {topic} was not opened: {Encoding.ASCII.GetString(buffer, 0, got)}");
        }
        Interlocked.Increment(ref open);
        _ = ListenAsync(socket);
    }

    private async Task ListenAsync(Socket socket)
    {
        var buffer = new byte[2048];
        try
        {
            while (await socket.ReceiveAsync(buffer, end.Token) is > 0 and var read)
            {
                var at = Stopwatch.GetTimestamp();
                if (buffer.AsSpan(0, read).IndexOf("data: "u8) is >= 0 and var data)
                {
                    round!.Heard(Encoding.UTF8.GetString(buffer, data, read - data), at);
                }
            }
            Interlocked.Decrement(ref open);
        }
        catch (OperationCanceledException)
        {
            // It was measured.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
        end.Dispose();
    }
}

/// <summary>One thing that happens, and who has heard of it.</summary>
internal sealed class Round(int listeners)
{
    private readonly ConcurrentQueue<(string Said, long At)> heard = new();
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int told;

    public void Heard(string said, long at)
    {
        heard.Enqueue((said, at));
        if (Interlocked.Increment(ref told) == listeners)
        {
            all.SetResult();
        }
    }

    /// <summary>When each listener heard.</summary>
    /// <exception cref="TimeoutException">Somebody did not.</exception>
    /// <exception cref="InvalidOperationException">Somebody heard of something else, or twice.</exception>
    public async Task<IEnumerable<long>> WaitAsync(string number, TimeSpan patience)
    {
        await all.Task.WaitAsync(patience);
        return heard.Count == listeners && heard.All(one => one.Said.Contains($"\"{number}\"", StringComparison.Ordinal) && one.Said.IndexOf("data: ", 1, StringComparison.Ordinal) < 0)
            ? heard.Select(one => one.At)
            : throw new InvalidOperationException($"of {number} {heard.Count} were told, {listeners} listen");
    }
}
