namespace Zinneke.Geo;

/// <summary>
/// The edges that a sweep line meets, from below to above: a treap (Seidel and Aragon, "Randomized search trees", 1996) whose priorities are hashes, so that a run repeats,
/// threaded by a list for the neighbours. Items are numbers below the capacity; each may be in once.
/// </summary>
internal sealed class SweepOrder
{
    public const int None = -1;

    private readonly int[] left;
    private readonly int[] right;
    private readonly int[] parent;
    private readonly int[] below;
    private readonly int[] above;
    private readonly Func<int, int, bool> isAbove;
    private int root = None;

    /// <param name="isAbove">Whether an item that is being added belongs above one that is in.</param>
    public SweepOrder(int capacity, Func<int, int, bool> isAbove)
    {
        (left, right, parent) = (new int[capacity], new int[capacity], new int[capacity]);
        (below, above) = (new int[capacity], new int[capacity]);
        this.isAbove = isAbove;
    }

    public int Below(int item) => item == None ? None : below[item];

    public int Above(int item) => item == None ? None : above[item];

    public void Add(int item)
    {
        var (under, over, at) = (None, None, root);
        var last = None;
        while (at != None)
        {
            last = at;
            if (isAbove(item, at))
            {
                under = at;
                at = right[at];
            }
            else
            {
                over = at;
                at = left[at];
            }
        }
        (left[item], right[item], parent[item]) = (None, None, last);
        Link(under, item);
        Link(item, over);
        if (under == None)
        {
            below[item] = None;
        }
        if (over == None)
        {
            above[item] = None;
        }
        if (last == None)
        {
            root = item;
            return;
        }
        if (last == under)
        {
            right[last] = item;
        }
        else
        {
            left[last] = item;
        }
        while (parent[item] != None && Priority(parent[item]) < Priority(item))
        {
            RotateUp(item);
        }
    }

    public void Remove(int item)
    {
        while (left[item] != None || right[item] != None)
        {
            RotateUp(right[item] == None || (left[item] != None && Priority(left[item]) > Priority(right[item])) ? left[item] : right[item]);
        }
        Replace(parent[item], item, None);
        Link(below[item], above[item]);
    }

    private void Link(int under, int over)
    {
        if (under != None)
        {
            above[under] = over;
        }
        if (over != None)
        {
            below[over] = under;
        }
    }

    private void RotateUp(int item)
    {
        var down = parent[item];
        var top = parent[down];
        var moved = left[down] == item ? right[item] : left[item];
        if (left[down] == item)
        {
            (right[item], left[down]) = (down, moved);
        }
        else
        {
            (left[item], right[down]) = (down, moved);
        }
        if (moved != None)
        {
            parent[moved] = down;
        }
        parent[down] = item;
        parent[item] = top;
        Replace(top, down, item);
    }

    private void Replace(int top, int old, int item)
    {
        if (top == None)
        {
            root = item;
        }
        else if (left[top] == old)
        {
            left[top] = item;
        }
        else
        {
            right[top] = item;
        }
    }

    private static uint Priority(int item)
    {
        var mixed = (uint)item * 0x9E3779B1u;
        mixed ^= mixed >> 15;
        return mixed * 0x85EBCA77u;
    }
}
