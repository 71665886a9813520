using System.Buffers;

namespace Zinneke.Reports;

/// <summary>
/// Values that are gathered in memory which is lent and given back: megabytes taken anew for each answer are cleared away by nothing but the rarest of collections, which stops everybody.
/// </summary>
internal sealed class Lent<T> : IDisposable
    where T : unmanaged
{
    private const int LengthMin = 64;
    private T[] values = [];
    private int count;

    public int Count => count;

    /// <summary>Valid until more is added.</summary>
    public Span<T> All => values.AsSpan(0, count);

    public void Add(T value) => Room(1)[0] = value;

    public void Add(ReadOnlySpan<T> more) => more.CopyTo(Room(more.Length));

    /// <summary>Room for some more, which counts as filled.</summary>
    public Span<T> Room(int more)
    {
        if (values.Length - count < more)
        {
            var wider = ArrayPool<T>.Shared.Rent(Math.Max(LengthMin, Math.Max(values.Length * 2, count + more)));
            All.CopyTo(wider);
            GiveBack();
            values = wider;
        }
        count += more;
        return values.AsSpan(count - more, more);
    }

    public void Dispose()
    {
        GiveBack();
        (values, count) = ([], 0);
    }

    private void GiveBack()
    {
        if (values.Length > 0)
        {
            ArrayPool<T>.Shared.Return(values);
        }
    }
}
