using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers backups, and what has to be erased again after one was restored.</summary>
internal static class BackupsSetup
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<TakeBackup>();
        services.AddSingleton<RestoreBackup>();
        services.AddSingleton<MoveStore>();
        services.AddSingleton<Upgrade>();
        services.AddSingleton<ErasureList>();
        services.AddSingleton<EraseAgain>();
        services.AddSingleton<TableFollower, KeepErasures>();
        services.AddSingleton(new Erasable("account", e => e.Is<AccountErased>(), EraseAccountAsync));
        return services;
    }

    private static async Task<Outcome<bool>> EraseAccountAsync(IServiceProvider services, string id, CancellationToken cancellation)
    {
        var erased = await services.GetRequiredService<Privacy>().EraseAsync(Caller.Program(), Guid.Parse(id), cancellation);
        return erased.Is(out _, out var refusal) ? true : refusal.Code == "kernel.unknownAccount" ? false : refusal;
    }
}
