using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What is over of one kind.</summary>
/// <param name="Before">Things older than this go.</param>
/// <param name="Of">The first <see cref="RetainReports.ShownMax"/> reports that it belongs to by their numbers, or what is followed.</param>
internal sealed record Expired(string Kind, DateTimeOffset Before, int Count, IReadOnlyList<string> Of);

/// <summary>
/// Lets go, once an hour, of what reports have held for long enough, except for what the kernel's own retention lets go of with all other personal data; <c>reports retention</c> does or shows
/// both for an instant.
/// </summary>
internal sealed class RetainReports(Database database, Writer writer, IEnumerable<Expiry> kinds, TimeProvider time, ILogger<RetainReports> logger) : BackgroundService
{
    public const int ShownMax = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>All old reports are looked through: not while a server has just been started.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMinutes(5);

    public static void Register(IServiceCollection services)
    {
        foreach (var setting in Periods.All)
        {
            services.AddSingleton(setting);
        }
        services.AddSingleton(RetentionVerb.Verb);
        services.AddSingleton<Periods>();
        services.AddSingleton<ForgetContacts>();
        services.AddSingleton<Expiry>(p => p.GetRequiredService<ForgetContacts>());
        services.AddSingleton<ForgetFollowers>();
        services.AddSingleton<Expiry>(p => p.GetRequiredService<ForgetFollowers>());
        services.AddSingleton<ForgetDrafts>();
        services.AddSingleton<Expiry>(p => p.GetRequiredService<ForgetDrafts>());
        services.AddSingleton<Expiry, ForgetOriginals>();
        services.AddSingleton<Expiry, ForgetDevices>();
        services.AddSingleton<ForgetFlags>();
        services.AddSingleton<Expiry>(p => p.GetRequiredService<ForgetFlags>());
        services.AddSingleton<ForgetSenders>();
        services.AddSingleton<Expiry>(p => p.GetRequiredService<ForgetSenders>());
        services.AddSingleton<ForgetBlocks>();
        services.AddSingleton<Expiry>(p => p.GetRequiredService<ForgetBlocks>());
        services.AddSingleton<Expiry, ForgetDeliveries>();
        services.AddSingleton<Expiry, ForgetForwards>();
        services.AddSingleton<Expiry, ForgetRounds>();
        services.AddSingleton<Expiry, ArchiveReports>(); // Last: what it archives holds no contact any more.
        services.AddWork<RetainReports>();
    }

    /// <summary>What would go at an instant (UTC microseconds).</summary>
    public async Task<IReadOnlyList<Expired>> LookAsync(long at, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var expired = new List<Expired>();
        foreach (var kind in kinds)
        {
            var over = kind.Over(store, at);
            expired.Add(new Expired(
                kind.Kind, Instants.FromMicros(kind.Before(at)), await over.CountAsync(cancellation), await over.Distinct().OrderBy(number => number).Take(ShownMax).ToListAsync(cancellation)));
        }
        return expired;
    }

    /// <summary>Lets go of everything that is over at an instant (UTC microseconds).</summary>
    /// <returns>How many of each kind went.</returns>
    public Task<IReadOnlyDictionary<string, int>> RunAsync(long at, CancellationToken cancellation) => RunAsync(kinds, at, cancellation);

    private async Task<IReadOnlyDictionary<string, int>> RunAsync(IEnumerable<Expiry> some, long at, CancellationToken cancellation)
    {
        var gone = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in some)
        {
            var count = 0;
            for (var slice = -1; slice != 0; count += slice)
            {
                await writer.DoAsync(Actor.System, async unit => slice = await kind.ForgetAsync(unit, at, cancellation), cancellation);
            }
            gone[kind.Kind] = count;
        }
        return gone;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(First, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(kinds.Where(kind => !kind.Personal), time.NowMicros(), stoppingToken);
            }
            catch (Exception failure) when (failure is System.Data.Common.DbException or InvalidOperationException)
            {
                logger.LogError(failure, "What reports have held for long enough could not be let go of; it is tried again in an hour");
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
