using System.Text;
using System.Text.Json.Nodes;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Emblems for some bodies of the demonstration, drawn for it in the colour of each; the others show that a page is fine without.</summary>
internal static class DemoLogos
{
    private const int Side = 320;

    private static readonly Lazy<Dictionary<string, string>> Groups = new(() => SvgGroups.Read("logos"));

    /// <summary>The file of bodies with a picture for each that has an emblem.</summary>
    public static Stream Into(Stream bodies)
    {
        var list = JsonNode.Parse(bodies)!;
        foreach (var body in list["bodies"]!.AsArray().OfType<JsonObject>())
        {
            if (Groups.Value.TryGetValue((string)body["id"]!, out var emblem))
            {
                body["logo"] = BodyLogos.TextOf(PhotoFormat.Png, DrawSvg.ToPng(Svg(emblem, (string)body["colour"]!)));
            }
        }
        return new MemoryStream(Encoding.UTF8.GetBytes(list.ToJsonString()));
    }

    private static string Svg(string emblem, string colour) => $$"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{{Side}}" height="{{Side}}" viewBox="-6 -6 108 108"><style>
        .f,.l,.s{stroke:#14213d;stroke-width:4;stroke-linejoin:round;stroke-linecap:round}.l,.s{fill:none}.s{stroke:#fffdf8}.c{fill:{{colour}}}.w{fill:#fffdf8}
        </style><rect x="-6" y="-6" width="108" height="108" fill="#ffffff"/>{{emblem}}</svg>
        """;
}
