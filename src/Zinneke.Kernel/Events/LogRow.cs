using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A row of the sealed log. Written by <see cref="LogAppender"/> alone and never changed.</summary>
internal sealed class LogRow
{
    internal const string Columns = "position, id, type, version, subject_kind, subject_id, subject_version, body, actor, at, data";

    /// <summary>How many <see cref="Columns"/> there are.</summary>
    internal const int Count = 11;

    /// <summary>Columns, the digest, the hash and the audit row beside it, of <c>log l</c> and <c>audit a</c>.</summary>
    internal static string WithAudit { get; } =
        $"{string.Join(", ", Columns.Split(", ").Select(column => "l." + column))}, l.digest, l.hash, a.event_id, a.\"before\", a.\"after\", a.salt FROM log l LEFT JOIN audit a ON a.event_id = l.id";

    public long Position { get; set; }

    public Guid Id { get; set; }

    public required string Type { get; set; }

    /// <summary>Version of the event type; named apart from the concurrency token of other tables by its type, int.</summary>
    public int Version { get; set; }

    public required string SubjectKind { get; set; }

    public required string SubjectId { get; set; }

    public long SubjectVersion { get; set; }

    public string? Body { get; set; }

    public Guid Actor { get; set; }

    public long At { get; set; }

    public required string Data { get; set; }

    public byte[]? Digest { get; set; }

    public required byte[] Hash { get; set; }

    internal static Event Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetId(1), row.GetString(2), row.GetInt32(3), new Subject(row.GetString(4), row.GetString(5)), row.GetInt64(6), row.GetText(7), new Actor(row.GetId(8)), row.GetInt64(9), row.GetString(10));

    /// <summary>The audit row of a query of <see cref="WithAudit"/>; null where there is none.</summary>
    internal static AuditRow? ReadAudit(DbDataReader row, Event happened)
    {
        const int first = Count + 2;
        return row.IsDBNull(first) ? null : new AuditRow
        {
            EventId = happened.Id, SubjectKind = happened.Subject.Kind, SubjectId = happened.Subject.Id, Before = row.GetText(first + 1), After = row.GetText(first + 2), Salt = row.GetText(first + 3),
        };
    }

    internal static void Map(ModelBuilder model)
    {
        model.Entity<LogRow>(log =>
        {
            log.ToTable("log").HasKey(l => l.Position);
            log.Property(l => l.Position).ValueGeneratedNever();
            log.HasIndex(l => new { l.SubjectKind, l.SubjectId, l.Position });
            log.HasIndex(l => new { l.At, l.Position });
            log.HasIndex(l => new { l.Actor, l.At, l.Position });
            log.HasIndex(l => new { l.Type, l.At, l.Position });
            log.HasIndex(l => new { l.SubjectKind, l.At, l.Position });
            log.HasIndex(l => new { l.Body, l.At, l.Position });
        });
        model.Entity<AuditRow>(audit =>
        {
            audit.ToTable("audit").HasKey(a => a.EventId);
            audit.HasIndex(a => new { a.SubjectKind, a.SubjectId });
        });
        model.Entity<FollowerRow>(follower => follower.ToTable("followers").HasKey(f => f.Name));
        model.Entity<LogHead>(head => head.ToTable("log_heads").HasKey(h => h.Day));
    }
}
