using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Zinneke.Geo;

namespace Zinneke.Kernel;

/// <summary>One entry of a feed.</summary>
/// <param name="Id">Stable for ever: <c>urn:uuid:…</c>.</param>
/// <param name="Page">Where it is read.</param>
/// <param name="Published">UTC microseconds, as all instants.</param>
public sealed record FeedEntry(string Id, string Title, Uri Page, long Published, long Updated, string Summary)
{
    /// <summary>Code and name of what it belongs to.</summary>
    public (string Term, string Label)? Category { get; init; }

    /// <summary>Where it is, for readers that draw maps (GeoRSS Simple).</summary>
    public LonLat? Place { get; init; }
}

/// <summary>A web feed: Atom (RFC 4287), answered with an entity tag, so that a reader that asks every few minutes is told "nothing new" in a few bytes.</summary>
/// <param name="Page">The page that shows the same.</param>
/// <param name="Self">The feed's own address.</param>
/// <param name="Author">Who publishes it.</param>
/// <param name="Entries">Newest first.</param>
public sealed record Feed(string Title, Uri Page, Uri Self, string Author, string Language, IReadOnlyList<FeedEntry> Entries) : IResult
{
    private const string Atom = "http://www.w3.org/2005/Atom", GeoRss = "http://www.georss.org/georss";
    private static readonly XmlWriterSettings Xml = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.Entitize };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = ToXml();
        if (httpContext.IsUnchanged(Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        httpContext.Response.ContentType = "application/atom+xml; charset=utf-8";
        httpContext.Response.ContentLength = bytes.Length;
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    private byte[] ToXml()
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, Xml))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteAttributeString("xml", "lang", null, Language);
            xml.WriteAttributeString("xmlns", "georss", null, GeoRss);
            xml.WriteElementString("id", Self.AbsoluteUri);
            Write(xml, "title", Title);
            Link(xml, "self", "application/atom+xml", Self);
            Link(xml, "alternate", "text/html", Page);
            // Of an empty feed nothing was ever new.
            xml.WriteElementString("updated", At(Entries.Count == 0 ? 0 : Entries.Max(entry => entry.Updated)));
            xml.WriteStartElement("author");
            xml.WriteElementString("name", XmlWords.Writable(Author));
            xml.WriteEndElement();
            foreach (var entry in Entries)
            {
                Write(xml, entry);
            }
            xml.WriteEndElement();
        }
        return buffer.ToArray();
    }

    private static void Write(XmlWriter xml, FeedEntry entry)
    {
        xml.WriteStartElement("entry");
        xml.WriteElementString("id", entry.Id);
        Write(xml, "title", entry.Title);
        Link(xml, "alternate", "text/html", entry.Page);
        xml.WriteElementString("published", At(entry.Published));
        xml.WriteElementString("updated", At(entry.Updated));
        if (entry.Category is var (term, label))
        {
            xml.WriteStartElement("category");
            xml.WriteAttributeString("term", term);
            xml.WriteAttributeString("label", XmlWords.Writable(label));
            xml.WriteEndElement();
        }
        if (entry.Place is { } place)
        {
            xml.WriteElementString("point", GeoRss, string.Create(CultureInfo.InvariantCulture, $"{place.Lat:0.######} {place.Lon:0.######}"));
        }
        Write(xml, "summary", entry.Summary);
        xml.WriteEndElement();
    }

    /// <summary>Plain text: what people wrote is never markup.</summary>
    private static void Write(XmlWriter xml, string name, string words)
    {
        xml.WriteStartElement(name);
        xml.WriteAttributeString("type", "text");
        xml.WriteString(XmlWords.Writable(words));
        xml.WriteEndElement();
    }

    private static void Link(XmlWriter xml, string relation, string type, Uri address)
    {
        xml.WriteStartElement("link");
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", address.AbsoluteUri);
        xml.WriteEndElement();
    }

    private static string At(long micros) => Instants.FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
