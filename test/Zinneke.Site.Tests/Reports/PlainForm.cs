using System.Net;
using System.Text.RegularExpressions;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A page as a browser without JavaScript has it: its text, and its form with the hidden fields that travel along.</summary>
internal sealed partial record PlainForm(HttpStatusCode Status, Uri? Location, string Html)
{
    public static async Task<PlainForm> OpenAsync(TestSite site, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(site, request, cookie);
    }

    /// <summary>Value of a hidden field, as it is to be sent.</summary>
    public string Hidden(string name) => Hiddens().Matches(Html).FirstOrDefault(m => m.Groups[1].Value == name) is { } found
        ? WebUtility.HtmlDecode(found.Groups[2].Value)
        : throw new InvalidOperationException($"no hidden field {name} in {Html}");

    public bool Has(string name) => Hiddens().Matches(Html).Any(m => m.Groups[1].Value == name);

    /// <summary>What the page says, without its tags.</summary>
    public string Words => WebUtility.HtmlDecode(Tags().Replace(Html, " "));

    /// <summary>Sends the form of the four screens on, with the state that it carries.</summary>
    public Task<PlainForm> GoOnAsync(TestSite site, string language, params (string Name, string Value)[] fields) => GoOnAsync(site, language, [], fields);

    /// <inheritdoc cref="GoOnAsync(TestSite, string, ValueTuple{string, string}[])"/>
    public Task<PlainForm> GoOnAsync(TestSite site, string language, byte[][] photos, params (string Name, string Value)[] fields)
    {
        var all = fields.ToList();
        foreach (var hidden in new[] { "state", "step", "frame" }.Where(h => Has(h) && fields.All(f => f.Name != h)))
        {
            all.Add((hidden, Hidden(hidden)));
        }
        return PostAsync(site, $"/{language}/reports/new", null, photos, all);
    }

    public static async Task<PlainForm> PostAsync(TestSite site, string path, string? cookie, byte[][] photos, IEnumerable<(string Name, string Value)> fields)
    {
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            parts.Add(new StringContent(value), name);
        }
        foreach (var photo in photos)
        {
            parts.Add(new ByteArrayContent(photo), "photo", "photo.jpg");
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = parts };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return await SendAsync(site, request, cookie);
    }

    private static async Task<PlainForm> SendAsync(TestSite site, HttpRequestMessage request, string? cookie)
    {
        request.Headers.Accept.ParseAdd("text/html");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        using var answer = await site.Client.SendAsync(request);
        return new PlainForm(answer.StatusCode, answer.Headers.Location, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)"(?: [a-z]+="[^"]*")*? value="([^"]*)" ?/?>""")]
    private static partial Regex Hiddens();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
