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

    /// <summary>What colleagues call an account.</summary>
    internal static string NameOf(Account account) => account.Name.Length > 0 ? account.Name : account.Email ?? "";
}
