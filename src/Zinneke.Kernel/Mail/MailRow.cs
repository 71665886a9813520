using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Where a mail stands.</summary>
public enum MailState
{
    /// <summary>To be sent as soon as it is due.</summary>
    Waiting,

    /// <summary>To be put into a digest when it is due.</summary>
    Held,

    /// <summary>The server, or the folder, has taken it.</summary>
    Sent,

    /// <summary>It went out in a digest, which has a row of its own.</summary>
    Digested,

    /// <summary>It was tried for a day, or the server will never take it.</summary>
    Failed,
}

/// <summary>One mail to one recipient: one notice of one event. Its words go when it has been sent, the row after ninety days.</summary>
public sealed class MailRow
{
    /// <summary>Also its Message-ID, so that a repeated sending is known as the same mail.</summary>
    public Guid Id { get; set; }

    /// <summary>SHA-256 over event, notice and address: there is no second row for them.</summary>
    public required byte[] Key { get; set; }

    public required string Notice { get; set; }

    public required string Address { get; set; }

    public required string Language { get; set; }

    public string? AboutKind { get; set; }

    public string? AboutId { get; set; }

    /// <summary>JSON of a <see cref="MailContent"/>; null once sent.</summary>
    public string? Content { get; set; }

    public MailState State { get; set; }

    /// <summary>Not before this instant, UTC microseconds; while a node sends it, the end of its lease.</summary>
    public long DueAt { get; set; }

    public int Attempts { get; set; }

    public long MadeAt { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>What the server said last.</summary>
    public string? Error { get; set; }

    public long Version { get; set; }

    internal Subject? About => AboutKind is null ? null : new Subject(AboutKind, AboutId!);

    internal static void Map(ModelBuilder model)
    {
        model.Entity<MailRow>(mail =>
        {
            mail.ToTable("mails").HasKey(m => m.Id);
            mail.Property(m => m.Id).ValueGeneratedNever();
            mail.Property(m => m.State).HasConversion<int>();
            mail.HasIndex(m => m.Key).IsUnique();
            mail.HasIndex(m => m.AboutId);
            mail.HasIndex(m => new { m.State, m.DueAt });
            mail.HasIndex(m => new { m.Address, m.State, m.EndedAt });
        });
        model.Entity<MailPaceRow>(pace =>
        {
            pace.ToTable("mail_paces").HasKey(p => new { p.Address, p.AboutKind, p.AboutId });
            pace.Property(p => p.Pace).HasConversion<int>();
        });
    }
}

/// <summary>How often an address wants mail about a thing.</summary>
public sealed class MailPaceRow
{
    public required string Address { get; set; }

    public required string AboutKind { get; set; }

    public required string AboutId { get; set; }

    public MailPace Pace { get; set; }

    public long ChosenAt { get; set; }

    public long Version { get; set; }
}
