using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Registers what brings history in and out, makes it, checks it and counts it.</summary>
internal static class HistorySetup
{
    public static IServiceCollection AddHistory(this IServiceCollection services)
    {
        services.AddSingleton(GenerateVerb.Verb);
        services.AddSingleton(ImportReportsVerb.Verb);
        services.AddSingleton(ExportVerb.Verb);
        services.AddSingleton(VerifyVerb.Verb);
        services.AddSingleton(StatsVerb.Verb);
        services.AddSingleton<ImportReports>();
        services.AddSingleton<ExportReports>();
        services.AddSingleton<VerifyReports>();
        services.AddSingleton<Check, ReportsCheck>();
        services.AddSingleton<SlicedImport>(p => p.GetRequiredService<ImportReports>());
        return services;
    }
}
