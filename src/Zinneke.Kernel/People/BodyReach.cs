namespace Zinneke.Kernel;

/// <summary>In which bodies somebody holds a permission without limits: what lists of people, keys and settings are narrowed to.</summary>
/// <param name="Whole">In the whole installation; then every body is meant, and what belongs to none.</param>
/// <param name="Bodies">Ids, of bodies below too; also of one that is known no more.</param>
public sealed record BodyReach(bool Whole, IReadOnlyList<string> Bodies)
{
    public static BodyReach Of(Caller caller, string permission, BodyMap map)
    {
        var own = caller.ReachesOf(permission).Where(reach => reach.IsWhole).Select(reach => reach.Body).ToList();
        return new BodyReach(own.Contains(null), [.. map.All.Select(body => body.Id).Where(id => caller.Can(permission, id)).Union(own.OfType<string>(), StringComparer.Ordinal)]);
    }

    public bool Covers(string? body) => Whole || (body is not null && Bodies.Contains(body, StringComparer.Ordinal));
}

/// <summary>Branches of a module's catalogue that a role may be limited to.</summary>
/// <param name="List">Code and name of each, in the order in which they are offered.</param>
public sealed record RoleBranches(Func<Store, CancellationToken, Task<IReadOnlyList<(string Code, Text Name)>>> List);
