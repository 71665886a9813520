using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Problems in the street, from the phone to the repair.</summary>
public sealed class ReportsModule : IModule
{
    public string Name => "reports";

    public void Add(IServiceCollection services)
    {
        services.AddSingleton(new WordList("reports", typeof(ReportsModule), "Reports"));
        AddRights(services);
        foreach (var verb in (Command[])[RouteVerb.Verb, DueVerb.Verb, StripVerb.Verb, DuplicatesVerb.Verb, CrewRouteVerb.Verb])
        {
            services.AddSingleton(verb);
        }
        services.AddSingleton<DemoPart, ReportsDemo>();
        services.AddSingleton<RoutingMap>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<RoutingMap>());
        services.AddSingleton<ReportIndex>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<ReportIndex>());
        services.AddSingleton(p => p.GetRequiredService<ReportIndex>().Map);
        services.AddSingleton(p => p.GetRequiredService<ReportIndex>().Counters);
        services.AddSingleton<MapLayer, ReportLayer>();
        services.AddSingleton<MapLayer, HeatLayer>();
        services.AddSingleton<StatisticsTables>();
        services.AddCatalogue();
        services.AddHistory();
        services.AddSingleton<PlaceSearch>();
        services.AddSingleton<Numbers>();
        services.AddSingleton<TrackLink>();
        services.AddSingleton(RouteReport.Algorithm);
        services.AddSingleton<RouteReport>();
        services.AddSingleton<FileReport>();
        services.AddSingleton<SupportReport>();
        services.AddSingleton<AddPhotos>();
        ListReports.Register(services);
        services.AddSingleton<LiveSource, ReportLive>();
        foreach (var notice in ReportNotices.Notices)
        {
            services.AddSingleton(notice);
        }
        services.AddSingleton<TableFollower, ReportNotices>();
        services.AddSingleton<TableFollower, PicturesDrawn>();
        AddLife(services);
        RetainReports.Register(services);
        services.AddPartners();
        services.AddForwarding();
        services.AddCrews();
        services.AddModeration();
        AddDesk(services);
        services.AddOpen311();
        services.AddScoped<ReadReport>();
        services.AddScoped<FindReports>();
        services.AddScoped<NearbyReports>();
        services.AddSingleton(SuggestDuplicates.Algorithm);
        services.AddScoped<SuggestDuplicates>();
        services.AddScoped<DuplicatesDesk>();
        services.AddScoped<CategorySuggestions>();
        services.AddScoped<Screens>();
        services.AddScoped<TrackPages>();
        services.AddScoped<ReportChanges>();
        services.AddSingleton<EraseContact>();
        services.AddSingleton(EraseContact.Erasable);
        services.AddSingleton<PersonalData, ContactData>();
        services.AddSingleton<PersonalData, SupportData>();
        services.AddSingleton(ContactData.About);
        services.AddFollowing();
        services.AddMine();
        ReportSearch.Register(services);
        services.AddOpenData();
    }

    /// <summary>Where staff find what waits for them, and work on it.</summary>
    private static void AddDesk(IServiceCollection services)
    {
        services.AddSingleton<DeskIndex>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<DeskIndex>());
        services.AddSingleton<KeepInbox>();
        services.AddSingleton<PersonalData, InboxData>();
        services.AddSingleton(new Panel("reports.desk", "/desk/reports", PanelOn.Desk, 10) { Icon = "inbox", Permission = ReportPermissions.Read });
        services.AddScoped<Inbox>();
        services.AddScoped<OfficerDesk>();
        services.AddSingleton<AnswerTranslation>();
        services.AddScoped<RerouteDesk>();
        services.AddScoped<AuditReport>();
        ReportAudited.Register(services);
    }

    /// <summary>What moves a report on: actions, answers by link, and time.</summary>
    private static void AddLife(IServiceCollection services)
    {
        foreach (var setting in Terms.All.Concat(Limits.All))
        {
            services.AddSingleton(setting);
        }
        services.AddSingleton<RerouteReport>();
        services.AddSingleton<ActOnReport>();
        services.AddSingleton<ReplyLink>();
        services.AddScoped<ReplyDesk>();
        services.AddSingleton(CloseReports.Algorithm);
        services.AddSingleton<CloseReports>();
        services.AddSingleton<EscalateReports>();
        services.AddWork<ReportClock>();
    }

    private static void AddRights(IServiceCollection services)
    {
        foreach (var permission in ReportPermissions.All)
        {
            services.AddSingleton(permission);
        }
        foreach (var role in ReportPermissions.Roles)
        {
            services.AddSingleton(role);
        }
        foreach (var grant in ReportPermissions.Grants)
        {
            services.AddSingleton(grant);
        }
        foreach (var scope in ReportPermissions.Scopes)
        {
            services.AddSingleton(scope);
        }
        foreach (var allowance in ReportPermissions.Allowances)
        {
            services.AddSingleton(allowance);
        }
        foreach (var allowance in ReportPermissions.OfStaff)
        {
            services.AddSingleton(allowance);
        }
    }

    public void Tables(ModelBuilder model)
    {
        ReportTables.Map(model);
        MinePages.Tables(model);
        PartnersSetup.Map(model);
        ForwardingSetup.Map(model);
        CrewsSetup.Tables(model);
    }

    public void Map(Doors doors)
    {
        FileReportApi.Map(doors);
        ActOnReportApi.Map(doors);
        FindReportsApi.Map(doors);
        MapApi.Map(doors);
        StatisticsApi.Map(doors);
        ModerationSetup.Map(doors);
        ShowStatistics.Map(doors);
        ShowHeat.Map(doors);
        ShowPhotos.Map(doors);
        NewReportPages.Map(doors);
        StreetList.Map(doors);
        OfflinePages.Map(doors);
        TrackReport.Map(doors);
        ChangeReport.Map(doors);
        ReplyToReport.Map(doors);
        ListReports.Map(doors);
        MinePages.Map(doors);
        FollowReportsApi.Map(doors);
        FollowPages.Map(doors);
        FeedReports.Map(doors);
        ReportLive.Map(doors);
        InboxPages.Map(doors);
        OfficerPages.Map(doors);
        DuplicatesPages.Map(doors);
        RoundPages.Map(doors);
        ReroutePages.Map(doors);
        AuditReport.Map(doors);
        TryRules.Map(doors);
        Open311.Map(doors);
        PartnerApi.Map(doors);
    }
}
