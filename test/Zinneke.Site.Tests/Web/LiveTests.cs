using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>Live streams (kernel.md K13, K39): each event of a topic once, in order, also over broken lines.</summary>
public sealed class LiveTests
{
    [EventType("probe.thing.changed")]
    private sealed record ThingChanged(int Number);

    /// <summary>Things belong to themselves and to one area; every tenth is nobody's business.</summary>
    private sealed class Things : LiveSource
    {
        public override string Events => "probe.";

        public override IReadOnlyList<string> Kinds => ["thing", "area"];

        public override IReadOnlyList<string> SubjectKinds => ["thing"];

        public override Task<IReadOnlyList<LiveMessage>> MessagesOfAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<LiveMessage>>([.. events.Where(e => e.Read<ThingChanged>().Number % 10 != 0).Select(e =>
                new LiveMessage(e.Position, [e.Subject.ToString(), "area:21004"], string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{e.Read<ThingChanged>().Number}}}")))]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_listener_is_told_what_happens_to_its_topic_only(StoreKind kind)
    {
        await using var site = await NewSiteAsync(kind);
        await using var line = await Line.OpenAsync(site, "thing:a");
        await ChangeAsync(site, ("b", 1), ("a", 2), ("a", 10), ("b", 3), ("a", 4));
        (await line.ReadAsync(2)).ShouldBe([(2, 2), (5, 4)]);
        line.ContentType.ShouldBe("text/event-stream");
    }

    [Fact]
    public async Task A_listener_that_comes_back_misses_nothing_and_hears_nothing_twice()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        await using var first = await Line.OpenAsync(site, "area:21004");
        await ChangeAsync(site, ("a", 1), ("b", 2));
        var heard = await first.ReadAsync(2);
        await first.DisposeAsync();
        await ChangeAsync(site, ("a", 3), ("c", 10), ("c", 4));
        await using var second = await Line.OpenAsync(site, "area:21004", heard[^1].Id);
        await ChangeAsync(site, ("a", 5));
        heard.AddRange(await second.ReadAsync(3));
        heard.ShouldBe([(1, 1), (2, 2), (3, 3), (5, 4), (6, 5)]);
    }

    /// <summary>The hard case: lines break and come back while others write.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Coming_back_while_others_write_leaves_neither_gap_nor_repeat(StoreKind kind)
    {
        const int changes = 300;
        await using var site = await NewSiteAsync(kind);
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= changes; i++)
            {
                await ChangeAsync(site, ("a", (i * 10) + 1));
            }
        });
        List<(long Id, int Number)> heard = [];
        long last = 0;
        while (heard.Count < changes)
        {
            await using var line = await Line.OpenAsync(site, "thing:a", last);
            heard.AddRange(await line.ReadAsync(Math.Min(7, changes - heard.Count)));
            last = heard[^1].Id;
        }
        await writing;
        heard.ShouldBe([.. Enumerable.Range(1, changes).Select(i => ((long)i, (i * 10) + 1))]);
    }

    [Fact]
    public async Task A_new_listener_is_told_where_it_stands_and_nothing_old()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        await ChangeAsync(site, ("a", 1), ("a", 2));
        await site.SettleAsync();
        await using var line = await Line.OpenAsync(site, "thing:a");
        line.StartsAt.ShouldBe(2);
        await ChangeAsync(site, ("a", 3));
        (await line.ReadAsync(1)).ShouldBe([(3, 3)]);
    }

    [Fact]
    public async Task A_page_that_says_how_far_it_had_read_misses_nothing_before_its_line_was_open()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        await ChangeAsync(site, ("a", 1), ("a", 2), ("a", 3));
        await site.SettleAsync();
        await using var line = await Line.OpenAsync(site, "thing:a?after=1");
        (await line.ReadAsync(2)).ShouldBe([(2, 2), (3, 3)]);
        await using var again = await Line.OpenAsync(site, "thing:a?after=1", last: 2);
        (await again.ReadAsync(1)).ShouldBe([(3, 3)]);
    }

    [Fact]
    public async Task A_thing_is_told_its_whole_past_and_an_area_with_too_much_of_it_to_read_again()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        await ChangeAsync(site, ("a", 1));
        await site.Get<Writer>().DoAsync(Actor.System, unit =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                unit.Publish(new Subject("thing", "b"), 1, new ThingChanged(10));
            }
            return Task.CompletedTask;
        });
        await ChangeAsync(site, ("a", 2));
        await site.SettleAsync();
        await using var thing = await Line.OpenAsync(site, "thing:a", last: 0);
        (await thing.ReadAsync(2)).ShouldBe([(1, 1), (10_002, 2)]);
        await using var area = await Line.OpenAsync(site, "area:21004", last: 0);
        (await area.ReadLinesAsync(4)).ShouldBe(["event: reload", "id: 10002", "data: {}", ""]);
        await ChangeAsync(site, ("a", 3));
        (await area.ReadAsync(1)).ShouldBe([(10_003, 3)]);
    }

    [Fact]
    public async Task A_beat_tells_an_idle_listener_how_far_it_has_heard()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        await ChangeAsync(site, ("b", 1), ("b", 2));
        await site.SettleAsync();
        await using var line = await Line.OpenAsync(site, "thing:a");
        (await line.ReadLinesAsync(3)).ShouldBe([":", "id: 2", ""]);
    }

    [Fact]
    public async Task One_client_does_not_take_every_place()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        var hub = site.Get<LiveHub>();
        List<LiveListener> mine = [.. Enumerable.Range(0, 2).Select(_ => new LiveListener("thing:a", null, "me"))];
        mine.ShouldAllBe(listener => hub.Join(listener, 10, 2).Ok);
        hub.Join(new LiveListener("thing:a", null, "me"), 10, 2).Refusal!.Kind.ShouldBe(RefusalKind.TooMany);
        hub.Join(new LiveListener("thing:a", null, "you"), 10, 2).Ok.ShouldBeTrue();
        hub.Leave(mine[0]);
        hub.Join(new LiveListener("thing:a", null, "me"), 10, 2).Ok.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/live/unheard:1")]
    [InlineData("/live/thing:")]
    [InlineData("/live/thing")]
    public async Task A_topic_that_nobody_serves_is_not_there(string path)
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite);
        using var answer = await site.Client.GetAsync(path);
        ((int)answer.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Beyond_the_limit_a_listener_is_asked_to_come_later()
    {
        await using var site = await NewSiteAsync(StoreKind.Sqlite, (KernelSettings.LiveListeners, "1"));
        await using var line = await Line.OpenAsync(site, "thing:a");
        using var answer = await site.Client.GetAsync("/live/thing:b");
        ((int)answer.StatusCode).ShouldBe(503);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Stopping_ends_every_stream_at_once()
    {
        var site = await NewSiteAsync(StoreKind.Sqlite);
        await using var line = await Line.OpenAsync(site, "thing:a");
        var stopping = site.DisposeAsync().AsTask();
        (await line.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(5))).ShouldBeEmpty();
        await stopping.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private static Task<TestSite> NewSiteAsync(StoreKind kind, params (Setting, string)[] settings) =>
        TestSite.NewAsync(add: parts => parts.AddSingleton<LiveSource, Things>(), kind: kind, settings: settings);

    private static async Task ChangeAsync(TestSite site, params (string Id, int Number)[] changes)
    {
        foreach (var (id, number) in changes)
        {
            await site.Get<Writer>().DoAsync(Actor.System, unit =>
            {
                unit.Publish(new Subject("thing", id), 1, new ThingChanged(number));
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>An open stream, read as the standard says.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private readonly TestSite site;
        private readonly HttpResponseMessage answer;
        private readonly StreamReader reader;

        private Line(TestSite site, HttpResponseMessage answer, StreamReader reader) => (this.site, this.answer, this.reader) = (site, answer, reader);

        public string? ContentType => answer.Content.Headers.ContentType?.MediaType;

        public long StartsAt { get; private set; }

        public static async Task<Line> OpenAsync(TestSite site, string topic, long? last = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/live/{topic}");
            if (last is { } id)
            {
                request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
            }
            var answer = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            var line = new Line(site, answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
            (await line.reader.ReadLineAsync()).ShouldStartWith("retry:");
            line.StartsAt = long.Parse((await line.reader.ReadLineAsync())!["id: ".Length..], CultureInfo.InvariantCulture);
            (await line.reader.ReadLineAsync()).ShouldBe("");
            return line;
        }

        public async Task<List<(long Id, int Number)>> ReadAsync(int count)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            List<(long, int)> read = [];
            try
            {
                await ReadAsync(count, read, limit.Token);
            }
            catch (OperationCanceledException)
            {
                var reached = string.Join(", ", site.Services.GetServices<MemoryFollower>().Select(follower => $"{follower.Name} {follower.Position}"));
                Assert.Fail($"only {read.Count} of {count} messages came; log {await site.Get<Log>().HeadAsync()}, tail {site.Get<LogTail>().Head}, {reached}, listeners {site.Get<LiveHub>().Count}; the server said:\n{string.Join('\n', site.Logged.All.TakeLast(40))}");
            }
            return read;
        }

        private async Task ReadAsync(int count, List<(long, int)> read, CancellationToken limit)
        {
            var id = 0L;
            while (read.Count < count)
            {
                var text = await reader.ReadLineAsync(limit) ?? throw new EndOfStreamException();
                if (text.StartsWith("id: ", StringComparison.Ordinal))
                {
                    id = long.Parse(text["id: ".Length..], CultureInfo.InvariantCulture);
                }
                else if (text.StartsWith("data: ", StringComparison.Ordinal))
                {
                    read.Add((id, System.Text.Json.JsonDocument.Parse(text["data: ".Length..]).RootElement.GetProperty("number").GetInt32()));
                }
            }
        }

        public async Task<List<string?>> ReadLinesAsync(int count)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            List<string?> lines = [];
            while (lines.Count < count)
            {
                lines.Add(await reader.ReadLineAsync(limit.Token));
            }
            return lines;
        }

        public Task<string> ReadToEndAsync() => reader.ReadToEndAsync();

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
