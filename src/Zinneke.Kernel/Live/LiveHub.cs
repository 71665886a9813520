using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

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
    private readonly Dictionary<string, int> byClient = new(StringComparer.Ordinal);
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

    public bool Serves(string kind, string id) => Array.Exists(sources, source => source.Kinds.Contains(kind, StringComparer.Ordinal) && source.Knows(kind, id));

    /// <summary>The subject whose events are all that the topic is told of, or null when it hears of others too.</summary>
    public Subject? SubjectOf(string topic)
    {
        var colon = topic.IndexOf(':', StringComparison.Ordinal);
        var kind = topic[..colon];
        return Array.TrueForAll(sources, source => !source.Kinds.Contains(kind, StringComparer.Ordinal) || source.SubjectKinds.Contains(kind, StringComparer.Ordinal))
            ? new Subject(kind, topic[(colon + 1)..])
            : null;
    }

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
    /// <param name="most">Listeners at once.</param>
    /// <param name="mostOfClient">Of them, those of one client.</param>
    /// <returns>The position above which it is told everything; <c>kernel.busy</c> when there are too many or the node is stopping, <c>kernel.tooMany</c> when the client has too many.</returns>
    public Outcome<long> Join(LiveListener listener, int most, int mostOfClient)
    {
        lock (gate)
        {
            if (closed || Count >= most)
            {
                return new Refusal(RefusalKind.Busy, "kernel.busy");
            }
            if (listener.Client is { } client && ++CollectionsMarshal.GetValueRefOrAddDefault(byClient, client, out _) > mostOfClient)
            {
                byClient[client]--;
                return new Refusal(RefusalKind.TooMany, "kernel.tooMany") { Arguments = ["60 s"] };
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
            if (listener.Client is { } client && --CollectionsMarshal.GetValueRefOrNullRef(byClient, client) == 0)
            {
                byClient.Remove(client);
            }
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
            // The id tells an idle listener how far it has heard: when it comes back, it need not be told from where it began. Everything up to there lies in its queue already.
            ReadOnlyMemory<byte> wire = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":\nid: {Math.Max(reached, Position)}\n\n"));
            foreach (var listener in beats[tick++ % BeatParts])
            {
                listener.Beat(wire);
            }
        }
    }
}
