using System.Text.Json;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>
/// The city of the demonstration: the nineteen communes with their real names, codes, postcodes, inhabitants (1 January 2020, rounded) and town halls. Boundaries are generated from
/// sites that were set by hand, roads, parks and the canal are a few points each: all of it is approximate, marked so, and replaced by importing official files.
/// </summary>
public static class DemoCity
{
    private static readonly Lazy<CityFile> File = new(Load);
    private static readonly Lazy<IReadOnlyList<Area>> Drawn = new(Draw);

    public static IReadOnlyList<DemoCommune> Communes => File.Value.Communes;

    /// <summary>The region, the communes, then roads, water and parks.</summary>
    public static IReadOnlyList<Area> Areas => Drawn.Value;

    private static CityFile Load()
    {
        using var stream = typeof(DemoCity).Assembly.GetManifestResourceStream("Zinneke.Kernel.Demo.city.json")!;
        return JsonSerializer.Deserialize<CityFile>(stream, Json.Options)!;
    }

    private static Area[] Draw()
    {
        var (region, communes, outside, features) = File.Value;
        var patchwork = new Patchwork([
            .. communes.SelectMany((commune, label) => commune.Sites.Select(site => (At(site), label))),
            .. outside.Select(site => (At(site), -1)),
        ]);
        return [
            new Area(region.Id, Area.Region, region.Names, patchwork.Surface(label => label >= 0)) { Nis = region.Id, Approximate = true },
            .. communes.Select((commune, label) => new Area(commune.Nis, Area.Municipality, commune.Names, patchwork.Surface(other => other == label))
            {
                Nis = commune.Nis,
                Parent = region.Id,
                Postcodes = commune.Postcodes,
                Approximate = true,
            }),
            .. features.Select(feature => new Area($"demo-{feature.Id}", feature.Kind, feature.Names, ShapeOf(feature))
            {
                Owner = feature.Owner,
                HalfWidthMetres = feature.HalfWidthMetres ?? Area.HalfWidthDefaultMetres,
                Approximate = true,
            }),
        ];
    }

    private static Shape ShapeOf(CityFeature feature) => feature.Line is { } line ? Shape.Line([.. line.Select(At)]) : Shape.Polygon([.. feature.Ring!.Select(At)]);

    internal static LonLat At(double[] position) => new(position[0], position[1]);

    private sealed record CityFile(CityRegion Region, DemoCommune[] Communes, double[][] Outside, CityFeature[] Features);

    private sealed record CityRegion(string Id, Text Names);

    private sealed record CityFeature(string Id, string Kind, Text Names, string Owner, double? HalfWidthMetres, double[][]? Line, double[][]? Ring);
}

/// <summary>One of the nineteen communes.</summary>
/// <param name="Population">Inhabitants, rounded to hundreds.</param>
/// <param name="TownHall">Longitude and latitude.</param>
/// <param name="Sites">Places that belong to it, well apart: the generated boundary runs in the middle between those of neighbours.</param>
public sealed record DemoCommune(string Nis, Text Names, IReadOnlyList<string> Postcodes, int Population, double[] TownHall, double[][] Sites)
{
    public LonLat Centre => DemoCity.At(TownHall);
}
