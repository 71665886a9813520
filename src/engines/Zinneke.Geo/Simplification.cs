namespace Zinneke.Geo;

/// <summary>Line simplification by Douglas and Peucker ("Algorithms for the reduction of the number of points", 1973), without recursion.</summary>
internal static class Simplification
{
    /// <summary>Marks the positions to keep so that none left out lies farther than the tolerance from the line; ends are kept.</summary>
    /// <param name="xy">x and y in turn.</param>
    /// <param name="keep">One for each position; only set, never cleared.</param>
    public static void Mark(ReadOnlySpan<double> xy, double tolerance, Span<bool> keep)
    {
        var count = xy.Length / 2;
        if (count == 0)
        {
            return;
        }
        keep[0] = keep[count - 1] = true;
        var spans = new Stack<(int From, int To)>();
        // A ring begins and ends in one place: cut it at the position farthest from there.
        var cut = xy[0] == xy[^2] && xy[1] == xy[^1] ? Farthest(xy, 0, count - 1, 0) : count - 1;
        keep[cut] = true;
        spans.Push((0, cut));
        spans.Push((cut, count - 1));
        while (spans.TryPop(out var span))
        {
            var at = Farthest(xy, span.From, span.To, tolerance * tolerance);
            if (at > span.From)
            {
                keep[at] = true;
                spans.Push((span.From, at));
                spans.Push((at, span.To));
            }
        }
    }

    /// <summary>The position farthest from the segment between two others, or the first of them when all lie within the tolerance.</summary>
    private static int Farthest(ReadOnlySpan<double> xy, int from, int to, double tolerance2)
    {
        var (ax, ay) = (xy[2 * from], xy[2 * from + 1]);
        var (dx, dy) = (xy[2 * to] - ax, xy[2 * to + 1] - ay);
        var length2 = dx * dx + dy * dy;
        var (best, best2) = (from, tolerance2);
        for (var i = from + 1; i < to; i++)
        {
            var (px, py) = (xy[2 * i] - ax, xy[2 * i + 1] - ay);
            var t = length2 > 0 ? Math.Clamp((px * dx + py * dy) / length2, 0, 1) : 0;
            var (qx, qy) = (px - t * dx, py - t * dy);
            var far2 = qx * qx + qy * qy;
            if (far2 > best2)
            {
                (best, best2) = (i, far2);
            }
        }
        return best;
    }
}
