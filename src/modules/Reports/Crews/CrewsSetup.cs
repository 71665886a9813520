using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Registers the rounds of crews.</summary>
internal static class CrewsSetup
{
    public static IServiceCollection AddCrews(this IServiceCollection services)
    {
        services.AddSingleton<MakeRound>();
        services.AddSingleton<ChangeRound>();
        return services.AddScoped<RoundDesk>();
    }

    public static void Tables(ModelBuilder model)
    {
        model.Entity<Round>(row =>
        {
            row.ToTable("reports_rounds").HasKey(r => r.Id);
            row.Property(r => r.Id).ValueGeneratedNever();
            row.HasIndex(r => new { r.Body, r.LeaveAt });
            row.HasIndex(r => r.LeaveAt);
        });
        model.Entity<RoundStop>(row =>
        {
            row.ToTable("reports_round_stops").HasKey(s => new { s.RoundId, s.ReportId });
            row.HasIndex(s => s.ReportId);
        });
    }
}
