using System.Globalization;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>What a module lets everybody see live: how its events become messages on topics. Registered with <c>AddSingleton&lt;LiveSource, X&gt;()</c>.</summary>
public abstract class LiveSource
{
    /// <summary>Beginning of the event types it reads, such as <c>reports.</c>; no two sources read the same event.</summary>
    public abstract string Events { get; }

    /// <summary>Kinds of the topics that it serves: <c>report</c> for <c>report:ID</c>. One that another source serves too is fine.</summary>
    public abstract IReadOnlyList<string> Kinds { get; }

    /// <summary>Those of <see cref="Kinds"/> whose topic <c>kind:id</c> is told of the events of the subject <c>kind:id</c> and of no others: their past is found without reading the whole log.</summary>
    public virtual IReadOnlyList<string> SubjectKinds => [];

    /// <summary>False for a topic of these kinds that nothing will ever be told on: its thing is not there.</summary>
    public virtual bool Knows(string kind, string id) => true;

    /// <summary>Makes messages of events, which may be new or long past: a listener that comes back is told what it missed. An event that the public may not see has none.</summary>
    /// <param name="events">Oldest first, all of this source's types.</param>
    /// <param name="store">For the rows that the events name; they show the present, so what was then must stand in the event.</param>
    /// <returns>At most one message for each event, in the same order.</returns>
    public abstract Task<IReadOnlyList<LiveMessage>> MessagesOfAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation);
}

/// <summary>What is told to the listeners of some topics. Holds no personal data.</summary>
public sealed class LiveMessage
{
    private readonly byte[] wire;

    /// <param name="position">Position of its event in the log: the <c>id:</c> of the message.</param>
    /// <param name="topics">All topics it belongs to, <c>kind:id</c>.</param>
    /// <param name="json">The <c>data:</c>, JSON on one line.</param>
    /// <param name="point">Where it happened, for listeners of a window of the map.</param>
    public LiveMessage(long position, IReadOnlyList<string> topics, string json, (double Lon, double Lat)? point = null)
    {
        (Position, Topics, Point) = (position, topics, point);
        wire = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {position}\ndata: {json}\n\n"));
    }

    public long Position { get; }

    public IReadOnlyList<string> Topics { get; }

    public (double Lon, double Lat)? Point { get; }

    /// <summary>The message as it goes out to every listener.</summary>
    internal ReadOnlyMemory<byte> Wire => wire;
}
