using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Reads what a call to act on a report brings; nothing at all is fine for actions that need nothing.</summary>
internal static class CallBody
{
    /// <returns>As <see cref="JsonBody.ReadAsync"/>; 422 <c>dateWithoutZone</c> for a planned date that is none.</returns>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpContext http)
        where T : class, new()
    {
        if (http.Request.ContentLength is null or 0 && !http.Request.HasJsonContentType())
        {
            return new T();
        }
        var read = await JsonBody.ReadAsync<T>(http, "reports");
        return read.Refusal is { Code: "kernel.wrongValue", Field: "plannedFrom" or "plannedTo" } malformed ? Refusal.Invalid("reports.dateWithoutZone", malformed.Field) : read;
    }
}
