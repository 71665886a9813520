using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// Draws made-up boundaries: the plane is divided among sites (Voronoi), cells of one label are joined, and every border is bent a little, the same way for both its sides.
/// So neighbours share their borders exactly, and nothing overlaps. Labels are numbers from 0; sites with -1 are outside and hold the patchwork together.
/// </summary>
internal sealed class Patchwork
{
    private const double FrameDegrees = 10;
    private const int BendLevels = 3;
    private const double Bend = 0.11;

    private readonly (double X, double Y)[] sites;
    private readonly int[] labels;
    private readonly double shrink;
    private readonly LonLat origin;
    // Neighbours of each site's cell, counter-clockwise.
    private readonly int[][] neighbours;

    public Patchwork(IReadOnlyList<(LonLat Place, int Label)> sites)
    {
        origin = sites[0].Place;
        shrink = Math.Cos(origin.Lat * Math.PI / 180);
        this.sites = [.. sites.Select(site => ((site.Place.Lon - origin.Lon) * shrink, site.Place.Lat - origin.Lat))];
        labels = [.. sites.Select(site => site.Label)];
        neighbours = [.. Enumerable.Range(0, this.sites.Length).Select(Cell)];
    }

    /// <summary>The surface of the labels chosen, with bent borders.</summary>
    public Shape Surface(Predicate<int> chosen)
    {
        var borders = new Dictionary<Corner, (Corner End, int Site, int Other)>();
        for (var site = 0; site < sites.Length; site++)
        {
            for (var k = 0; chosen(labels[site]) && k < neighbours[site].Length; k++)
            {
                var (before, here, after) = (neighbours[site][(k + neighbours[site].Length - 1) % neighbours[site].Length], neighbours[site][k], neighbours[site][(k + 1) % neighbours[site].Length]);
                if (here < 0 || before < 0 || after < 0)
                {
                    throw new InvalidOperationException($"site {site} reaches the frame: put sites outside around it");
                }
                if (!chosen(labels[here]))
                {
                    borders.Add(Corner.Of(site, before, here), (Corner.Of(site, here, after), site, here));
                }
            }
        }
        var builder = new ShapeBuilder(ShapeKind.Polygons);
        while (borders.Count > 0)
        {
            var first = borders.Keys.Min();
            var at = first;
            do
            {
                borders.Remove(at, out var border);
                builder.Add(Place(at)).Add(Bent(at, border.End, border.Site, border.Other));
                at = border.End;
            }
            while (at != first);
            builder.Add(Place(first)).EndPart().EndPolygon();
        }
        return builder.Build();
    }

    /// <summary>Cuts a square by the middle lines to all other sites; what remains is the cell, and whose lines bound it are the neighbours.</summary>
    private int[] Cell(int site)
    {
        var (cx, cy) = sites[site];
        List<(double X, double Y, int Neighbour)> cell =
            [(-FrameDegrees, -FrameDegrees, -1), (FrameDegrees, -FrameDegrees, -1), (FrameDegrees, FrameDegrees, -1), (-FrameDegrees, FrameDegrees, -1)];
        for (var other = 0; other < sites.Length; other++)
        {
            if (other == site)
            {
                continue;
            }
            var (dx, dy) = (sites[other].X - cx, sites[other].Y - cy);
            var limit = (sites[other].X * sites[other].X + sites[other].Y * sites[other].Y - cx * cx - cy * cy) / 2;
            var cut = new List<(double X, double Y, int Neighbour)>(cell.Count + 1);
            for (var k = 0; k < cell.Count; k++)
            {
                var (a, b) = (cell[k], cell[(k + 1) % cell.Count]);
                var (fromA, fromB) = (limit - dx * a.X - dy * a.Y, limit - dx * b.X - dy * b.Y);
                if (fromA > 0)
                {
                    cut.Add(a);
                }
                if (fromA > 0 != fromB > 0)
                {
                    var t = fromA / (fromA - fromB);
                    // Leaving: from here the border runs along the middle line. Coming back: along the edge that was there.
                    cut.Add((a.X + t * (b.X - a.X), a.Y + t * (b.Y - a.Y), fromA > 0 ? other : a.Neighbour));
                }
            }
            cell = cut;
        }
        return [.. cell.Select(edge => edge.Neighbour)];
    }

    /// <summary>Where three cells meet: equally far from their sites. Computed from the sorted sites, so that all three get the same place.</summary>
    private LonLat Place(Corner corner)
    {
        var (ax, ay) = sites[corner.A];
        var (bx, by) = (sites[corner.B].X - ax, sites[corner.B].Y - ay);
        var (cx, cy) = (sites[corner.C].X - ax, sites[corner.C].Y - ay);
        var twice = 2 * (bx * cy - by * cx);
        var (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
        return At(ax + (cy * b2 - by * c2) / twice, ay + (bx * c2 - cx * b2) / twice);
    }

    private LonLat At(double x, double y) => new(Math.Round(origin.Lon + x / shrink, 6), Math.Round(origin.Lat + y, 6));

    /// <summary>Places between two corners: middles moved aside by chance, which the two sites of the border decide.</summary>
    private LonLat[] Bent(Corner from, Corner to, int site, int other)
    {
        var forward = from.CompareTo(to) < 0;
        var line = new List<LonLat> { Place(forward ? from : to), Place(forward ? to : from) };
        var chance = new Random(Math.Min(site, other) * 1009 + Math.Max(site, other));
        for (var level = 0; level < BendLevels; level++)
        {
            for (var i = line.Count - 1; i > 0; i--)
            {
                var (a, b) = (line[i - 1], line[i]);
                var aside = Bend * (2 * chance.NextDouble() - 1);
                var (dx, dy) = ((b.Lon - a.Lon) * shrink, b.Lat - a.Lat);
                line.Insert(i, new LonLat(Math.Round((a.Lon + b.Lon) / 2 - aside * dy / shrink, 6), Math.Round((a.Lat + b.Lat) / 2 + aside * dx, 6)));
            }
        }
        var between = line.GetRange(1, line.Count - 2);
        if (!forward)
        {
            between.Reverse();
        }
        return [.. between];
    }

    /// <summary>Three sites, ascending.</summary>
    private readonly record struct Corner(int A, int B, int C) : IComparable<Corner>
    {
        public static Corner Of(int a, int b, int c)
        {
            Span<int> sorted = [a, b, c];
            sorted.Sort();
            return new(sorted[0], sorted[1], sorted[2]);
        }

        public int CompareTo(Corner other) => (A, B, C).CompareTo((other.A, other.B, other.C));
    }
}
