using Microsoft.AspNetCore.Http;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// Something that maps show, contributed by a module: <c>services.AddSingleton&lt;MapLayer, ReportsLayer&gt;()</c>. Drawn as vector tiles for the map of the browser,
/// <c>/tiles/{name}/{z}/{x}/{y}.mvt</c>, and as figures for the picture of pages without JavaScript, <c>/map.svg</c>. Whoever may not see a thing must not be drawn it:
/// layers are public.
/// </summary>
public abstract class MapLayer
{
    /// <summary>Stable name: of the address and of the layer inside the tile.</summary>
    public abstract string Name { get; }

    /// <summary>Names of the query that it understands, such as <c>category</c>.</summary>
    public virtual IReadOnlyList<string> Filters => [];

    /// <summary>What evicts kept tiles: an area of events such as <c>reports</c>, or a kind of subject such as <c>area</c>.</summary>
    public abstract IReadOnlyList<string> Tags { get; }

    /// <summary>Key of the words that maps show about where the layer comes from; null for none.</summary>
    public virtual string? SourceKey => null;

    /// <summary>How long a browser may show a tile without asking again.</summary>
    public virtual TimeSpan FreshFor => TimeSpan.Zero;

    /// <summary>
    /// Adds the layer to a tile. A feature has an attribute <c>id</c>; at low zoom points are drawn together, with an attribute <c>count</c> (see <see cref="PointClusters"/>).
    /// At most some thousand features.
    /// </summary>
    /// <returns>Null when it is drawn, or what is wrong with the filter.</returns>
    public abstract ValueTask<Refusal?> DrawAsync(VectorTile tile, IQueryCollection filter, CancellationToken cancellation);

    /// <summary>What the drawn picture shows; at most some hundred figures.</summary>
    /// <param name="view">What can be seen.</param>
    /// <param name="language">Of names.</param>
    public abstract ValueTask<Outcome<MapFigure[]>> FiguresAsync(Box view, MapFrame frame, IQueryCollection filter, string language, CancellationToken cancellation);
}
