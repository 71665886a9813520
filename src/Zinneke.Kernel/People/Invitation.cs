using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Codes that a municipality made at once, to send one to each home or person of its register.</summary>
public sealed class InvitationList
{
    public Guid Id { get; set; }

    /// <summary>The body that sends the letters.</summary>
    public required string Body { get; set; }

    /// <summary>Id of the area in which whoever shows a code lives.</summary>
    public required string Municipality { get; set; }

    /// <summary>A code is taken with one of these.</summary>
    public required IReadOnlyList<string> Postcodes { get; set; }

    public int Count { get; set; }

    /// <summary>UTC microseconds.</summary>
    public long CreatedAt { get; set; }

    public Guid CreatedBy { get; set; }

    public long ExpiresAt { get; set; }

    /// <summary>Set when the letters that were not used yet are worth nothing any more.</summary>
    public long? RevokedAt { get; set; }

    public long Version { get; set; }

    public Subject Subject => new("invitations", Id);

    public bool Opens(long now) => RevokedAt is null && now < ExpiresAt;
}

/// <summary>One code of a list. It names nobody: which letter went to whom knows the municipality alone.</summary>
public sealed class Invitation
{
    public Guid ListId { get; set; }

    /// <summary>1-based place in the list, printed on the letter beside the code.</summary>
    public int Number { get; set; }

    /// <summary>Of the code, which is shown once and not kept.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Once used it stays so, whatever becomes of the account.</summary>
    public long? UsedAt { get; set; }

    public long? RevokedAt { get; set; }

    /// <summary>Makes sure that of two who show the code at once only one is taken.</summary>
    public long Version { get; set; }
}

/// <summary>Where an account lives, as its person has shown.</summary>
public sealed class Residence
{
    public Guid AccountId { get; set; }

    /// <summary>Id of the area.</summary>
    public required string Municipality { get; set; }

    public required string Postcode { get; set; }

    /// <summary>The letter that showed it, so that one that was stolen can be taken back; null when it was shown otherwise.</summary>
    public Guid? ListId { get; set; }

    public int? Number { get; set; }

    /// <summary>UTC microseconds.</summary>
    public long VerifiedAt { get; set; }

    public long Version { get; set; }

    internal static void Map(ModelBuilder model)
    {
        model.Entity<InvitationList>(list =>
        {
            list.ToTable("invitation_lists").HasKey(l => l.Id);
            list.Property(l => l.Id).ValueGeneratedNever();
            PeopleTables.AsWords(list.Property(l => l.Postcodes));
            list.Ignore(l => l.Subject);
        });
        model.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitations").HasKey(i => new { i.ListId, i.Number });
            invitation.HasIndex(i => i.Hash).IsUnique();
        });
        model.Entity<Residence>(residence =>
        {
            residence.ToTable("residences").HasKey(r => r.AccountId);
            residence.Property(r => r.AccountId).ValueGeneratedNever();
            residence.HasIndex(r => new { r.ListId, r.Number }).IsUnique();
        });
    }
}
