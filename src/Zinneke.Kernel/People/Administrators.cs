using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Somebody must be able to manage the installation: its last administrator stays, also when two leave at once.</summary>
internal static class Administrators
{
    private const string Rule = "people.administrators";

    /// <summary>Asks whether an account may cease to be an administrator of the installation within this unit.</summary>
    /// <returns><c>kernel.lastAdministrator</c> when it is the only one; null when it may, or is none.</returns>
    public static async Task<Refusal?> CheckLeavingAsync(Unit unit, Guid account, CancellationToken cancellation)
    {
        var all = await unit.Store.Set<AccountRole>().Where(r => r.Role == BuiltInRoles.Administrator && r.Body == null).Select(r => r.AccountId).ToListAsync(cancellation);
        if (!all.Contains(account))
        {
            return null;
        }
        if (all.TrueForAll(one => one == account))
        {
            return new Refusal(RefusalKind.Conflict, "kernel.lastAdministrator");
        }
        await Guard.RaiseAsync(unit, Rule, cancellation);
        return null;
    }
}
