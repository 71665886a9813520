using System.Threading.Channels;

namespace Zinneke.Kernel;

/// <summary>One open stream: what it listens to, and what it has not been sent yet.</summary>
/// <param name="topic"><c>kind:id</c>.</param>
/// <param name="wants">A further condition, such as a window of the map; null for everything on the topic.</param>
/// <param name="client">Who listens, as rate limits count; null for whoever is not counted.</param>
internal sealed class LiveListener(string topic, Func<LiveMessage, bool>? wants, string? client)
{
    /// <summary>A stream that is this far behind is ended; its listener comes back and reads from the log what it missed.</summary>
    private const int WaitingMax = 256;

    private readonly Channel<ReadOnlyMemory<byte>> waiting = System.Threading.Channels.Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    public string Topic => topic;

    public string? Client => client;

    /// <summary>When its beat comes, in seconds of the hub's round.</summary>
    public int Part { get; set; }

    /// <summary>Messages and beats in order, as they go out.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Waiting => waiting.Reader;

    public bool Wants(LiveMessage message) => wants?.Invoke(message) ?? true;

    public void Tell(LiveMessage message)
    {
        if (Wants(message) && !waiting.Writer.TryWrite(message.Wire))
        {
            End();
        }
    }

    /// <summary>A beat; needless while messages wait.</summary>
    public void Beat(ReadOnlyMemory<byte> wire)
    {
        if (waiting.Reader.Count == 0)
        {
            waiting.Writer.TryWrite(wire);
        }
    }

    public void End() => waiting.Writer.TryComplete();
}
