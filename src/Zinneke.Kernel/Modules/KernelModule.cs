using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>The kernel's own services, tables and endpoints: the first entry of every list of modules.</summary>
public sealed class KernelModule : IModule
{
    public string Name => "kernel";

    public void Add(IServiceCollection services)
    {
        foreach (var setting in KernelSettings.All)
        {
            services.AddSingleton(setting);
        }
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<Settings>().Get(KernelSettings.Clock) is { } start
            ? new RunningClock(start, TimeProvider.System)
            : TimeProvider.System);
        services.AddSingleton(provider => new DataFolder(provider.GetRequiredService<Settings>().Get(KernelSettings.Data)));
        services.AddStorage(provider => Database.Of(
            provider.GetRequiredService<Settings>().Get(KernelSettings.Store), provider.GetRequiredService<DataFolder>().Database, [.. provider.GetServices<TableMap>()]));
        services.AddFiles();
        services.AddSingleton<Keys>();
        services.AddSingleton<Signer>();
        services.AddSingleton<Device>();
        services.AddSingleton<AccountMark>();
        services.AddSingleton<Outgoing>();
        services.AddSingleton<Cursors>();
        services.AddJournal();
        services.AddPlaces();
        services.AddBodies();
        services.AddMaps();
        services.AddDemo();
        services.AddSingleton<SiteAddress>();
        services.AddPeople();
        services.AddImport<ImportAreas>(ImportAreas.Kinds);
        services.AddImport<ImportBodies>(ImportBodies.Kinds);
        services.AddImport<ImportAlgorithms>(ImportAlgorithms.Kinds);
        services.AddImport<ImportTexts>(ImportTexts.Kinds);
        services.AddSingleton<OwnTexts>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<OwnTexts>());
        services.AddSingleton<Importers>();
        services.AddMail();
        services.AddAlgorithms();
        services.AddSearch();
        services.AddAudit();
        services.AddDatasets();
        Translator.Add(services);
        services.AddSingleton<Gauges>();
        services.AddHostedService(p => p.GetRequiredService<Gauges>());
        services.AddSingleton(FollowerVerbs.List);
        services.AddSingleton(FollowerVerbs.Rebuild);
        services.AddSingleton(FollowerVerbs.Resume);
        services.AddBackups();
        services.AddSingleton(BackupVerbs.Backup);
        services.AddSingleton(BackupVerbs.Restore);
        services.AddSingleton(BackupVerbs.Move);
        services.AddSingleton(VerifyInstallation.Verb);
        services.AddSingleton(AddressVerbs.Import);
        services.AddSingleton(PeopleVerbs.AddUser);
        services.AddSingleton(PeopleVerbs.AddKey);
        services.AddSingleton(InvitationVerbs.Add);
        services.AddSingleton(InvitationVerbs.Revoke);
        services.AddLogging(); // Verbs have no server that would add it; without a provider it says nothing.
        services.AddLocalization();
        services.AddSingleton(new WordList("kernel", typeof(KernelModule), "Kernel"));
        services.AddSingleton<Words>();
    }

    public void Tables(ModelBuilder model)
    {
        LogRow.Map(model);
        CatalogueRow.Map(model);
        ImportRow.Map(model);
        AreaRow.Map(model);
        AddressRow.Map(model);
        DemoPartRow.Map(model);
        SecretRow.Map(model);
        StoredFile.Map(model);
        PeopleTables.Map(model);
        MailRow.Map(model);
        IdempotencyRow.Map(model);
        SearchRow.Map(model);
    }

    public void Map(Doors doors)
    {
        doors.Root.MapFiles();
        doors.Root.MapMaps();
        doors.Root.MapOneClick();
        doors.Api.MapAlgorithms();
        doors.Api.MapAddresses();
        doors.Api.MapSearch();
        doors.MapAudit();
        doors.MapDatasets();
        doors.MapIndicators(((IEndpointRouteBuilder)doors.Api).ServiceProvider.GetServices<Indicator>());
    }
}
