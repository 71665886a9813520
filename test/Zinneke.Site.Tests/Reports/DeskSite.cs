using System.Net;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A site on the small city, and people who are signed in to it.</summary>
public sealed class DeskSite : IAsyncLifetime
{
    internal TestSite Site { get; private set; } = null!;

    internal DeskCity City { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Site = await TestSite.NewAsync();
        City = await DeskCity.FoundAsync(Site.Services);
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    internal async Task<Visitor> SignInAsync(string role, string? body, string[]? categories = null, string[]? areas = null, string? name = null) =>
        new(Site.Client, await City.SignInAsync(role, body, categories, areas, name));
}

/// <summary>Somebody with a browser: gets pages and sends forms, with the session cookie and the headers of a browser.</summary>
internal sealed class Visitor(HttpClient client, string? cookie)
{
    public Task<(HttpStatusCode Status, string Html, string? To)> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<(HttpStatusCode Status, string Html, string? To)> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) });

    public Task<(HttpStatusCode Status, string Html, string? To)> PostFilesAsync(string path, (string Name, string Value)[] fields, params (string Field, string File, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }
        foreach (var (field, file, content) in files)
        {
            form.Add(new ByteArrayContent(content), field, file);
        }
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = form });
    }

    private async Task<(HttpStatusCode Status, string Html, string? To)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", "zinneke=" + cookie);
            }
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Add("Accept", "text/html");
            using var answer = await client.SendAsync(request);
            return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), answer.Headers.Location?.ToString());
        }
    }
}
