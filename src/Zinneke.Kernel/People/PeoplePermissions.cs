namespace Zinneke.Kernel;

/// <summary>The rights over accounts, roles and keys.</summary>
public static class PeoplePermissions
{
    public const string ReadAccounts = "kernel.account.read";
    public const string ManageAccounts = "kernel.account.manage";
    public const string ManageKeys = "kernel.key.manage";
    public const string ManageInvitations = "kernel.invitation.manage";

    internal static IReadOnlyList<Permission> All { get; } =
    [
        new(ReadAccounts, "See who holds which role in the body."),
        new(ManageAccounts, "Give and withdraw roles in the body, never more than one holds oneself."),
        new(ManageKeys, "Make and revoke API keys of the body."),
        new(ManageInvitations, "Make and revoke the codes of letters with which residents of the body show where they live."),
        new(AreaPermissions.Edit, "Import areas and layers of the map."),
        new(TextPermissions.Edit, "Say texts of the interface otherwise."),
        new(BodyPermissions.Edit, "Change how a body presents itself, works and is reached; in the whole installation, which bodies there are."),
    ];

    internal static IReadOnlyList<RoleGrant> Grants { get; } =
    [
        new(BuiltInRoles.Manager, ReadAccounts, ManageAccounts, ManageInvitations, BodyPermissions.Edit),
        new(BuiltInRoles.Auditor, ReadAccounts),
    ];
}
