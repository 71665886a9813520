namespace Zinneke.Kernel;

/// <summary>Something that names an area and goes on naming it after the area has ended.</summary>
/// <param name="Kind">Word of the import that it comes by, such as <c>bodies</c>: its page is <c>/admin/{kind}/{id}</c>.</param>
public sealed record AreaUse(string Kind, string Id, Text Name);

/// <summary>Contributed by who names areas: asked before one ends.</summary>
/// <param name="Of">What names the area with this id.</param>
public sealed record AreaUses(Func<Store, string, CancellationToken, Task<IReadOnlyList<AreaUse>>> Of);
