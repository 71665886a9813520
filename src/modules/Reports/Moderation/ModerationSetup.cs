using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>What readers and staff can do about what should not be there.</summary>
internal static class ModerationSetup
{
    public static IServiceCollection AddModeration(this IServiceCollection services)
    {
        services.AddSingleton<WordBook>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<WordBook>());
        services.AddImport<ImportWords>(ImportWords.Kinds);
        services.AddLook<WordsLook>();
        services.AddSingleton(FlagReport.Algorithm);
        services.AddSingleton<FlagReport>();
        services.AddSingleton<ShowPart>();
        services.AddSingleton<EditWords>();
        services.AddSingleton<RedactPhoto>();
        services.AddScoped<RedactPages>();
        services.AddSingleton<Setting>(FirstReports.Setting);
        services.AddSingleton<BlockBook>();
        services.AddSingleton<MemoryFollower>(p => p.GetRequiredService<BlockBook>());
        services.AddSingleton<Senders>();
        services.AddSingleton<BlockSender>();
        services.AddScoped<BlockPages>();
        services.AddSingleton<PersonalData, SenderData>();
        return services.AddSingleton<PersonalData, FlagData>();
    }

    public static void Map(Doors doors)
    {
        FlagReport.Map(doors);
        ShowPart.Map(doors);
        EditWords.Map(doors);
        RedactPhoto.Map(doors);
        RedactPages.Map(doors);
        BlockSender.Map(doors);
        BlockPages.Map(doors);
    }
}
