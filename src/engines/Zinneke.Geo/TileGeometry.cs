namespace Zinneke.Geo;

/// <summary>The geometry of one feature as commands MoveTo, LineTo and ClosePath with differences (vector tile specification 2.1, section 4.3).</summary>
internal sealed class TileGeometry
{
    private const int MoveTo = 1;
    private const int LineTo = 2;
    private const int ClosePath = 7;

    private readonly ProtoBuffer commands = new();
    private readonly List<(int X, int Y)> points = [];
    private readonly List<(int X, int Y)> run = [];
    private int x;
    private int y;

    public bool IsEmpty => commands.Length == 0 && points.Count == 0;

    public void Clear()
    {
        commands.Clear();
        points.Clear();
        (x, y) = (0, 0);
    }

    public void Points(List<(double X, double Y)> places, double low, double high)
    {
        foreach (var place in places)
        {
            if (place.X >= low && place.X <= high && place.Y >= low && place.Y <= high)
            {
                points.Add(((int)Math.Round(place.X), (int)Math.Round(place.Y)));
            }
        }
    }

    public void Line(List<(double X, double Y)> places, double low, double high)
    {
        foreach (var stretch in Clipping.Line(places, low, high))
        {
            Round(stretch);
            if (run.Count > 1)
            {
                Run();
            }
        }
    }

    /// <summary>Adds a closed ring: outsides get a positive area by the surveyor's formula, holes a negative one (section 4.3.3.3).</summary>
    /// <returns>False when nothing with an area is left of it.</returns>
    public bool Ring(List<(double X, double Y)> places, bool outside, double low, double high)
    {
        places.RemoveAt(places.Count - 1);
        Round(Clipping.Ring(places, low, high));
        if (run.Count > 1 && run[0] == run[^1])
        {
            run.RemoveAt(run.Count - 1);
        }
        long area = 0;
        for (var i = 0; i < run.Count; i++)
        {
            var (a, b) = (run[i], run[(i + 1) % run.Count]);
            area += (long)a.X * b.Y - (long)b.X * a.Y;
        }
        if (area == 0)
        {
            return false;
        }
        if (area > 0 != outside)
        {
            run.Reverse();
        }
        Run();
        commands.Varint(1 << 3 | ClosePath);
        return true;
    }

    public ReadOnlySpan<byte> Encode()
    {
        if (points.Count > 0)
        {
            Command(MoveTo, points.Count);
            points.ForEach(Step);
            points.Clear();
        }
        return commands.Written;
    }

    private void Run()
    {
        Command(MoveTo, 1);
        Step(run[0]);
        Command(LineTo, run.Count - 1);
        foreach (var place in run.Skip(1))
        {
            Step(place);
        }
    }

    private void Command(int id, int count) => commands.Varint((ulong)(count << 3 | id));

    private void Step((int X, int Y) to)
    {
        commands.Varint(ProtoBuffer.Zigzag(to.X - x));
        commands.Varint(ProtoBuffer.Zigzag(to.Y - y));
        (x, y) = to;
    }

    /// <summary>To whole units, places that fall together once.</summary>
    private void Round(List<(double X, double Y)> places)
    {
        run.Clear();
        foreach (var place in places)
        {
            var whole = ((int)Math.Round(place.X), (int)Math.Round(place.Y));
            if (run.Count == 0 || run[^1] != whole)
            {
                run.Add(whole);
            }
        }
    }
}
