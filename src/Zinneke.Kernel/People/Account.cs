namespace Zinneke.Kernel;

/// <summary>A person who has signed in at least once or was given a role. Its id is the actor of its events and says nothing once the account is erased.</summary>
public sealed class Account
{
    public Guid Id { get; set; }

    /// <summary>As <see cref="EmailAddress.Read"/> gives it; null for the first administrator until one is set, and once erased.</summary>
    public string? Email { get; set; }

    /// <summary>As the person wants to be called; may be empty. Shown to staff of the same body, never in public.</summary>
    public string Name { get; set; } = "";

    /// <summary>fr, nl, en or de: the language of mails.</summary>
    public required string Language { get; set; }

    public VerificationLevel Level { get; set; }

    /// <summary>UTC microseconds.</summary>
    public long CreatedAt { get; set; }

    /// <summary>Set when the person had everything about them erased; the row stays so that the id is never given again.</summary>
    public long? ErasedAt { get; set; }

    public long Version { get; set; }

    public Actor Actor => new(Id);

    public Subject Subject => new("account", Id);
}

/// <summary>A browser in which an account is signed in.</summary>
public sealed class Session
{
    /// <summary>How long one stays signed in.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>How long those who hold a role stay signed in: what they may do is worth more (OWASP ASVS 3.3).</summary>
    public static readonly TimeSpan LifeWithRole = TimeSpan.FromHours(12);

    public Guid Id { get; set; }

    /// <summary>SHA-256 of the cookie's value.</summary>
    public required byte[] Hash { get; set; }

    public Guid AccountId { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>When it was last used, exact to ten minutes.</summary>
    public long SeenAt { get; set; }

    /// <summary>Browser and system in words, such as <c>Firefox, Android</c>.</summary>
    public string Device { get; set; } = "";

    public bool IsOver(long now, bool hasRole) => now - CreatedAt >= (hasRole ? LifeWithRole : Life).ToMicros();
}

/// <summary>A role that an account holds.</summary>
public sealed class AccountRole
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>Key of a <see cref="Zinneke.Kernel.Role"/>.</summary>
    public required string Role { get; set; }

    /// <summary>Where it is held, with all bodies below; null for the whole installation.</summary>
    public string? Body { get; set; }

    /// <summary>Codes of the branches that it is limited to; empty for all.</summary>
    public IReadOnlyList<string> Categories { get; set; } = [];

    /// <summary>Ids of the areas that it is limited to; empty for all.</summary>
    public IReadOnlyList<string> Areas { get; set; } = [];

    public long GrantedAt { get; set; }

    public Guid GrantedBy { get; set; }
}

/// <summary>A key with which a program acts: an actor of its own.</summary>
public sealed class ApiKey
{
    public Guid Id { get; set; }

    /// <summary>SHA-256 of the key, which is shown once and not kept.</summary>
    public required byte[] Hash { get; set; }

    public required string Name { get; set; }

    /// <summary>As given: <c>reports:read</c>, <c>partner:c21001</c>.</summary>
    public required IReadOnlyList<string> Scopes { get; set; }

    /// <summary>The body for scopes that name none; null for the whole installation.</summary>
    public string? Body { get; set; }

    public long CreatedAt { get; set; }

    public Guid CreatedBy { get; set; }

    public long? ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    /// <summary>When it last opened something, exact to ten minutes; null when it never did.</summary>
    public long? UsedAt { get; set; }

    public int? QuotaPerHour { get; set; }

    public long Version { get; set; }

    public Subject Subject => new("key", Id);

    public bool Opens(long now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);
}

/// <summary>A secret with which a program acts as a person. Revoking it takes the row away: what is left of it stands in the log.</summary>
public sealed class AccessToken
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>SHA-256 of the token, which is shown once and not kept.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>What the person calls it.</summary>
    public required string Name { get; set; }

    /// <summary>Names of scopes, such as <c>reports:staff</c>: wherever the person holds the permissions.</summary>
    public required IReadOnlyList<string> Scopes { get; set; }

    public long CreatedAt { get; set; }

    public long ExpiresAt { get; set; }

    /// <summary>When it last opened something, exact to ten minutes; null when it never did.</summary>
    public long? UsedAt { get; set; }

    public bool Opens(long now) => ExpiresAt > now;
}

/// <summary>A link to sign in that was sent or shown: opens once, within fifteen minutes; an invitation within three days.</summary>
public sealed class SignInLink
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan InvitationLife = TimeSpan.FromHours(72);

    public Guid Id { get; set; }

    public required byte[] Hash { get; set; }

    /// <summary>Who gets in; null when <see cref="AccountId"/> says it.</summary>
    public string? Email { get; set; }

    public Guid? AccountId { get; set; }

    public required string Language { get; set; }

    public required string ReturnPath { get; set; }

    public long CreatedAt { get; set; }

    public long? UsedAt { get; set; }

    /// <summary>Of an invitation; null when the usual fifteen minutes hold.</summary>
    public long? ExpiresAt { get; set; }

    public long Version { get; set; }

    public bool Opens(long now) => UsedAt is null && now < (ExpiresAt ?? CreatedAt + Life.ToMicros());
}

/// <summary>A person who asked that everything about them be erased, and what was.</summary>
public sealed class Erasure
{
    public Guid AccountId { get; set; }

    public long AskedAt { get; set; }

    public long? DoneAt { get; set; }

    /// <summary>JSON object from the key of a <see cref="PersonalData"/> to the number of records.</summary>
    public string Counts { get; set; } = "{}";

    public long Version { get; set; }
}
