namespace Zinneke.Geo;

/// <summary>Says which of two items is worse; never both ways, and one way for different items.</summary>
internal interface IWorse<T>
{
    bool Worse(in T a, in T b);
}

/// <summary>Keeps the best items offered in a span, without allocating: a heap whose root is the worst kept.</summary>
internal static class BestOf<T, TOrder>
    where TOrder : struct, IWorse<T>
{
    public static void Offer(Span<T> heap, ref int count, in T item, in TOrder order)
    {
        if (count < heap.Length)
        {
            var at = count++;
            for (; at > 0 && order.Worse(item, heap[(at - 1) / 2]); at = (at - 1) / 2)
            {
                heap[at] = heap[(at - 1) / 2];
            }
            heap[at] = item;
        }
        else if (count > 0 && order.Worse(heap[0], item))
        {
            SinkRoot(heap, item, order);
        }
    }

    /// <summary>Turns the heap into a list, best first.</summary>
    public static void Sort(Span<T> heap, in TOrder order)
    {
        for (var last = heap.Length - 1; last > 0; last--)
        {
            var moved = heap[last];
            heap[last] = heap[0];
            SinkRoot(heap[..last], moved, order);
        }
    }

    private static void SinkRoot(Span<T> heap, in T item, in TOrder order)
    {
        var at = 0;
        for (var child = 1; child < heap.Length; child = 2 * at + 1)
        {
            if (child + 1 < heap.Length && order.Worse(heap[child + 1], heap[child]))
            {
                child++;
            }
            if (!order.Worse(heap[child], item))
            {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = item;
    }
}
