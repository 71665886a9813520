using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Zinneke.Kernel;

/// <summary>Conditional requests (RFC 9110 section 13): the tag of a thing is its Version.</summary>
public static class Etags
{
    private const int TagBytes = 12;

    /// <summary>Sets the tag of what is answered and says whether the caller has it already, so that 304 is enough.</summary>
    /// <param name="version">Version of the row, or any number that changes whenever the answer does.</param>
    public static bool IsUnchanged(this HttpContext http, long version) => http.IsUnchanged(version.ToString(CultureInfo.InvariantCulture));

    /// <summary>The same for an answer whose tag is not a number, such as a hash.</summary>
    /// <param name="tag">Letters, digits, <c>-</c> and <c>_</c>.</param>
    public static bool IsUnchanged(this HttpContext http, string tag)
    {
        var quoted = $"\"{tag}\"";
        http.Response.Headers.ETag = quoted;
        var known = http.Request.Headers.IfNoneMatch;
        return (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && known.Count > 0 && Matches([.. known], quoted, weak: true);
    }

    /// <summary>A tag of what is sent: the beginning of its SHA-256.</summary>
    public static string TagOf(ReadOnlySpan<byte> body) => Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, TagBytes));

    /// <summary>Checks <c>If-Match</c> before a change.</summary>
    /// <returns>Null when there is none or it names this version; otherwise a refusal with status 412.</returns>
    public static Refusal? StaleAgainst(this HttpContext http, long version)
    {
        var wanted = http.Request.Headers.IfMatch;
        var quoted = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        return wanted.Count == 0 || Matches([.. wanted], quoted, weak: false) ? null : new Refusal(RefusalKind.Stale, "kernel.stale");
    }

    /// <summary>304 without a body.</summary>
    public static IResult NotModified() => TypedResults.StatusCode(StatusCodes.Status304NotModified);

    private static bool Matches(IList<string?> headers, string quoted, bool weak) =>
        EntityTagHeaderValue.TryParseList([.. headers.OfType<string>()], out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (tag.Tag.Equals(quoted, StringComparison.Ordinal) && (weak || !tag.IsWeak)));
}
