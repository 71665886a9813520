using System.Collections.Frozen;
using System.Text.Json;

namespace Zinneke.Ui;

/// <summary>
/// The styles, scripts, fonts and pictures that <c>web/build.mjs</c> made, held in memory (about 3 MB). A logical name such as <c>style.css</c> gives the address
/// of the file with its hash, so that browsers may keep it for ever.
/// </summary>
public sealed class Assets
{
    /// <summary>Where the files are served.</summary>
    public const string Root = "/assets/";

    private readonly FrozenDictionary<string, string> manifest;
    private readonly FrozenDictionary<string, string> icons;
    private readonly FrozenDictionary<string, Picture> drawings;
    private readonly FrozenDictionary<string, AssetFile> files;

    /// <param name="folder">The folder web/dist, or its copy beside the program.</param>
    /// <exception cref="InvalidOperationException">The folder holds no finished set.</exception>
    public Assets(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "manifest.json")))
        {
            throw new InvalidOperationException($"{folder} holds no web assets: run npm ci and npm run build in web/, then build again");
        }
        manifest = Table<string>(folder, "manifest.json");
        icons = Table<string>(folder, "icons.json");
        drawings = Table<Picture>(folder, "drawings.json");
        files = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetFileName(path)[0] != '.' && Path.GetExtension(path) is not (".br" or ".gz" or ".json"))
            .ToFrozenDictionary(path => Path.GetFileName(path), path => new AssetFile(path), StringComparer.Ordinal);
    }

    /// <summary>Address of a file by its logical name, such as <c>app.js</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file: a bug.</exception>
    public string this[string name] => manifest.TryGetValue(name, out var file) ? Root + file : throw new KeyNotFoundException($"no asset {name}");

    /// <summary>The inner SVG of an icon of web/icons.txt.</summary>
    /// <exception cref="KeyNotFoundException">The icon is not in that list.</exception>
    public string Icon(string name) => icons.TryGetValue(name, out var svg) ? svg : throw new KeyNotFoundException($"no icon {name}: add it to web/icons.txt");

    public IEnumerable<string> Icons => icons.Keys.Order(StringComparer.Ordinal);

    /// <summary>One of our own drawings, or null.</summary>
    public Picture? Drawing(string name) => drawings.GetValueOrDefault(name);

    public IEnumerable<string> Drawings => drawings.Keys.Order(StringComparer.Ordinal);

    internal AssetFile? FileOf(string name) => files.GetValueOrDefault(name);

    private static FrozenDictionary<string, T> Table<T>(string folder, string file) =>
        JsonSerializer.Deserialize<Dictionary<string, T>>(File.ReadAllBytes(Path.Combine(folder, file)), JsonSerializerOptions.Web)!
            .ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>A drawing: the box it lies in and the SVG inside it, painted by the classes of web/css/drawings.css.</summary>
public sealed record Picture(string Box, string Svg);

/// <summary>A served file with its compressed twins.</summary>
internal sealed class AssetFile
{
    public AssetFile(string path)
    {
        Plain = File.ReadAllBytes(path);
        Brotli = Twin(path + ".br");
        Gzip = Twin(path + ".gz");
        ContentType = Path.GetExtension(path) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            ".png" => "image/png",
            ".txt" => "text/plain; charset=utf-8",
            var other => throw new InvalidOperationException($"{path}: no content type for {other}"),
        };
    }

    public byte[] Plain { get; }

    public byte[]? Brotli { get; }

    public byte[]? Gzip { get; }

    public string ContentType { get; }

    private static byte[]? Twin(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
