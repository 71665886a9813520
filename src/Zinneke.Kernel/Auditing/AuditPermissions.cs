namespace Zinneke.Kernel;

/// <summary>The right to see who did what.</summary>
public static class AuditPermissions
{
    public const string Read = "kernel.audit.read";

    internal static Permission Permission { get; } = new(Read, "See who did what and when, in the body; in the whole installation, everything.");

    /// <summary>For programs that keep a copy of the trail elsewhere.</summary>
    internal static Scope Scope { get; } = new("kernel:audit", "See who did what and when.", Read);
}
