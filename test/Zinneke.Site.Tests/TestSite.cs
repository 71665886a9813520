extern alias host; // As in TestStore: the program's own list of modules.

using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Testing;

/// <summary>
/// A whole site on a real port of this machine: the pipeline and all modules of the program, on a fresh migrated database, with a clock that stands still.
/// <code>await using var site = await TestSite.NewAsync();  using var answer = await site.Client.GetAsync("/fr/");</code>
/// </summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;
    private readonly string store;

    private TestSite(WebApplication app, ManualClock clock, string folder, string store)
    {
        (this.app, Clock, this.folder, this.store) = (app, clock, folder, store);
        Client = NewClient();
    }

    public ManualClock Clock { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Follows no redirects and keeps no cookies, so that tests see what is really answered.</summary>
    public HttpClient Client { get; }

    public Uri Address => new(app.Urls.First());

    /// <summary>Everything that was logged, one line each.</summary>
    public LoggedLines Logged => Services.GetRequiredService<LoggedLines>();

    /// <param name="map">Endpoints of the test, beside those of the modules.</param>
    /// <param name="add">Adds services and contributions, or replaces them.</param>
    /// <param name="settings">Settings other than the defaults.</param>
    public static async Task<TestSite> NewAsync(
        Action<Doors>? map = null, Action<IServiceCollection>? add = null, StoreKind kind = StoreKind.Sqlite, params (Setting Setting, string Value)[] settings)
    {
        var clock = new ManualClock();
        var folder = Directory.CreateTempSubdirectory("zinneke-site-").FullName;
        var parts = host::Zinneke.Modules.Parts();
        parts.AddSingleton<IModule>(new Probe(map ?? (_ => { })));
        var logged = new LoggedLines();
        parts.AddSingleton(logged);
        parts.AddSingleton<ILoggerProvider>(logged);
        add?.Invoke(parts);
        var store = await TemplateDatabase.CopyAsync(kind, Instances<TableMap>(parts), folder);
        (Setting Setting, string Value)[] usual = [(KernelSettings.Data, folder), (KernelSettings.Store, store), (KernelSettings.Urls, "http://127.0.0.1:0")];
        var read = Settings.Of(Instances<Setting>(parts), [.. settings.Concat(usual).DistinctBy(one => one.Setting.Name)]);
        parts.AddSingleton(read);
        parts.AddSingleton<TimeProvider>(clock);
        try
        {
            var app = Zinneke.Kernel.Site.Build(parts, read);
            await app.StartAsync();
            return new TestSite(app, clock, folder, store);
        }
        catch
        {
            await TemplateDatabase.DropAsync(store);
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = Address };

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Waits until everything written so far is sealed and every follower has derived from it.</summary>
    public async Task SettleAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (!Get<Database>().IsSqlite)
        {
            await using var connection = await Get<Database>().ConnectAsync(limit.Token);
            await using var waiting = connection.CreateCommand();
            waiting.CommandText = "SELECT count(*) FROM log_new";
            while ((long)(await waiting.ExecuteScalarAsync(limit.Token))! > 0)
            {
                await Task.Delay(5, limit.Token);
            }
        }
        await Get<FollowerRunner>().CaughtUpAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await TemplateDatabase.DropAsync(store);
        Directory.Delete(folder, recursive: true);
    }

    private static List<T> Instances<T>(IServiceCollection parts) =>
        [.. parts.Where(part => part.ServiceType == typeof(T)).Select(part => (T)part.ImplementationInstance!)];

    private sealed class Probe(Action<Doors> map) : IModule
    {
        public string Name => "probe";

        public void Add(IServiceCollection services)
        {
        }

        public void Tables(ModelBuilder model)
        {
        }

        public void Map(Doors doors) => map(doors);
    }
}

/// <summary>Keeps what was logged, so that a test can look for what must not be there.</summary>
internal sealed class LoggedLines : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

    public IEnumerable<string> All => lines;

    public ILogger CreateLogger(string categoryName) => new Lines(lines, categoryName);

    public void Dispose()
    {
    }

    private sealed class Lines(System.Collections.Concurrent.ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
    }
}
