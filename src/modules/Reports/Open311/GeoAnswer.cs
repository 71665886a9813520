using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The two formats of Open311; the suffix of the address asks for one.</summary>
internal enum GeoFormat
{
    Xml,
    Json,
}

/// <summary>An answer in the format that was asked for, with an ETag of its bytes: a client that polls is told that nothing has changed.</summary>
internal sealed class GeoAnswer : IResult
{
    internal static XmlWriterSettings Xml { get; } = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.Entitize, Async = true };

    private readonly GeoFormat format;
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly GeoRows? rows;

    /// <param name="root">Name of the outermost element in XML.</param>
    public GeoAnswer(GeoFormat format, string root, GeoNode node) => (this.format, bytes) = (format, Bytes(format, root, node));

    /// <param name="rows">All that it says; given back when it is sent.</param>
    public GeoAnswer(GeoFormat format, GeoRows rows) => (this.format, bytes, this.rows) = (format, rows.Whole(), rows);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var given = rows;
        if (HttpMethods.IsGet(httpContext.Request.Method) && httpContext.IsUnchanged(Etags.TagOf(bytes.Span)))
        {
            await Etags.NotModified().ExecuteAsync(httpContext);
            return;
        }
        await WriteAsync(httpContext, format, bytes, StatusCodes.Status200OK);
    }

    public static string TypeOf(GeoFormat format) => format == GeoFormat.Json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";

    /// <summary>The format of a suffix; null for one that is not served.</summary>
    public static GeoFormat? FormatOf(string? suffix) => suffix switch { "json" => GeoFormat.Json, "xml" => GeoFormat.Xml, _ => null };

    /// <summary>How every refusal is told below <c>/open311</c>: a list of errors in the format of the address, XML when it has none. A standard for which everything but 403 and 404 is 400.</summary>
    public static Task WriteRefusalAsync(HttpContext http, Refusal refusal)
    {
        var words = http.RequestServices.GetRequiredService<Words>();
        var status = refusal.Kind switch
        {
            RefusalKind.Unauthenticated or RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.TooMany or RefusalKind.Busy or RefusalKind.Bug => (int)refusal.Kind,
            _ => StatusCodes.Status400BadRequest,
        };
        var language = GeoRequest.LanguageOf(http);
        var errors = refusal.All().Select(one => GeoNode.Of(
            ("code", GeoNode.Of(status.ToString(CultureInfo.InvariantCulture))),
            ("description", GeoNode.Of((one.Field is { } field ? GeoRequest.Theirs(field) + ": " : "") + words.In(language, one.TextKey, [.. one.Arguments])))));
        var path = http.Request.Path.Value ?? "";
        var format = FormatOf(path[(path.LastIndexOf('.') + 1)..]) ?? GeoFormat.Xml;
        http.Response.Headers.CacheControl = "no-store";
        return WriteAsync(http, format, Bytes(format, "errors", GeoNode.Of("error", errors)), status);
    }

    private static async Task WriteAsync(HttpContext http, GeoFormat format, ReadOnlyMemory<byte> bytes, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = TypeOf(format);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static byte[] Bytes(GeoFormat format, string root, GeoNode node)
    {
        using var buffer = new MemoryStream();
        if (format == GeoFormat.Json)
        {
            using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Json.Options.Encoder });
            node.Write(json);
        }
        else
        {
            using var xml = XmlWriter.Create(buffer, Xml);
            xml.WriteStartDocument();
            xml.WriteStartElement(root);
            node.Write(xml);
            xml.WriteEndElement();
        }
        return buffer.ToArray();
    }
}
