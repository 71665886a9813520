using System.Xml.Linq;

namespace Zinneke.Reports;

/// <summary>The named parts of a drawing that came with the program.</summary>
internal static class SvgGroups
{
    /// <summary>Each part as SVG text by its id.</summary>
    /// <param name="name">Such as <c>streets</c>.</param>
    public static Dictionary<string, string> Read(string name)
    {
        using var stream = typeof(SvgGroups).Assembly.GetManifestResourceStream($"Zinneke.Reports.Demo.{name}.svg")!;
        return XDocument.Load(stream).Root!.Elements().ToDictionary(group => group.Attribute("id")!.Value, group => group.ToString(SaveOptions.DisableFormatting), StringComparer.Ordinal);
    }
}
