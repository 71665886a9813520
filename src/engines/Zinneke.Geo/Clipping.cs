namespace Zinneke.Geo;

/// <summary>Cuts rings and lines to the square from -margin to size + margin, in the coordinates of a tile.</summary>
internal static class Clipping
{
    /// <summary>The part of a ring inside (Sutherland and Hodgman, "Reentrant polygon clipping", 1974). Parts that fall apart stay joined along the edge of the square, beyond what is drawn.</summary>
    public static List<(double X, double Y)> Ring(List<(double X, double Y)> ring, double low, double high)
    {
        for (var side = 0; side < 4 && ring.Count > 0; side++)
        {
            var vertical = side % 2 == 0;
            var (limit, sign) = side < 2 ? (low, 1) : (high, -1);
            var kept = new List<(double X, double Y)>(ring.Count + 4);
            var before = ring[^1];
            foreach (var p in ring)
            {
                var (from, to) = (sign * (Of(before) - limit), sign * (Of(p) - limit));
                if (from >= 0 != to >= 0)
                {
                    kept.Add(Between(before, p, from / (from - to)));
                }
                if (to >= 0)
                {
                    kept.Add(p);
                }
                before = p;
            }
            ring = kept;

            double Of((double X, double Y) p) => vertical ? p.X : p.Y;
        }
        return ring;
    }

    /// <summary>The stretches of a line inside, each cut where it leaves (Liang and Barsky, "A new concept and method for line clipping", 1984).</summary>
    public static IEnumerable<List<(double X, double Y)>> Line(IReadOnlyList<(double X, double Y)> line, double low, double high)
    {
        var stretch = new List<(double X, double Y)>();
        for (var i = 1; i < line.Count; i++)
        {
            var (a, b) = (line[i - 1], line[i]);
            if (!Inside(a, b, low, high, out var enter, out var leave))
            {
                continue;
            }
            if (stretch.Count == 0)
            {
                stretch.Add(Between(a, b, enter));
            }
            stretch.Add(Between(a, b, leave));
            if (leave < 1)
            {
                yield return stretch;
                stretch = [];
            }
        }
        if (stretch.Count > 0)
        {
            yield return stretch;
        }
    }

    private static bool Inside((double X, double Y) a, (double X, double Y) b, double low, double high, out double enter, out double leave)
    {
        (enter, leave) = (0, 1);
        return Narrow(a.X, b.X - a.X, low, high, ref enter, ref leave) && Narrow(a.Y, b.Y - a.Y, low, high, ref enter, ref leave);
    }

    private static bool Narrow(double start, double change, double low, double high, ref double enter, ref double leave)
    {
        if (change == 0)
        {
            return start >= low && start <= high;
        }
        var (first, second) = ((low - start) / change, (high - start) / change);
        enter = Math.Max(enter, Math.Min(first, second));
        leave = Math.Min(leave, Math.Max(first, second));
        return enter <= leave;
    }

    private static (double, double) Between((double X, double Y) a, (double X, double Y) b, double t) =>
        t >= 1 ? b : t <= 0 ? a : (a.X + t * (b.X - a.X), a.Y + t * (b.Y - a.Y));
}
