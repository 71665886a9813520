using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A call as the system of a body got it.</summary>
internal sealed record WebhookCall(string Event, string Delivery, string Signature, byte[] Body, int Answered)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public JsonElement Report => Json.GetProperty("report");
}

/// <summary>
/// The system of a body, as its makers would write it from the description alone: a web server of its own that checks the signature, refuses what is older than five minutes, and answers as it is told.
/// </summary>
internal sealed class PartnerSystem : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TimeProvider clock;

    private PartnerSystem(WebApplication app, TimeProvider clock) => (this.app, this.clock) = (app, clock);

    public ConcurrentQueue<WebhookCall> Calls { get; } = [];

    public string Secret { get; set; } = "a secret of the two";

    /// <summary>What a good call is answered.</summary>
    public Func<HttpContext, int> Answer { get; set; } = _ => StatusCodes.Status204NoContent;

    public string Url => app.Urls.First() + "/zinneke";

    /// <summary>Where it shows a picture of the work.</summary>
    public string PhotoUrl => app.Urls.First() + "/photo.jpg";

    /// <param name="clock">That of the installation: both have the same time.</param>
    public static async Task<PartnerSystem> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var partner = new PartnerSystem(app, clock);
        app.MapPost("/zinneke", (Delegate)partner.TakeAsync);
        app.MapGet("/photo.jpg", () => Results.Bytes(Zinneke.Testing.Pictures.Jpeg(80, 60), "image/jpeg"));
        await app.StartAsync();
        return partner;
    }

    /// <summary>Waits until so many calls have come.</summary>
    public async Task<WebhookCall[]> HeardAsync(int count)
    {
        for (var wait = 0; Calls.Count < count && wait < 1500; wait++)
        {
            await Task.Delay(10);
        }
        Calls.Count.ShouldBe(count, string.Join(", ", Calls.Select(call => $"{call.Event} {call.Answered}")));
        return [.. Calls];
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        using var read = new MemoryStream();
        await http.Request.Body.CopyToAsync(read);
        var (body, signature) = (read.ToArray(), http.Request.Headers["Zinneke-Signature"].ToString());
        var status = IsGenuine(signature, body) ? Answer(http) : StatusCodes.Status401Unauthorized;
        Calls.Enqueue(new WebhookCall(http.Request.Headers["Zinneke-Event"].ToString(), http.Request.Headers["Zinneke-Delivery"].ToString(), signature, body, status));
        return Results.StatusCode(status);
    }

    private bool IsGenuine(string signature, byte[] body)
    {
        var parts = signature.Split(',').Select(part => part.Split('=', 2)).ToList();
        var seconds = parts.Single(part => part[0] == "t")[1];
        var age = clock.GetUtcNow().ToUnixTimeSeconds() - long.Parse(seconds, CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed));
        return Math.Abs(age) <= 300 && parts.Any(part => part[0] == "v1" && part[1] == expected);
    }
}
