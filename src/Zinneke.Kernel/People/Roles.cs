using System.Collections.Frozen;

namespace Zinneke.Kernel;

/// <summary>A role that a person can hold in a body, or in the whole installation: a name for a set of permissions. Modules contribute their own.</summary>
/// <param name="Key">One camelCase word, unique over all modules: <c>dispatcher</c>.</param>
/// <param name="TextKey">Its name in four languages: <c>reports.role.dispatcher</c>.</param>
/// <param name="Permissions">Keys of the permissions that it carries; more can be added by <see cref="RoleGrant"/>.</param>
public sealed record Role(string Key, string TextKey, params IReadOnlyList<string> Permissions);

/// <summary>Adds permissions to a role that somebody else defined, such as a built-in one.</summary>
public sealed record RoleGrant(string Role, params IReadOnlyList<string> Permissions);

/// <summary>A scope of API keys that a module contributes: a name for a set of permissions. A key's scope is this name, or, unless that is one word, this name, a colon and the id of a body.</summary>
/// <param name="Name"><c>area:right</c>, such as <c>reports:write</c>; <c>open311</c> and <c>partner</c> are one word.</param>
/// <param name="Help">What its holder may do, in English.</param>
/// <param name="Permissions">Keys of the permissions that it carries.</param>
public sealed record Scope(string Name, string Help, params IReadOnlyList<string> Permissions)
{
    /// <summary>Means nothing without a body: <c>partner:c21001</c>.</summary>
    public bool NeedsBody { get; init; }

    /// <summary>The same whichever body: one word that none follows.</summary>
    internal bool TakesBody => NeedsBody || Name.Contains(':', StringComparison.Ordinal);

    /// <summary>Key of the text that says so to whoever makes a key.</summary>
    public string TextKey { get; init; } = $"{Name.Split(':')[0]}.scope.{Name.Split(':')[^1]}";
}

/// <summary>The roles that every installation has; what they may do is added by the modules.</summary>
public static class BuiltInRoles
{
    public const string Resident = "resident";
    public const string Moderator = "moderator";
    public const string Officer = "officer";
    public const string Manager = "manager";

    /// <summary>Holds every permission in its body and below.</summary>
    public const string Administrator = "administrator";

    /// <summary>Sees who did what, and changes nothing.</summary>
    public const string Auditor = "auditor";

    public static IReadOnlyList<Role> All { get; } =
        [.. new[] { Resident, Moderator, Officer, Manager, Administrator, Auditor }.Select(key => new Role(key, $"kernel.role.{key}"))];
}

/// <summary>All roles and scopes of this program with their permissions. Made once; contradictions stop the start.</summary>
public sealed class RoleBook
{
    private readonly FrozenDictionary<string, IReadOnlySet<string>> permissions;
    private readonly FrozenDictionary<string, Scope> scopes;

    /// <exception cref="InvalidOperationException">Two roles or scopes share a name, or one carries a permission that nobody contributed: a bug.</exception>
    public RoleBook(IEnumerable<Role> roles, IEnumerable<RoleGrant> grants, IEnumerable<Scope> scopes, IEnumerable<Permission> known)
    {
        Roles = [.. roles];
        Scopes = [.. scopes.OrderBy(s => s.Name, StringComparer.Ordinal)];
        Permissions = [.. known.OrderBy(p => p.Key, StringComparer.Ordinal)];
        var keys = Permissions.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var carried = Roles.ToDictionary(r => r.Key, r => r.Permissions.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var grant in grants)
        {
            if (!carried.TryGetValue(grant.Role, out var role))
            {
                throw new InvalidOperationException($"permissions are added to the role {grant.Role}, which nobody contributed");
            }
            role.UnionWith(grant.Permissions);
        }
        foreach (var permission in carried.Values.SelectMany(p => p).Concat(Scopes.SelectMany(s => s.Permissions)))
        {
            if (!keys.Contains(permission))
            {
                throw new InvalidOperationException($"the permission {permission} is carried by a role or scope, but nobody contributed it");
            }
        }
        permissions = carried.ToFrozenDictionary(
            r => r.Key, IReadOnlySet<string> (r) => (r.Key == BuiltInRoles.Administrator ? keys : r.Value).ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        this.scopes = Scopes.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<Role> Roles { get; }

    public IReadOnlyList<Scope> Scopes { get; }

    public IReadOnlyList<Permission> Permissions { get; }

    public bool Knows(string role) => permissions.ContainsKey(role);

    /// <summary>What a role may do; nothing when a module that contributed it is gone.</summary>
    public IReadOnlySet<string> PermissionsOf(string role) => permissions.GetValueOrDefault(role) ?? FrozenSet<string>.Empty;

    /// <summary>What the scopes of this name carry; nothing when a module that contributed it is gone.</summary>
    public IReadOnlyList<string> PermissionsOfScope(string name) => scopes.GetValueOrDefault(name)?.Permissions ?? [];

    /// <summary>Reads a scope as it was given to a key: a contributed name, or one with the id of a body behind it.</summary>
    /// <param name="given">Such as <c>reports:staff:c21001</c>.</param>
    /// <param name="body">The body of the key, for scopes that name none; null for the whole installation.</param>
    /// <returns>What it opens, or null when there is no such scope, or it needs a body and has none.</returns>
    public Reach? ReachOf(string given, string? body)
    {
        if (!scopes.TryGetValue(given, out var scope))
        {
            var colon = given.LastIndexOf(':');
            if (colon <= 0 || colon == given.Length - 1 || !scopes.TryGetValue(given[..colon], out scope) || !scope.TakesBody)
            {
                return null;
            }
            body = given[(colon + 1)..];
        }
        return scope.NeedsBody && body is null ? null : new Reach(body, scope.Permissions.ToFrozenSet(StringComparer.Ordinal), [], []);
    }
}
