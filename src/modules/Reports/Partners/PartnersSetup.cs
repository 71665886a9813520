using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Registers what the systems of bodies are told by, and answer by.</summary>
internal static class PartnersSetup
{
    public static IServiceCollection AddPartners(this IServiceCollection services)
    {
        services.AddScoped<PartnerDesk>();
        services.AddSingleton<WebhookBody>();
        services.AddSingleton<TableFollower, RecordDeliveries>();
        return services.AddWork<SendDeliveries>();
    }

    public static void Map(ModelBuilder model) => model.Entity<Delivery>(row =>
    {
        row.ToTable("reports_deliveries").HasKey(d => d.Id);
        row.Property(d => d.Id).ValueGeneratedNever();
        row.Property(d => d.State).HasConversion(new ReportTables.Word<DeliveryState>());
        row.HasIndex(d => new { d.Position, d.Body, d.Url, d.Type }).IsUnique();
        row.HasIndex(d => new { d.State, d.DueAt });
        row.HasIndex(d => new { d.Body, d.Url, d.State, d.EndedAt });
        row.HasIndex(d => d.ReportId);
    });
}
