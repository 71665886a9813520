using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Registers what reads and makes history.</summary>
internal static class HistorySetup
{
    public static IServiceCollection AddHistory(this IServiceCollection services)
    {
        services.AddSingleton(GenerateVerb.Verb);
        services.AddSingleton(ImportReportsVerb.Verb);
        services.AddSingleton<ImportReports>();
        services.AddSingleton<SlicedImport>(p => p.GetRequiredService<ImportReports>());
        return services;
    }
}
