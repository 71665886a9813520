using System.Globalization;
using System.Net;
using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Live events of reports at the addresses of the API (R54), over real connections: of one report, a window, an area and a body.</summary>
[Collection(TwoTowns.Collection)]
public class LiveReportsTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task One_report_is_told_of_while_it_happens_and_afterwards_from_where_one_was()
    {
        var number = await FileAsync();
        string[] said;
        await using (var stream = await EventStream.OpenAsync(site, $"/api/v1/reports/{number}/events"))
        {
            await ActAsync(number, "accept");
            var (first, data) = await stream.NextAsync();
            (data.GetProperty("number").GetString(), data.GetProperty("state").GetString(), data.GetProperty("body").GetString()).ShouldBe((number, "accepted", "west"));
            await ActAsync(number, "start");
            said = [first.ToString(CultureInfo.InvariantCulture), data.GetProperty("type").GetString()!];
        }
        said[1].ShouldBe("reports.report.accepted");
        await using var again = await EventStream.OpenAsync(site, $"/api/v1/reports/{number}/events", said[0]);
        (await again.NextAsync()).Data.GetProperty("state").GetString().ShouldBe("inProgress", "what was missed, and nothing twice");
        (await site.GetAsync("/api/v1/reports/2020-000001/events")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_body_and_the_area_that_a_report_leaves_hear_of_it_and_those_it_comes_to()
    {
        var number = await FileAsync();
        await site.SettleAsync(); // That it has come is no news to the streams.
        await using var west = await EventStream.OpenAsync(site, "/api/v1/reports/events?body=west");
        await using var east = await EventStream.OpenAsync(site, "/api/v1/reports/events?body=east");
        await using var inWest = await EventStream.OpenAsync(site, "/api/v1/reports/events?area=1");
        await using var inEast = await EventStream.OpenAsync(site, "/api/v1/reports/events?area=2");
        await ActAsync(number, "move", """{"lon":4.38,"lat":50.85}""");
        foreach (var stream in (EventStream[])[west, east, inWest, inEast])
        {
            var (_, data) = await stream.OfAsync(number);
            (data.GetProperty("type").GetString(), data.GetProperty("body").GetString()).ShouldBe(("reports.report.moved", "east"));
        }
        await ActAsync(number, "transfer", """{"body":"region","reason":"other"}""", "east");
        (await east.OfAsync(number)).Data.GetProperty("body").GetString().ShouldBe("region", "it left");
    }

    [Fact]
    public async Task A_window_is_told_of_what_happens_inside_it_also_of_what_was_missed()
    {
        long before;
        const string window = "/api/v1/reports/events?bbox=4.3119,50.8119,4.3121,50.8121";
        await using (var stream = await EventStream.OpenAsync(site, window))
        {
            before = stream.StartsAt;
            await FileAsync(lon: 4.33);
            var inside = await FileAsync(4.312, 50.812);
            (await stream.NextAsync()).Data.GetProperty("number").GetString().ShouldBe(inside);
            await ActAsync(inside, "accept");
            (await stream.NextAsync()).Data.GetProperty("state").GetString().ShouldBe("accepted");
        }
        await using var again = await EventStream.OpenAsync(site, window, before.ToString(CultureInfo.InvariantCulture));
        ((await again.NextAsync()).Data.GetProperty("state").GetString(), (await again.NextAsync()).Data.GetProperty("state").GetString()).ShouldBe(("assigned", "accepted"));
        (await site.GetAsync("/api/v1/reports/events?bbox=1,2,3")).Code.ShouldBe("badBox");
    }

    [Theory]
    [InlineData("/live/area:unknown")]
    [InlineData("/live/body:unknown")]
    [InlineData("/live/reports:some")]
    public async Task A_topic_of_what_is_not_there_is_not_there(string path)
    {
        var answered = await site.GetAsync(path);
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.NotFound, "notFound"));
    }

    [Fact]
    public async Task A_park_is_told_of_what_happens_inside_it_and_what_nobody_knows_is_refused()
    {
        await using var own = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(own.Services);
        const string park = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"park","kind":"park","name_fr":"Parc","name_nl":"Park","name_en":"Park","name_de":"Park"},"geometry":{"type":"Polygon","coordinates":[[[4.33,50.84],[4.34,50.84],[4.34,50.86],[4.33,50.86],[4.33,50.84]]]}}]}""";
        (await own.Get<ImportAreas>().RunAsync(DeskCity.Stream(park), "park", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        await using var inPark = await EventStream.OpenAsync(own, "/api/v1/reports/events?area=park");
        await using var inBoth = await EventStream.OpenAsync(own, "/api/v1/reports/events?area=park&body=west");
        await city.FileAsync(lon: 4.32);
        var inside = await city.FileAsync(lon: 4.335);
        (await inPark.NextAsync()).Data.GetProperty("number").GetString().ShouldBe(inside);
        (await inBoth.NextAsync()).Data.GetProperty("number").GetString().ShouldBe(inside);
        var refused = await own.GetAsync("/api/v1/reports/events?area=pork&body=wets");
        (refused.Status, string.Join(' ', refused.Fields.Order())).ShouldBe((HttpStatusCode.UnprocessableEntity, "area body"));
    }

    [Fact]
    public async Task What_was_hidden_since_is_not_told_to_who_comes_back()
    {
        var (hidden, number) = (await FileAsync(), await FileAsync());
        long before;
        await using (var stream = await EventStream.OpenAsync(site, "/api/v1/reports/events?body=west"))
        {
            before = stream.StartsAt;
        }
        await ActAsync(hidden, "accept");
        await ActAsync(hidden, "hide");
        await ActAsync(number, "accept");
        await using var again = await EventStream.OpenAsync(site, "/api/v1/reports/events?body=west", before.ToString(CultureInfo.InvariantCulture));
        string? told;
        do
        {
            told = (await again.NextAsync()).Data.GetProperty("number").GetString();
            told.ShouldNotBe(hidden);
        }
        while (told != number);
    }

    private async Task<string> FileAsync(double lon = 4.32, double lat = 50.85) => (await site.FileAsync(ReportCalls.Hole(lon, lat))).GetProperty("number").GetString()!;

    private async Task ActAsync(string number, string action, string json = "{}", string body = "west")
    {
        var answered = await site.PostAsync($"/api/v1/reports/{number}/actions/{action}", json, await site.StaffKeyAsync(body));
        answered.Status.ShouldBe(HttpStatusCode.OK, answered.ToString());
    }

    /// <summary>An open stream of events, read as the standard says.</summary>
    internal sealed class EventStream : IAsyncDisposable
    {
        private readonly HttpResponseMessage answer;
        private readonly StreamReader reader;

        private EventStream(HttpResponseMessage answer, StreamReader reader) => (this.answer, this.reader) = (answer, reader);

        public long StartsAt { get; private init; }

        public static async Task<EventStream> OpenAsync(TestSite site, string path, string? lastEventId = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (lastEventId is not null)
            {
                request.Headers.Add("Last-Event-ID", lastEventId);
            }
            var answer = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync()).ShouldStartWith("retry:");
            return new EventStream(answer, reader) { StartsAt = long.Parse((await reader.ReadLineAsync())!["id: ".Length..], CultureInfo.InvariantCulture) };
        }

        public async Task<(long Id, JsonElement Data)> NextAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            for (var id = 0L; ;)
            {
                var line = await reader.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException();
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    id = long.Parse(line["id: ".Length..], CultureInfo.InvariantCulture);
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return (id, JsonDocument.Parse(line["data: ".Length..]).RootElement);
                }
            }
        }

        /// <summary>The next event of one report, whatever happens to others.</summary>
        public async Task<(long Id, JsonElement Data)> OfAsync(string number)
        {
            while (true)
            {
                if (await NextAsync() is var next && next.Data.GetProperty("number").GetString() == number)
                {
                    return next;
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
