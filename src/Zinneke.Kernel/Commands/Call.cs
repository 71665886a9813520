using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>One run of a verb: what was given to it and what it may use.</summary>
public sealed class Call : IAsyncDisposable
{
    /// <summary>How long a server that was just started may take to bring the schema up to date, before a verb believes that it is an older one.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyDictionary<string, object?> given;
    private ServiceProvider? services;
    private bool opened;

    internal Call(IServiceCollection parts, Settings settings, IReadOnlyDictionary<string, object?> given, Progress progress, CancellationToken stop)
    {
        Parts = parts;
        Settings = settings;
        this.given = given;
        Progress = progress;
        Stop = stop;
    }

    /// <summary>Everything the modules registered; <c>serve</c> builds its web server on a copy.</summary>
    public IServiceCollection Parts { get; }

    public Settings Settings { get; }

    /// <summary>The modules' services without a web server; made on first use. A verb that reads or writes rows asks <see cref="OpenStoreAsync"/> instead.</summary>
    public IServiceProvider Services => services ??= Parts.BuildServiceProvider(validateScopes: true);

    public Progress Progress { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The value of an argument or option of this verb, else of a setting of the installation.</summary>
    public T Get<T>(Setting<T> setting) => given.TryGetValue(setting.Name, out var value) ? (T)value! : Settings.Get(setting);

    /// <summary>The value of an option of this verb.</summary>
    internal object? Given(Setting option) => given.TryGetValue(option.Name, out var value) ? value : option.Fallback;

    public T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Opens a file that somebody names: <c>-</c> is standard input, and what ends in <c>.gz</c> is unpacked (K40).</summary>
    /// <exception cref="BadInputException">The file is not there or cannot be read; while it is read, that it cannot be unpacked or was cut off.</exception>
    public static Stream Open(string path)
    {
        Stream stream;
        try
        {
            stream = path == "-"
                ? Console.OpenStandardInput()
                : new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 16 });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(Directory.Exists(path) ? $"{path}: is a folder; a file is needed" : $"{path}: cannot be read: {fault.Message}", fault);
        }
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new UnpackedStream(stream, fault => new BadInputException($"{path}: cannot be unpacked: {fault.Message}", fault)) : stream;
    }

    /// <summary>The services with the store ready: folder and schema are made when missing (K34), so that a verb works before the first start and beside a running server.</summary>
    /// <exception cref="BadInputException">This program would change the schema under a running server, which is an older one and does not know the new.</exception>
    public async Task<IServiceProvider> OpenStoreAsync()
    {
        await LeaveSchemaToServerAsync();
        await Service<Upgrade>().RunAsync(Progress.Say, Stop);
        opened = true;
        return Services;
    }

    /// <summary>The same for a verb that only reads. It makes no installation: a name that is mistyped would look like one that is empty and whole.</summary>
    /// <exception cref="BadInputException">There is no such folder.</exception>
    public Task<IServiceProvider> OpenExistingStoreAsync() =>
        Directory.Exists(Settings.Get(KernelSettings.Data)) ? OpenStoreAsync() : throw new BadInputException($"{Settings.Get(KernelSettings.Data)}: there is no such folder; --data names the one of the installation");

    /// <summary>Makes sure that no other process of the installation, on whichever machine, does the same until this is disposed; the system lets go of it when the process dies.</summary>
    /// <param name="work">A word such as <c>verify</c>.</param>
    /// <exception cref="BadInputException">Another one is at it.</exception>
    public async Task<IAsyncDisposable> AloneAsync(string work)
    {
        var database = Service<Database>();
        return database.IsSqlite ? Service<DataFolder>().Take(work) : await SessionLock.TakeAsync(database, work, Stop);
    }

    private async Task LeaveSchemaToServerAsync()
    {
        var migrator = Service<Migrator>();
        var began = Stopwatch.GetTimestamp();
        while (await migrator.IsBehindAsync(Stop) && await IsServedAsync())
        {
            if (Stopwatch.GetElapsedTime(began) > PatienceMax)
            {
                throw new BadInputException("this program is newer than the server that is running and needs another schema of the database: stop the server, start it with this program, then try again");
            }
            await Task.Delay(LookEvery, Stop);
        }
    }

    private async Task<bool> IsServedAsync() => Service<Database>() is PostgresDatabase postgres ? await Sealer.IsRunningAsync(postgres, Stop) : Service<DataFolder>().IsTaken;

    /// <summary>Seals what the verb wrote, should no server be there to do it.</summary>
    internal async Task SealAsync()
    {
        if (opened)
        {
            await Service<Database>().SealAsync(Service<LogTail>(), Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
        {
            await services.DisposeAsync();
        }
    }
}
