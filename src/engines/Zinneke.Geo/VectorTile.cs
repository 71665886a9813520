namespace Zinneke.Geo;

/// <summary>One attribute of a feature in a tile: text, number or truth value.</summary>
public readonly record struct TileAttribute
{
    private TileAttribute(string key, object value) => (Key, Value) = (key, value);

    public string Key { get; }

    /// <summary>A string, long, double or bool.</summary>
    public object Value { get; }

    public static TileAttribute Of(string key, string value) => new(key, value);

    public static TileAttribute Of(string key, long value) => new(key, value);

    public static TileAttribute Of(string key, double value) => new(key, value);

    public static TileAttribute Of(string key, bool value) => new(key, value);
}

/// <summary>
/// Builds one Mapbox Vector Tile (specification 2.1, github.com/mapbox/vector-tile-spec): extent 4096, geometry cut 64 units beyond the edge, so that outlines and circles
/// at the edge are drawn whole. Features that cannot be seen in the tile are left out.
/// </summary>
public sealed class VectorTile
{
    public const int Extent = 4096;
    public const int Margin = 64;

    private readonly List<TileLayer> layers = [];

    public VectorTile(int z, int x, int y)
    {
        if (!Mercator.IsTile(z, x, y))
        {
            throw new ArgumentOutOfRangeException(nameof(z), $"no tile {z}/{x}/{y}");
        }
        (Z, X, Y) = (z, x, y);
    }

    public int Z { get; }

    public int X { get; }

    public int Y { get; }

    /// <summary>Where features lie that can be seen in the tile.</summary>
    public Box Box => Mercator.TileBox(Z, X, Y, (double)Margin / Extent);

    /// <summary>Adds a layer; names differ within a tile.</summary>
    public TileLayer Layer(string name)
    {
        var layer = new TileLayer(this, name);
        layers.Add(layer);
        return layer;
    }

    /// <summary>The tile; layers without features are left out, so an empty tile has no bytes.</summary>
    public byte[] ToBytes()
    {
        var tile = new ProtoBuffer();
        foreach (var layer in layers.Where(layer => layer.Count > 0))
        {
            tile.Field(3, layer.Encode().Written);
        }
        return tile.Written.ToArray();
    }
}
