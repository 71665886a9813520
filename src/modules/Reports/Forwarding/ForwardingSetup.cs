using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Registers how reports reach bodies with an Open311 endpoint of their own.</summary>
internal static class ForwardingSetup
{
    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddSingleton<TableFollower, RecordForwards>();
        services.AddSingleton<GeoEndpoint>();
        services.AddSingleton<ForwardedForm>();
        services.AddSingleton<SettleForwards>();
        return services.AddWork<ForwardReports>();
    }

    public static void Map(ModelBuilder model) => model.Entity<Forward>(row =>
    {
        row.ToTable("reports_forwards").HasKey(f => f.Id);
        row.Property(f => f.Id).ValueGeneratedNever();
        row.Property(f => f.State).HasConversion(new ReportTables.Word<ForwardState>());
        row.HasIndex(f => new { f.Position, f.Body, f.Url }).IsUnique();
        row.HasIndex(f => f.DueAt).HasFilter("ended_at IS NULL");
        row.HasIndex(f => f.ReportId);
        row.HasIndex(f => new { f.Body, f.Url, f.State });
    });
}
