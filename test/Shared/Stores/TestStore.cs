extern alias host; // The type Zinneke.Modules of the program, in an assembly whose own namespace is Zinneke.Modules.Tests.

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Zinneke.Kernel;

namespace Zinneke.Testing;

/// <summary>
/// An installation without its web server: a fresh migrated database, a folder, a clock that stands still, ids that come out the same again, and the services of all
/// modules. Disposing removes all of it.
/// <code>await using var store = await TestStore.NewAsync(kind);</code>
/// </summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string store;
    private readonly List<IHostedService> running = [];

    private TestStore(ServiceProvider services, ManualClock clock, string store, string folder)
    {
        this.services = services;
        this.store = store;
        Clock = clock;
        Folder = folder;
    }

    public IServiceProvider Services => services;

    public ManualClock Clock { get; }

    /// <summary>The installation's folder (kernel.md K36).</summary>
    public string Folder { get; }

    public Database Database => Get<Database>();

    public Writer Writer => Get<Writer>();

    /// <summary>Makes one.</summary>
    /// <param name="kind">Where its tables lie.</param>
    /// <param name="add">Adds services, tables (<see cref="TableMap"/>) and contributions to those of the modules, or replaces them.</param>
    /// <param name="settings">Settings other than the defaults.</param>
    public static async Task<TestStore> NewAsync(StoreKind kind, Action<IServiceCollection>? add = null, params (Setting Setting, string Value)[] settings)
    {
        var clock = new ManualClock();
        var folder = Directory.CreateTempSubdirectory("zinneke-store-").FullName;
        var parts = host::Zinneke.Modules.Parts();
        add?.Invoke(parts);
        var store = await TemplateDatabase.CopyAsync(kind, Instances<TableMap>(parts), folder);
        parts.AddSingleton(Settings.Of(Instances<Setting>(parts), [(KernelSettings.Data, folder), (KernelSettings.Store, store), .. settings]));
        parts.AddSingleton<TimeProvider>(clock);
        parts.AddSingleton(new Ids(clock, seed: 1));
        parts.AddLogging();
        parts.AddLogServices();
        return new TestStore(parts.BuildServiceProvider(), clock, store, folder);
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Starts what runs beside the requests of a server: the sealer and the followers.</summary>
    /// <param name="work">Also the jobs of a worker.</param>
    public async Task StartAsync(bool work = false)
    {
        foreach (var service in services.GetServices<IHostedService>().Concat(work ? services.GetServices<Work>().Select(one => one.Of(services)) : []))
        {
            await service.StartAsync(CancellationToken.None);
            running.Add(service);
        }
    }

    /// <summary>Waits until every event written so far is sealed and every follower, if they were started, has derived from it.</summary>
    public async Task SettleAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (running.Count == 0)
        {
            await Database.SealAsync(Get<LogTail>(), limit.Token);
            return;
        }
        await AllSealedAsync(limit.Token);
        await Get<FollowerRunner>().CaughtUpAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(running))
        {
            await service.StopAsync(CancellationToken.None);
        }
        await services.DisposeAsync();
        await TemplateDatabase.DropAsync(store);
        Directory.Delete(Folder, recursive: true);
    }

    private static List<T> Instances<T>(IServiceCollection parts) =>
        [.. parts.Where(part => part.ServiceType == typeof(T)).Select(part => (T)part.ImplementationInstance!)];

    private async Task AllSealedAsync(CancellationToken cancellation)
    {
        if (Database.IsSqlite)
        {
            return;
        }
        await using var connection = await Database.ConnectAsync(cancellation);
        await using var waiting = connection.CreateCommand();
        waiting.CommandText = "SELECT count(*) FROM log_new";
        while ((long)(await waiting.ExecuteScalarAsync(cancellation))! > 0)
        {
            await Task.Delay(5, cancellation);
        }
    }
}

/// <summary>One store of each kind, shared by the tests of a class (<c>IClassFixture&lt;TestStores&gt;</c>) that only read or that write apart from each other.</summary>
public sealed class TestStores : IAsyncLifetime
{
    private readonly Dictionary<StoreKind, TestStore> made = [];

    public Task InitializeAsync() => Task.CompletedTask;

    internal async Task<TestStore> OnAsync(StoreKind kind)
    {
        if (!made.TryGetValue(kind, out var store))
        {
            store = made[kind] = await TestStore.NewAsync(kind);
        }
        return store;
    }

    public async Task DisposeAsync()
    {
        foreach (var store in made.Values)
        {
            await store.DisposeAsync();
        }
    }
}
