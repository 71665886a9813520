using System.Numerics;
using System.Runtime.CompilerServices;

namespace Zinneke.Reports;

/// <summary>Numbers things by their id, from 0 on and for good: about 24 bytes each. Open addressing with linear probing; reading may run together, but not beside an addition.</summary>
internal sealed class RowTable
{
    private const int Free = -1;

    private Guid[] ids = new Guid[16];
    private int[] slots = NewSlots(32);

    public int Count { get; private set; }

    public Guid this[int row] => ids[row];

    /// <returns>The row; -1 when there is none.</returns>
    public int Find(Guid id)
    {
        for (var slot = SlotOf(id); slots[slot] != Free; slot = (slot + 1) & (slots.Length - 1))
        {
            if (ids[slots[slot]] == id)
            {
                return slots[slot];
            }
        }
        return -1;
    }

    public int FindOrAdd(Guid id)
    {
        if (Find(id) is var known && known >= 0)
        {
            return known;
        }
        if (Count == ids.Length)
        {
            Array.Resize(ref ids, Count + Count / 4 + 16);
        }
        if ((Count + 1L) * 4 > slots.Length * 3L)
        {
            Widen(slots.Length * 2);
        }
        ids[Count] = id;
        Enter(Count);
        return Count++;
    }

    /// <summary>Makes room for so many in all.</summary>
    public void Reserve(int count)
    {
        Array.Resize(ref ids, Math.Max(ids.Length, count));
        Widen((int)BitOperations.RoundUpToPowerOf2((uint)(count * 4L / 3 + 1)));
    }

    /// <summary>Gives back what was kept for more to come.</summary>
    public void Trim() => Array.Resize(ref ids, Math.Max(1, Count));

    private void Widen(int length)
    {
        slots = NewSlots(Math.Max(slots.Length, length));
        for (var row = 0; row < Count; row++)
        {
            Enter(row);
        }
    }

    private void Enter(int row)
    {
        var slot = SlotOf(ids[row]);
        while (slots[slot] != Free)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }
        slots[slot] = row;
    }

    /// <summary>The last bits of a UUIDv7 are chance, the first are time: mixed, both count.</summary>
    private int SlotOf(Guid id)
    {
        ref var halves = ref Unsafe.As<Guid, ulong>(ref id);
        var mixed = unchecked((halves ^ Unsafe.Add(ref halves, 1)) * 0x9E37_79B9_7F4A_7C15);
        return (int)(mixed >> 33) & (slots.Length - 1);
    }

    private static int[] NewSlots(int length)
    {
        var slots = new int[length];
        Array.Fill(slots, Free);
        return slots;
    }
}
