using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Somebody with a role in a body, who can be given a report.</summary>
public sealed record Colleague(Guid Id, string Name)
{
    /// <summary>Those who may act on reports in exactly this body, by name.</summary>
    internal static async Task<IReadOnlyList<Colleague>> OfAsync(Store store, RoleBook book, string? body, CancellationToken cancellation)
    {
        if (body is null)
        {
            return [];
        }
        var roles = await store.Set<AccountRole>().AsNoTracking().Where(r => r.Body == body)
            .Join(store.Set<Account>().AsNoTracking().Where(a => a.ErasedAt == null), r => r.AccountId, a => a.Id, (r, a) => new { r.Role, Account = a }).ToListAsync(cancellation);
        return
        [
            .. roles.Where(r => book.PermissionsOf(r.Role) is var held && (held.Contains(ReportPermissions.Act) || held.Contains(ReportPermissions.Repair)))
                .DistinctBy(r => r.Account.Id).Select(r => new Colleague(r.Account.Id, NameOf(r.Account))).OrderBy(c => c.Name, StringComparer.CurrentCultureIgnoreCase),
        ];
    }

    /// <summary>Names of those who acted: accounts, and keys, which are actors of their own (K35). Who was erased has none.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(Store store, IEnumerable<Guid> actors, CancellationToken cancellation)
    {
        List<Guid> asked = [.. actors.Distinct()];
        var accounts = await store.Set<Account>().AsNoTracking().Where(a => asked.Contains(a.Id) && a.ErasedAt == null).ToListAsync(cancellation);
        var keys = await store.Set<ApiKey>().AsNoTracking().Where(k => asked.Contains(k.Id)).Select(k => new { k.Id, k.Name }).ToListAsync(cancellation);
        return accounts.Select(a => (a.Id, Name: NameOf(a))).Concat(keys.Select(k => (k.Id, k.Name))).ToDictionary(one => one.Id, one => one.Name);
    }

    /// <summary>What colleagues call an account.</summary>
    internal static string NameOf(Account account) => account.Name.Length > 0 ? account.Name : account.Email ?? "";
}
