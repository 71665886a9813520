using System.Text;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Attacks;

/// <summary>Rubbish at every door: whatever comes is answered as the sender's fault, never as ours, and changes nothing.</summary>
public class JunkTests(DeskSite desk) : IClassFixture<DeskSite>
{
    private static readonly string[] WholeOrders = ["/sign-out", "/support", "/columns"];

    private const int ManyFields = 10_000, MuchBytes = 50_000;

    private TestSite Site => desk.Site;

    /// <summary>Bodies that are no form, no JSON, or far too much of either.</summary>
    private static IEnumerable<(string Name, HttpContent? Body)> Bodies()
    {
        yield return ("nothing", null);
        yield return ("no type", new ByteArrayContent([1, 2, 3]));
        yield return ("text", new StringContent("do=accept", Encoding.UTF8, "text/plain"));
        yield return ("JSON of another kind", new StringContent("[1,{\"a\":null}]", Encoding.UTF8, "application/json"));
        yield return ("JSON without an end", new StringContent("{\"do\":", Encoding.UTF8, "application/json"));
        yield return ("JSON that is deep", new StringContent(new string('[', 5000), Encoding.UTF8, "application/json"));
        yield return ("a form that is no UTF-8", Typed([0x64, 0x6F, 0x3D, 0xFF, 0xFE], "application/x-www-form-urlencoded"));
        yield return ("a form with broken escapes", new StringContent("do=%zz&do=%&%=%00&=", Encoding.UTF8, "application/x-www-form-urlencoded"));
        yield return ("a form with NUL and line ends", new FormUrlEncodedContent([new("do", "a\0b\r\nX: y"), new("query", "?\r\nSet-Cookie: a=b"), new("return", "/\r\nX: y"), new("t", "\0")]));
        yield return ("ten thousand fields", new FormUrlEncodedContent(Enumerable.Range(0, ManyFields).Select(i => KeyValuePair.Create("f" + i, "v"))));
        yield return ("ten thousand values of one field", new FormUrlEncodedContent(Enumerable.Range(0, ManyFields).Select(i => KeyValuePair.Create("do", "v" + i))));
        yield return ("a field of five million letters", new FormUrlEncodedContent([new("do", "accept"), new("text", new string('x', 5_000_000))]));
        yield return ("a name of a million letters", new FormUrlEncodedContent([new(new string('x', 1_000_000), "1")]));
        yield return ("parts without a boundary", Typed("--x\r\n\r\n"u8.ToArray(), "multipart/form-data"));
        yield return ("parts that never come", Typed("--x"u8.ToArray(), "multipart/form-data; boundary=x"));
        yield return ("a part that breaks off", Typed("--x\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nacc"u8.ToArray(), "multipart/form-data; boundary=x"));
        yield return ("a part without a name", Typed("--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"u8.ToArray(), "multipart/form-data; boundary=x"));
        yield return ("a part with a path for a name", Typed("--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../../../../etc/passwd\"\r\nContent-Type: image/jpeg\r\n\r\nroot\r\n--x--\r\n"u8.ToArray(), "multipart/form-data; boundary=x"));
        yield return ("parts in parts", Typed("--x\r\nContent-Disposition: form-data; name=\"photo\"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--\r\n--x--\r\n"u8.ToArray(), "multipart/form-data; boundary=x"));
        yield return ("a part with a head of 100 kB", Typed(Encoding.ASCII.GetBytes($"--x\r\nContent-Disposition: form-data; name=\"do\"\r\nX: {new string('y', 100_000)}\r\n\r\nv\r\n--x--\r\n"), "multipart/form-data; boundary=x"));
        yield return ("a boundary of ten thousand letters", Typed("--x--\r\n"u8.ToArray(), "multipart/form-data; boundary=" + new string('b', 10_000)));
    }

