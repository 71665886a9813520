using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Zinneke.Kernel;

/// <summary>How JSON is written everywhere: camelCase, enums as camelCase words, readable letters, no number in quotes.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>For people who read the output of a verb.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    public static void Set(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = indented };
        Set(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
