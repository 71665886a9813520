using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A row of the sealed log. Written by <see cref="LogAppender"/> alone and never changed.</summary>
internal sealed class LogRow
{
    internal const string Columns = "position, id, type, version, subject_kind, subject_id, subject_version, body, actor, at, data";

    /// <summary>How many <see cref="Columns"/> there are.</summary>
    internal const int Count = 11;

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

    internal static void Map(ModelBuilder model)
    {
        model.Entity<LogRow>(log =>
        {
            log.ToTable("log").HasKey(l => l.Position);
            log.Property(l => l.Position).ValueGeneratedNever();
            log.HasIndex(l => new { l.SubjectKind, l.SubjectId, l.Position });
        });
        model.Entity<AuditRow>(audit =>
        {
            audit.ToTable("audit").HasKey(a => a.EventId);
            audit.HasIndex(a => new { a.SubjectKind, a.SubjectId });
        });
        model.Entity<FollowerRow>(follower => follower.ToTable("followers").HasKey(f => f.Name));
    }
}
