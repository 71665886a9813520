using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>What a call was answered.</summary>
internal sealed record Answered(HttpStatusCode Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Code of the problem; with several field errors that of the only one, if there is one.</summary>
    public string Code => Json.GetProperty("code").GetString()!;

    public IReadOnlyList<string> Fields => [.. Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()!)];

    public override string ToString() => $"{(int)Status} {Text}";
}

/// <summary>Calls of the API of reports, as a resident's or an officer's program makes them.</summary>
internal static class ReportCalls
{
    /// <summary>A report that is taken in West: a hole in the road.</summary>
    public static JsonObject Hole(double lon = 4.32, double lat = 50.85, string lang = "fr") => new()
    {
        ["clientId"] = Guid.NewGuid(), ["category"] = "road-hole", ["lon"] = lon, ["lat"] = lat, ["description"] = "Trou dans la chaussée", ["lang"] = lang,
    };

    public static JsonObject With(this JsonObject report, string name, JsonNode? value)
    {
        report[name] = value;
        return report;
    }

    /// <summary>Files a report that must be taken.</summary>
    public static async Task<JsonElement> FileAsync(this TestSite site, JsonNode report)
    {
        var answered = await site.PostAsync("/api/v1/reports", report.ToJsonString());
        answered.Status.ShouldBe(HttpStatusCode.Created, answered.ToString());
        return answered.Json;
    }

    public static Task<Answered> PostAsync(this TestSite site, string path, string json, string? key = null, string language = "fr", params (string Name, string Value)[] headers) =>
        site.CallAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), key, language, headers);

    public static Task<Answered> GetAsync(this TestSite site, string path, string? key = null, string language = "fr") => site.CallAsync(HttpMethod.Get, path, null, key, language);

    /// <summary>A report with photos, as multipart.</summary>
    public static Task<Answered> PostPhotosAsync(this TestSite site, string path, JsonNode report, string language, params byte[][] photos)
    {
        var parts = new MultipartFormDataContent { { new StringContent(report.ToJsonString()), "report" } };
        foreach (var photo in photos)
        {
            parts.Add(new ByteArrayContent(photo), "photo", "photo.jpg");
        }
        return site.CallAsync(HttpMethod.Post, path, parts, null, language);
    }

    public static async Task<Answered> CallAsync(
        this TestSite site, HttpMethod method, string path, HttpContent? content, string? key, string language, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Accept-Language", language);
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await site.Client.SendAsync(request);
        return new Answered(answer.StatusCode, answer.Headers, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The words are those of the key in this language, whatever stands in their gaps.</summary>
    public static void ShouldSay(this string words, TestSite site, string language, string key)
    {
        var fixedParts = site.Get<Words>().In(language, key, "\u0001", "\u0001", "\u0001").Split('\u0001');
        words.ShouldStartWith(fixedParts[0]);
        words.ShouldEndWith(fixedParts[^1]);
    }

    /// <summary>A key that works for a body.</summary>
    public static async Task<string> StaffKeyAsync(this TestSite site, string body)
    {
        var made = await site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey($"field app of {body}", [$"reports:staff:{body}"], null, null, null));
        return made.Value.Secret;
    }

    /// <summary>Number of rows of every table, and of stored files: two that are equal mean that nothing was half done.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountsAsync(this TestSite site)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await using var connection = await site.Get<Database>().ConnectAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM stored_files WHERE state = 0"; // Photos of earlier tests are still being drawn.
        while ((long)(await command.ExecuteScalarAsync())! > 0)
        {
            await Task.Delay(20);
        }
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        var tables = new List<string>();
        await site.Get<FollowerRunner>().CaughtUpAsync(default);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }
        foreach (var table in tables)
        {
            command.CommandText = $"SELECT count(*) FROM {table}";
            counts[table] = (long)(await command.ExecuteScalarAsync())!;
        }
        var files = site.Get<DataFolder>().Files;
        counts["files on disk"] = Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Count();
        return counts;
    }
}
