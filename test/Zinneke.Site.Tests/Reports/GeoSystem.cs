using System.Collections.Concurrent;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A request as the other end has it.</summary>
internal sealed class GeoTaken(string id, IFormCollection form)
{
    public string Id => id;

    public string Status { get; set; } = "open";

    public string? Notes { get; set; }

    public string this[string field] => form[field].ToString();

    public IEnumerable<string> Fields => form.Keys;
}

/// <summary>
/// The Open311 endpoint of a body, as somebody else would write it: one web server, requests in a list, JSON or XML by the suffix. What it does with a request can be changed, to be slow, broken or
/// unwilling.
/// </summary>
internal sealed class GeoSystem : IAsyncDisposable
{
    private readonly WebApplication app;

    private GeoSystem(WebApplication app) => this.app = app;

    public ConcurrentQueue<GeoTaken> Taken { get; } = [];

    /// <summary>Method and address of every call, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Answers a POST in place of the usual: null goes on as usual. It is asked before the request is kept.</summary>
    public Func<HttpContext, IResult?> Before { get; set; } = _ => null;

    /// <summary>Answers a POST in place of the usual, after the request was kept.</summary>
    public Func<HttpContext, IResult?> After { get; set; } = _ => null;

    /// <summary>Answers questions in place of the usual.</summary>
    public Func<HttpContext, IResult?> Asked { get; set; } = _ => null;

    /// <summary>Gives a token first; the id when this is true.</summary>
    public bool? Ready { get; set; }

    public string Url => app.Urls.First() + "/geo";

    public static async Task<GeoSystem> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var system = new GeoSystem(app);
        app.Use(async (http, next) =>
        {
            await next(http);
            system.Calls.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}"); // Counted when it is answered.
        });
        app.MapPost("/geo/requests.{format}", (Delegate)system.TakeAsync);
        app.MapGet("/geo/requests.{format}", (string format, HttpContext http) => system.Asked(http) ?? system.List(format, http.Request.Query["service_request_id"].ToString()));
        app.MapGet("/geo/tokens/{token}.{format}", (string token, string format, HttpContext http) => system.Asked(http) ?? Answer(format, "service_requests", "request", [new() { ["service_request_id"] = system.Ready == true ? token[2..] : null, ["token"] = token }]));
        app.MapGet("/geo/servicerequestupdates.{format}", (string format, HttpContext http) => system.Asked(http) ?? Answer(format, "service_request_updates", "request_update", system.Taken.Select(one => new Dictionary<string, object?> { ["update_id"] = "u" + one.Id, ["service_request_id"] = one.Id, ["status"] = one.Status, ["updated_datetime"] = "2026-05-04T10:00:00+02:00", ["description"] = one.Notes })));
        await app.StartAsync();
        return system;
    }

    /// <summary>Waits until so many calls have been answered that begin so.</summary>
    public async Task<string[]> HeardAsync(string begins, int count)
    {
        string[] Heard() => [.. Calls.Where(call => call.StartsWith(begins, StringComparison.Ordinal))];
        for (var wait = 0; Heard().Length < count && wait < 1500; wait++)
        {
            await Task.Delay(10);
        }
        Heard().Length.ShouldBe(count, string.Join('\n', Calls));
        return Heard();
    }

    public static IResult Errors(int status, string description) => Results.Text(JsonSerializer.Serialize(new[] { new { code = status, description } }), "application/json", statusCode: status);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(string format, HttpContext http)
    {
        if (Before(http) is { } refused)
        {
            return refused;
        }
        var one = new GeoTaken($"G{Taken.Count + 1}", await http.Request.ReadFormAsync());
        Taken.Enqueue(one);
        return After(http) ?? Answer(format, "service_requests", "request", [Ready is null ? new() { ["service_request_id"] = one.Id, ["service_notice"] = null } : new() { ["token"] = "t-" + one.Id }]);
    }

    private IResult List(string format, string ids) => Answer(format, "service_requests", "request", Taken.Where(one => ids.Length == 0 || ids.Split(',').Contains(one.Id)).Select(one => new Dictionary<string, object?>
    {
        ["service_request_id"] = one.Id, ["status"] = one.Status, ["status_notes"] = one.Notes, ["description"] = one["description"], ["lat"] = one["lat"], ["long"] = one["long"],
    }));

    private static IResult Answer(string format, string root, string item, IEnumerable<Dictionary<string, object?>> records) => format == "json"
        ? Results.Json(records)
        : Results.Text(new XDocument(new XElement(root, records.Select(record => new XElement(item, record.Select(field => new XElement(field.Key, field.Value)))))).ToString(), "text/xml");
}
