using System.Globalization;
using System.Net.Http.Headers;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Speaks to the Open311 GeoReport v2 endpoint of a body. The key goes with what is sent only: what is asked for is public, and addresses are logged.</summary>
internal sealed class GeoEndpoint(Outgoing outgoing)
{
    /// <summary>As many requests as a server lists at once.</summary>
    internal const int PageSize = 1000;
    private const int PagesMax = 5;
    private const int AnswerBytesMax = 16 << 20;

    /// <summary>How far the request that is found again may lie from where it was sent: some endpoints move it to the nearest address.</summary>
    private const double NearDegrees = 0.005;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How far the clocks of both ends may be apart.</summary>
    internal static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    /// <summary>Sends a request.</summary>
    /// <param name="id">The same at every attempt, for servers that know a repeat by it.</param>
    public async Task<GeoReply> SendAsync(Open311Channel channel, Guid id, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> form = [.. fields];
        Add(form, "api_key", channel.ApiKey);
        Add(form, "jurisdiction_id", channel.JurisdictionId);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{channel.Url}/requests.{Suffix(channel)}")) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Idempotency-Key", id.ToString());
        return await AskAsync(channel, request, cancellation);
    }

    /// <summary>The records below an address.</summary>
    public async Task<GeoReply> ListAsync(Open311Channel channel, string path, CancellationToken cancellation, params IEnumerable<(string Name, string Value)> arguments)
    {
        List<KeyValuePair<string, string>> query = [.. arguments.Select(one => KeyValuePair.Create(one.Name, one.Value))];
        Add(query, "jurisdiction_id", channel.JurisdictionId);
        var asked = string.Join('&', query.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{channel.Url}/{path}.{Suffix(channel)}{(asked.Length > 0 ? "?" + asked : "")}"));
        return await AskAsync(channel, request, cancellation);
    }

    /// <summary>What was asked from one instant until now, the same for requests and updates.</summary>
    /// <param name="since">UTC microseconds; <paramref name="now"/> likewise.</param>
    public static IEnumerable<(string Name, string Value)> Window(long since, long now) => [("start_date", Date(since - Apart.ToMicros())), ("end_date", Date(now + Apart.ToMicros()))];

    /// <summary>Looks for a request that may have arrived although nobody heard so: by the marker in its words, and not one that is known already.</summary>
    /// <param name="since">UTC microseconds; <paramref name="now"/> likewise.</param>
    /// <returns>The reply that failed, or the id; neither when it is not there.</returns>
    public async Task<(GeoReply? Failed, string? Id)> FindAsync(
        Open311Channel channel, string marker, (double Lon, double Lat)? place, IReadOnlyCollection<string> known, long since, long now, CancellationToken cancellation)
    {
        string? first = null;
        for (var page = 1; page <= PagesMax; page++)
        {
            var reply = await ListAsync(channel, "requests", cancellation, [.. Window(since, now), .. page > 1 ? [("page", page.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>()]);
            if (!reply.Ok)
            {
                return (reply, null);
            }
            var found = reply.Records.FirstOrDefault(record => record.TryGetValue("description", out var words) && words.Contains(marker, StringComparison.Ordinal)
                && record.TryGetValue("service_request_id", out var id) && !known.Contains(id) && IsNear(record, place));
            var begins = (reply.Records is [var newest, ..] ? newest : null)?.GetValueOrDefault("service_request_id");
            if (found is not null || reply.Records.Count < PageSize || begins == first)
            {
                return (null, found?["service_request_id"]); // A server that knows no pages says the same again.
            }
            first = begins;
        }
        return (null, null);
    }

    /// <summary>Another installation may use the same number for a report of its own, elsewhere.</summary>
    private static bool IsNear(IReadOnlyDictionary<string, string> record, (double Lon, double Lat)? place) =>
        place is not { } at || !Degrees(record, "long", out var lon) || !Degrees(record, "lat", out var lat) || (Math.Abs(lon - at.Lon) < NearDegrees && Math.Abs(lat - at.Lat) < NearDegrees);

    private static bool Degrees(IReadOnlyDictionary<string, string> record, string name, out double degrees)
    {
        degrees = 0;
        return record.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees);
    }

    private async Task<GeoReply> AskAsync(Open311Channel channel, HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(channel.Xml ? "text/xml" : "application/json"));
        return GeoReply.Of(await outgoing.AskAsync(request, channel.AllowPrivate, AnswerBytesMax, Patience, cancellation));
    }

    private static string Suffix(Open311Channel channel) => channel.Xml ? "xml" : "json";

    private static string Date(long micros) => Instants.FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Add(List<KeyValuePair<string, string>> to, string name, string? value)
    {
        if (value is not null)
        {
            to.Add(KeyValuePair.Create(name, value));
        }
    }
}
