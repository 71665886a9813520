using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Zinneke.Kernel;

/// <summary>
/// Follows the log on this node and hands messages to those who listen. A listener is told every message of its topic whose position is above the one it joined at,
/// in order, once; what lies before that it reads from the log itself. While nobody listens, nothing is made.
/// </summary>
internal sealed class LiveHub(IEnumerable<LiveSource> sources, TimeProvider time) : MemoryFollower, IDisposable
{
    /// <summary>Beats are spread: each tick serves one part of the listeners, so that ten thousand do not wake at once.</summary>
    private const int BeatParts = 15;

    private static readonly Meter Measures = new("Zinneke.Live");

    private readonly LiveSource[] sources = [.. sources];
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<LiveListener>> byTopic = new(StringComparer.Ordinal);
    private readonly HashSet<LiveListener>[] beats = [.. Enumerable.Range(0, BeatParts).Select(_ => new HashSet<LiveListener>())];
    private ITimer? timer;
    private long reached;
    private int joined;
    private int tick;
    private bool closed;
    private ObservableGauge<int>? gauge;

    public override string Name => "kernel.live";

    /// <summary>Listeners at this moment.</summary>
    public int Count { get; private set; }

    public bool Serves(string kind) => Array.Exists(sources, source => source.Kinds.Contains(kind, StringComparer.Ordinal));

    public override Task LoadAsync(Store store, CancellationToken cancellation) => Task.CompletedTask;

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        IReadOnlyList<LiveMessage>? messages = null;
        while (true)
        {
            lock (gate)
            {
                // Whoever joined in the meantime joined below these events, so it is told them too: they are made when there is the first.
                if (messages is not null || Count == 0)
                {
                    foreach (var message in messages ?? [])
                    {
                        Tell(message);
                    }
                    reached = events[^1].Position;
                    return;
                }
            }
            messages = await MessagesOfAsync(events, store, cancellation);
        }
    }

    /// <summary>Makes the messages of events, in order; also for a listener that comes back.</summary>
    public async Task<IReadOnlyList<LiveMessage>> MessagesOfAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        List<LiveMessage> messages = [];
        foreach (var source in sources)
        {
            var own = events.Where(one => one.Type.StartsWith(source.Events, StringComparison.Ordinal)).ToList();
            if (own.Count > 0)
            {
                messages.AddRange(await source.MessagesOfAsync(own, store, cancellation));
            }
        }
        messages.Sort((one, other) => one.Position.CompareTo(other.Position));
        return messages;
    }

    /// <summary>Lets a listener in.</summary>
    /// <returns>The position above which it is told everything; -1 when the node is stopping.</returns>
    public long Join(LiveListener listener)
    {
        lock (gate)
        {
            if (closed)
            {
                return -1;
            }
            gauge ??= Measures.CreateObservableGauge("zinneke.live.listeners", () => Count, description: "Open live streams");
            timer ??= time.CreateTimer(_ => Beat(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            Count++;
            listener.Part = joined++ % BeatParts;
            beats[listener.Part].Add(listener);
            (CollectionsMarshal.GetValueRefOrAddDefault(byTopic, listener.Topic, out _) ??= []).Add(listener);
            return Math.Max(reached, Position);
        }
    }

    public void Leave(LiveListener listener)
    {
        lock (gate)
        {
            if (!beats[listener.Part].Remove(listener))
            {
                return;
            }
            Count--;
            var others = byTopic[listener.Topic];
            others.Remove(listener);
            if (others.Count == 0)
            {
                byTopic.Remove(listener.Topic);
            }
        }
    }

    /// <summary>Ends every stream: the node stops, and listeners come back to another.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            timer?.Dispose();
            foreach (var listener in beats.SelectMany(part => part))
            {
                listener.End();
            }
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Tell(LiveMessage message)
    {
        foreach (var topic in message.Topics)
        {
            foreach (var listener in byTopic.GetValueOrDefault(topic) ?? [])
            {
                listener.Tell(message);
            }
        }
    }

    private void Beat()
    {
        lock (gate)
        {
            foreach (var listener in beats[tick++ % BeatParts])
            {
                listener.Beat();
            }
        }
    }
}
