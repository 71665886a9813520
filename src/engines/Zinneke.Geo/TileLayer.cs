namespace Zinneke.Geo;

/// <summary>A layer of a <see cref="VectorTile"/>.</summary>
public sealed class TileLayer
{
    private const double Low = -VectorTile.Margin;
    private const double High = VectorTile.Extent + VectorTile.Margin;

    private readonly string name;
    private readonly double scale;
    private readonly double offsetX;
    private readonly double offsetY;
    private readonly ProtoBuffer features = new();
    private readonly ProtoBuffer feature = new();
    private readonly ProtoBuffer tags = new();
    private readonly TileGeometry geometry = new();
    private readonly List<string> keys = [];
    private readonly List<object> values = [];
    private readonly Dictionary<string, int> keyPlaces = new(StringComparer.Ordinal);
    private readonly Dictionary<object, int> valuePlaces = [];

    internal TileLayer(VectorTile tile, string name)
    {
        this.name = name;
        scale = (double)VectorTile.Extent * (1 << tile.Z);
        (offsetX, offsetY) = ((double)tile.X * VectorTile.Extent, (double)tile.Y * VectorTile.Extent);
    }

    /// <summary>Features in the layer.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a point.</summary>
    /// <returns>False when it lies outside.</returns>
    public bool Add(LonLat p, ulong id, params ReadOnlySpan<TileAttribute> attributes)
    {
        var (x, y) = Mercator.Project(p);
        geometry.Clear();
        geometry.Points([InTile(x, y)], Low, High);
        return Close(ShapeKind.Points, id, attributes);
    }

    /// <summary>Adds a shape that was made for the zoom of the tile.</summary>
    /// <returns>False when nothing of it is in the tile.</returns>
    public bool Add(MapShape shape, ulong id, params ReadOnlySpan<TileAttribute> attributes)
    {
        geometry.Clear();
        for (var part = 0; shape.Kind != ShapeKind.Polygons && part < shape.PartCount; part++)
        {
            if (shape.Kind == ShapeKind.Points)
            {
                geometry.Points(InTile(shape.Part(part)), Low, High);
            }
            else
            {
                geometry.Line(InTile(shape.Part(part)), Low, High);
            }
        }
        for (var polygon = 0; polygon < shape.PolygonCount; polygon++)
        {
            var (start, end) = shape.Rings(polygon);
            for (var ring = start; ring < end; ring++)
            {
                if (!geometry.Ring(InTile(shape.Part(ring)), ring == start, Low, High) && ring == start)
                {
                    break;
                }
            }
        }
        return Close(shape.Kind, id, attributes);
    }

    private (double X, double Y) InTile(double x, double y) => (x * scale - offsetX, y * scale - offsetY);

    private List<(double X, double Y)> InTile(ReadOnlySpan<double> xy)
    {
        var places = new List<(double X, double Y)>(xy.Length / 2);
        for (var i = 0; i < xy.Length; i += 2)
        {
            places.Add(InTile(xy[i], xy[i + 1]));
        }
        return places;
    }

    private bool Close(ShapeKind kind, ulong id, ReadOnlySpan<TileAttribute> attributes)
    {
        if (geometry.IsEmpty)
        {
            return false;
        }
        tags.Clear();
        foreach (var attribute in attributes)
        {
            tags.Varint((ulong)Place(attribute.Key, keyPlaces, keys));
            tags.Varint((ulong)Place(attribute.Value, valuePlaces, values));
        }
        feature.Clear();
        feature.Field(1, id);
        feature.Field(2, tags.Written);
        // The numbers of ShapeKind are those of the specification's GeomType.
        feature.Field(3, (ulong)kind);
        feature.Field(4, geometry.Encode());
        features.Field(2, feature.Written);
        Count++;
        return true;
    }

    private static int Place<T>(T item, Dictionary<T, int> places, List<T> list)
        where T : notnull
    {
        if (!places.TryGetValue(item, out var place))
        {
            places[item] = place = list.Count;
            list.Add(item);
        }
        return place;
    }

    internal ProtoBuffer Encode()
    {
        var layer = new ProtoBuffer();
        layer.Field(15, 2);
        layer.Field(1, name);
        layer.Append(features.Written);
        foreach (var key in keys)
        {
            layer.Field(3, key);
        }
        foreach (var value in values)
        {
            feature.Clear();
            switch (value)
            {
                case string text: feature.Field(1, text); break;
                case double number: feature.Field(3, number); break;
                case long whole: feature.Field(6, ProtoBuffer.Zigzag(whole)); break;
                case bool truth: feature.Field(7, truth ? 1ul : 0); break;
            }
            layer.Field(4, feature.Written);
        }
        layer.Field(5, VectorTile.Extent);
        return layer;
    }
}
