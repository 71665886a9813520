using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How the nouns of the module map to its tables.</summary>
internal static class ReportTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<Report>(MapReport);
        model.Entity<ReportWordsRow>(row =>
        {
            row.ToTable("reports_words").HasKey(w => w.ReportId);
            row.Ignore(w => w.HasAny);
        });
        MapModeration(model);
        model.Entity<ReportContact>(row =>
        {
            row.ToTable("reports_contacts").HasKey(c => c.ReportId);
            row.HasIndex(c => c.Email);
            row.HasIndex(c => c.Account);
        });
        model.Entity<ReportEntry>(row =>
        {
            row.ToTable("reports_entries").HasKey(e => e.Id);
            row.Property(e => e.Id).ValueGeneratedNever();
            row.Property(e => e.State).HasConversion(new Word<ReportState>());
            row.Property(e => e.Text).HasConversion(t => JsonSerializer.Serialize(t, Json.Options), s => JsonSerializer.Deserialize<Text>(s, Json.Options)!);
            row.HasIndex(e => new { e.ReportId, e.At });
        });
        model.Entity<ReportPhoto>(row =>
        {
            row.ToTable("reports_photos").HasKey(p => p.Id);
            row.Property(p => p.Id).ValueGeneratedNever();
            row.HasIndex(p => p.ReportId);
            row.HasIndex(p => p.FileId);
        });
        model.Entity<ReportSupport>(row => row.ToTable("reports_supports").HasKey(s => new { s.ReportId, s.By }));
        model.Entity<ReportReminder>(row =>
        {
            row.ToTable("reports_reminders").HasKey(r => r.ReportId);
            row.Property(r => r.ReportId).ValueGeneratedNever();
        });
        model.Entity<ReportOrigin>(row =>
        {
            row.ToTable("reports_origins").HasKey(o => o.ReportId);
            row.Property(o => o.ReportId).ValueGeneratedNever();
            row.HasIndex(o => new { o.Source, o.ExternalId }).IsUnique();
        });
        model.Entity<InboxFilterRow>(row =>
        {
            row.ToTable("reports_inbox_filters").HasKey(f => f.Id);
            row.Property(f => f.Id).ValueGeneratedNever();
            row.HasIndex(f => f.Account);
        });
        model.Entity<InboxColumnsRow>(row =>
        {
            row.ToTable("reports_inbox_columns").HasKey(c => c.Account);
            row.Property(c => c.Account).ValueGeneratedNever();
        });
        model.Entity<Subscription>(row =>
        {
            row.ToTable("reports_subscriptions").HasKey(s => s.Id);
            row.Property(s => s.Id).ValueGeneratedNever();
            row.Ignore(s => s.About);
            row.Ignore(s => s.Followed);
            row.HasIndex(s => new { s.Email, s.Target }).IsUnique();
            row.HasIndex(s => s.ReportId);
            row.HasIndex(s => s.Area);
            row.HasIndex(s => new { s.Lat, s.Lon });
        });
        model.Entity<NumberBlock>(row =>
        {
            row.ToTable("reports_numbers").HasKey(n => n.Year);
            row.Property(n => n.Year).ValueGeneratedNever();
        });
    }

    private static void MapModeration(ModelBuilder model)
    {
        model.Entity<ReportFlag>(row =>
        {
            row.ToTable("reports_flags").HasKey(f => f.Id);
            row.Property(f => f.Id).ValueGeneratedNever();
            row.Ignore(f => f.IsOfReader);
            row.HasIndex(f => new { f.ReportId, f.Part, f.By }).IsUnique();
            row.HasIndex(f => f.At);
        });
        model.Entity<ReportSender>(row =>
        {
            row.ToTable("reports_senders").HasKey(s => s.ReportId);
            row.Property(s => s.ReportId).ValueGeneratedNever();
            row.Ignore(s => s.From);
            row.HasIndex(s => new { s.Device, s.At });
            row.HasIndex(s => s.At);
        });
        model.Entity<SenderBlock>(row =>
        {
            row.ToTable("reports_blocks").HasKey(b => b.Id);
            row.Property(b => b.Id).ValueGeneratedNever();
            row.Ignore(b => b.By);
            row.HasIndex(b => b.Sender).IsUnique();
            row.HasIndex(b => b.Until);
        });
    }

    private static void MapReport(EntityTypeBuilder<Report> row)
    {
        row.ToTable("reports_reports").HasKey(r => r.Id);
        row.Property(r => r.Id).ValueGeneratedNever();
        row.Property(r => r.State).HasConversion(new Word<ReportState>());
        row.Property(r => r.ArchivedFrom).HasConversion(new Word<ReportState>());
        row.Property(r => r.Visibility).HasConversion(new Word<Visibility>());
        row.Property(r => r.Priority).HasConversion(new Word<Priority>());
        row.Ignore(r => r.Bucket);
        row.Ignore(r => r.PointIsPublic);
        row.Ignore(r => r.Supporters);
        row.Ignore(r => r.IsLate);
        row.HasIndex(r => r.Number).IsUnique();
        row.HasIndex(r => r.ClientId).IsUnique();
        row.HasIndex(r => new { r.Holder, r.State, r.DueAt });
        row.HasIndex(r => new { r.CreatedAt, r.Id });
        row.HasIndex(r => new { r.Area, r.CreatedAt, r.Id });
        row.HasIndex(r => new { r.UpdatedAt, r.Id });
        row.HasIndex(r => new { r.AcceptDueAt, r.Id }).HasFilter("accept_due_at IS NOT NULL");
        row.HasIndex(r => new { r.ClosesAt, r.Id }).HasFilter("closes_at IS NOT NULL");
        row.HasIndex(r => new { r.Visibility, r.Id }).HasFilter("visibility = 'pending'");
        row.HasIndex(r => new { r.FlaggedAt, r.Id }).HasFilter("flagged_at IS NOT NULL");
        row.HasIndex(r => r.MergedInto).HasFilter("merged_into IS NOT NULL");
    }

    /// <summary>An enum as its camelCase word, which is stable when members are added or moved.</summary>
    internal sealed class Word<T>() : ValueConverter<T, string>(value => ReportWords.Word(value), word => ReportWords.Parse<T>(word)!.Value)
        where T : struct, Enum;
}