    [Fact]
    public async Task Whatever_is_posted_is_never_our_fault_and_changes_nothing()
    {
        var number = await desk.City.FileAsync();
        var cookie = await desk.City.SignInAsync("agent", DeskCity.West, name: "tester");
        var (admin, doors) = (await desk.City.SignInAsync("administrator", null, name: "tester-of-everything"), Changing(number));
        doors.Count.ShouldBeGreaterThan(15);
        var before = await Site.CountsAsync();
        var found = new List<string>();
        foreach (var session in (string?[])[null, cookie, admin])
        {
            foreach (var door in doors)
            {
                foreach (var (name, body) in Bodies())
                {
                    using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Path) { Content = body };
                    request.Headers.ConnectionClose = body is { Headers.ContentLength: >= MuchBytes }; // Cut off after the answer: the next request must not be sent on it.
                    try
                    {
                        using var answer = await SendAsync(request, session);
                        if ((int)answer.StatusCode >= 500)
                        {
                            found.Add($"{door}, {name}: {(int)answer.StatusCode}");
                        }
                    }
                    catch (HttpRequestException cut) when (cut.InnerException is IOException && body is { Headers.ContentLength: >= MuchBytes })
                    {
                        // Answered, and the connection closed, before all of it was sent: nobody listens to the end of what is too big.
                    }
                }
            }
        }
        found.Distinct().ShouldBeEmpty();
        var after = await Site.CountsAsync();
        after.Where(count => count.Value != before.GetValueOrDefault(count.Key)).Select(count => $"{count.Key}: {before.GetValueOrDefault(count.Key)} became {count.Value}").ShouldBeEmpty();
        Site.Logged.All.ShouldNotContain(line => line.Contains("Failed: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whatever_is_asked_for_is_never_our_fault()
    {
        var number = await desk.City.FileAsync();
        var admin = await desk.City.SignInAsync("administrator", null, name: "asker");
        string[] values = ["%00", "..%2f..%2fetc%2fpasswd", "%252e%252e%252f", new string('9', 400), "-1", "1e400", "NaN", "%F0%9F%92%A9", "%FF", "'%20OR%201=1--", "%3Cscript%3E", "a%0D%0AX:%20y"];
        string[] names = ["t", "cursor", "bbox", "state", "bucket", "category", "area", "body", "text", "sort", "limit", "lon", "lat", "q", "frame", "layers", "pin", "lang", "return", "do", "sent", "done", "theme", "createdFrom", "overdue", "mine", "columns", "zoom", "radius"];
        var found = new List<string>();
        foreach (var session in (string?[])[null, admin])
        {
            foreach (var value in values)
            {
                foreach (var door in Doorbells.Of(Site, _ => value).Where(door => door.Method == "GET"))
                {
                    await AskAsync(door, door.Path, session, found);
                }
                foreach (var door in Doorbells.Of(Site, name => Fill(name, number)).Where(door => door.Method == "GET"))
                {
                    await AskAsync(door, door.Path + "?" + string.Join('&', names.Select(name => $"{name}={value}&{name}={value}")), session, found);
                }
            }
        }
        found.Distinct().ShouldBeEmpty();
        Site.Logged.All.ShouldNotContain(line => line.Contains("Failed: ", StringComparison.Ordinal));
    }

    private async Task AskAsync(Doorbell door, string path, string? session, List<string> found)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await SendAsync(request, session);
        if ((int)answer.StatusCode >= 500)
        {
            found.Add($"{door}: {(int)answer.StatusCode} for {path[..Math.Min(path.Length, 120)]}");
        }
        answer.Headers.TryGetValues("X", out _).ShouldBeFalse(path);
    }

    /// <summary>Doors that change something, without those for which an empty form is a whole order.</summary>
    private List<Doorbell> Changing(string number) =>
        [.. Doorbells.Of(Site, name => Fill(name, number)).Where(door => door.Method is not ("GET" or "HEAD" or "OPTIONS") && !Array.Exists(WholeOrders, end => door.Pattern.EndsWith(end, StringComparison.Ordinal)))];

    private static string Fill(string name, string number) => name switch
    {
        "number" or "id" => number,
        "action" => "decline",
        "z" or "x" or "y" => "0",
        _ => "1",
    };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? session)
    {
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Accept", "text/html");
        if (session is not null)
        {
            request.Headers.Add("Cookie", "zinneke=" + session);
        }
        return await Site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static ByteArrayContent Typed(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
