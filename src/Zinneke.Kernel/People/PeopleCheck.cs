using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Whether sessions, roles, tokens and residences belong to an account, residents live somewhere, and an erased account holds nothing any more.</summary>
internal sealed class PeopleCheck(Database database) : Check
{
    public override string Name => "kernel.people";

    public override async Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var accounts = store.Set<Account>().AsNoTracking();
        var held = store.Set<Session>().AsNoTracking().Select(session => session.AccountId)
            .Concat(store.Set<AccountRole>().AsNoTracking().Select(role => role.AccountId))
            .Concat(store.Set<AccessToken>().AsNoTracking().Select(token => token.AccountId))
            .Concat(store.Set<Residence>().AsNoTracking().Select(residence => residence.AccountId)).Distinct();
        foreach (var orphan in await held.Where(id => !accounts.Any(account => account.Id == id)).ToListAsync(cancellation))
        {
            wrong($"account {orphan}", "has sessions, roles, tokens or a residence and is not there");
        }
        foreach (var erased in await accounts.Where(account => account.ErasedAt != null && (account.Email != null || account.Name != "" || held.Contains(account.Id))).Select(account => account.Id).ToListAsync(cancellation))
        {
            wrong($"account {erased}", "was erased and still holds something");
        }
        foreach (var one in await accounts.Where(account => account.Level == VerificationLevel.Resident && !store.Set<Residence>().Any(residence => residence.AccountId == account.Id)).Select(account => account.Id).ToListAsync(cancellation))
        {
            wrong($"account {one}", "is a resident and lives nowhere");
        }
        return await accounts.LongCountAsync(cancellation);
    }
}
