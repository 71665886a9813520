using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Reads what a caller of the API sent, with the refusals that every module gives.</summary>
public static class JsonBody
{
    /// <returns>400 <c>notParseable</c> of the area, with the path of the fault; 415 when it is no JSON at all.</returns>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpContext http, string area)
        where T : class
    {
        try
        {
            return await http.Request.ReadFromJsonAsync<T>(Json.Options, http.RequestAborted) is { } sent ? sent : new Refusal(RefusalKind.NotParseable, $"{area}.notParseable");
        }
        catch (JsonException malformed)
        {
            return new Refusal(RefusalKind.NotParseable, $"{area}.notParseable", malformed.Path?.TrimStart('$', '.'));
        }
        catch (InvalidOperationException)
        {
            return new Refusal(RefusalKind.WrongType, "kernel.wrongType");
        }
    }
}
