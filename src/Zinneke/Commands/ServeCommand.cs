using Zinneke.Kernel;

namespace Zinneke;

/// <summary><c>serve</c>: the site, until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Verb { get; } = new(null, "serve", "Starts the site.", "serve --urls http://localhost:8080 --data var --demo")
    {
        ListsSettings = true,
        Run = Run,
    };

    private static async Task<Result> Run(Call call)
    {
        foreach (var warning in (string?[])[.. KernelSettings.CheckLoopbackOnly(call.Settings), SiteAddress.Doubt(call.Settings), MailFolder.WarningOf(call.Settings), .. KernelSettings.NotesOfUnused(call.Settings)])
        {
            if (warning is not null)
            {
                call.Progress.Say($"warning: {warning}");
            }
        }
        var folder = new DataFolder(call.Get(KernelSettings.Data));
        using var held = call.Get(KernelSettings.Store) == "sqlite" ? folder.Take() : null;
        using var telemetry = Telemetry.Start(call.Settings);
        await using var site = Site.Build(call.Parts, call.Settings);
        await site.Services.GetRequiredService<Upgrade>().RunAsync(call.Progress.Say, call.Stop);
        if (call.Get(KernelSettings.Demo))
        {
            foreach (var part in await site.Services.GetRequiredService<Demonstration>().AddMissingAsync(call.Stop))
            {
                call.Progress.Say($"The demonstration city has {part}");
            }
        }
        await site.StartAsync(call.Stop);
        foreach (var url in site.Urls)
        {
            call.Progress.Say($"Zinneke listens on {url}");
        }
        if (await site.Services.GetRequiredService<FirstAdministrator>().LinkAsync(call.Get(KernelSettings.Languages)[0], call.Stop) is { } link)
        {
            call.Progress.Say($"The first administrator signs in once, within 15 minutes, at {link}");
        }
        call.Progress.Say($"The data lies in {folder.Root}");
        await site.WaitForShutdownAsync(call.Stop);
        return Result.None;
    }
}
