using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Who stands behind the actors of events, for those who may see who did what.</summary>
public static class ActorNames
{
    /// <summary>Names of accounts, else their addresses, and names of keys; the program itself, and who was erased, have none.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> OfAsync(Store store, IEnumerable<Guid> actors, CancellationToken cancellation = default)
    {
        List<Guid> wanted = [.. actors.Distinct()];
        var names = await store.Set<Account>().AsNoTracking().Where(a => wanted.Contains(a.Id) && (a.Name != "" || a.Email != null))
            .ToDictionaryAsync(a => a.Id, a => a.Name.Length > 0 ? a.Name : a.Email!, cancellation);
        foreach (var key in await store.Set<ApiKey>().AsNoTracking().Where(k => wanted.Contains(k.Id)).Select(k => new { k.Id, k.Name }).ToListAsync(cancellation))
        {
            names[key.Id] = key.Name;
        }
        return names;
    }
}
