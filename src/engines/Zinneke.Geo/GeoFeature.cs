using System.Text.Json;

namespace Zinneke.Geo;

/// <summary>One feature of a GeoJSON file (RFC 7946).</summary>
/// <param name="Line">1-based line where it begins.</param>
/// <param name="Index">0-based place among the features.</param>
/// <param name="Id">Its id, a number as it is written; null without one.</param>
/// <param name="Properties">An object, empty when the file says null.</param>
/// <param name="Shape">Null when the file says null.</param>
public sealed record GeoFeature(int Line, int Index, string? Id, JsonElement Properties, Shape? Shape);
