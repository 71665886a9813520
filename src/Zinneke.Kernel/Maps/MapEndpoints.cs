using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>Tiles and drawn pictures of the layers. Both are tagged by what they hold, so that a map that did not change is sent once.</summary>
public static class MapEndpoints
{
    public const string TileType = "application/vnd.mapbox-vector-tile";

    private const int LayersMax = 8;

    /// <summary>A map that is dragged asks for some dozens of tiles a second.</summary>
    private static readonly RateLimit Drawing = new("map", new Quota(6000, TimeSpan.FromMinutes(1)));

    public static IServiceCollection AddMaps(this IServiceCollection services) => services.AddSingleton<MapLayer, AreaLayer>();

    internal static void MapMaps(this RouteGroupBuilder root)
    {
        MapLayer[] layers = [.. ((IEndpointRouteBuilder)root).ServiceProvider.GetServices<MapLayer>()];
        foreach (var layer in layers)
        {
            root.MapGet($"/tiles/{layer.Name}/{{z:int}}/{{x:int}}/{{y:int}}.mvt", (int z, int x, int y, HttpContext http) => TileAsync(layer, z, x, y, http))
                .Public().Limited(Drawing).Cached([.. layer.Tags], [.. layer.Filters]).OpenToOtherSites().ExcludeFromDescription();
        }
        root.MapGet("/map.svg", (Delegate)((HttpContext http) => PictureAsync(layers, http)))
            .Public().Limited(Drawing).Cached([.. layers.SelectMany(layer => layer.Tags).Distinct()], ["frame", "layers", "pin", "stops", "lang", .. layers.SelectMany(layer => layer.Filters).Distinct()])
            .OpenToOtherSites().ExcludeFromDescription();
    }

    private static async Task<IResult> TileAsync(MapLayer layer, int z, int x, int y, HttpContext http)
    {
        if (!Mercator.IsTile(z, x, y))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        var tile = new VectorTile(z, x, y);
        return await layer.DrawAsync(tile, http.Request.Query, http.RequestAborted) is { } refusal
            ? refusal.AsProblem()
            : Send(http, tile.ToBytes(), TileType, layer.FreshFor);
    }

    private static async Task<IResult> PictureAsync(MapLayer[] layers, HttpContext http)
    {
        var query = http.Request.Query;
        if (!MapFrame.TryParse(query["frame"], out var frame))
        {
            return Refusal.Invalid("kernel.badMapFrame", "frame").AsProblem();
        }
        var names = query["layers"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > LayersMax || Array.Find(names, name => !Array.Exists(layers, layer => layer.Name == name)) is not null)
        {
            return Refusal.Invalid("kernel.unknownMapLayer", "layers", string.Join(", ", layers.Select(layer => layer.Name))).AsProblem();
        }
        var language = Languages.Known(query["lang"]) ? query["lang"].ToString() : http.Language();
        var figures = new List<MapFigure>();
        foreach (var name in names)
        {
            var drawn = await Array.Find(layers, layer => layer.Name == name)!.FiguresAsync(ViewOf(frame), frame, query, language, http.RequestAborted);
            if (!drawn.Is(out var some, out var refusal))
            {
                return refusal.AsProblem();
            }
            figures.AddRange(some);
        }
        var svg = MapPicture.Draw(frame, figures, PinOf(query["pin"]), MapStop.Read(query["stops"]));
        return Send(http, Encoding.UTF8.GetBytes(svg), "image/svg+xml", TimeSpan.Zero);
    }

    private static Box ViewOf(MapFrame frame)
    {
        var (west, north) = frame.At(0, 0);
        var (east, south) = frame.At(frame.Width, frame.Height);
        return new Box(west, south, east, north);
    }

    /// <summary>Longitude and latitude with a comma; anything else is no pin.</summary>
    private static (double Lon, double Lat)? PinOf(string? text) =>
        text?.Split(',') is [var lon, var lat]
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var y)
        && new LonLat(x, y).InRange
            ? (x, y)
            : null;

    private static IResult Send(HttpContext http, byte[] bytes, string type, TimeSpan freshFor)
    {
        http.Response.Headers.CacheControl = freshFor > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"public, max-age={freshFor.TotalSeconds:0}") : "no-cache";
        var tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
        return http.IsUnchanged(tag) ? Etags.NotModified() : TypedResults.Bytes(bytes, type);
    }
}
