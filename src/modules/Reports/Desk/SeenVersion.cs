using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Reports;

/// <summary>The version of a report that a form was drawn from.</summary>
internal static class SeenVersion
{
    /// <summary>What the field <c>version</c> says; a form without one never matches.</summary>
    public static long Of(IFormCollection form) => Of(form["version"]);

    /// <summary>What a field says; one without a number never matches.</summary>
    public static long Of(string? typed) => long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
