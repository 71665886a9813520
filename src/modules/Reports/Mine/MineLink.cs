using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A link mailed to somebody who asked for their reports without an account: opens once, for three days, and is kept as a hash only.</summary>
internal sealed class MineLink
{
    /// <summary>Long enough for who reads mail at the weekend.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(72);

    public required Guid Id { get; init; }

    /// <summary>SHA-256 of what stands in the link, which holds enough chance to need no salt.</summary>
    public required byte[] Hash { get; init; }

    public required string Email { get; init; }

    /// <summary>UTC microseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>UTC microseconds; null while it can be used.</summary>
    public long? UsedAt { get; set; }

    /// <summary>Of two clicks at once only one opens.</summary>
    public long Version { get; set; }

    public bool Opens(long now) => UsedAt is null && now - CreatedAt <= Life.ToMicros();
}
