using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Where somebody lives, as part of a <see cref="Caller"/>.</summary>
/// <param name="Municipality">Id of the area.</param>
/// <param name="VerifiedAt">When it was shown, UTC microseconds: who asks for residents may ask how long ago.</param>
public sealed record Home(string Municipality, string Postcode, long VerifiedAt);

/// <summary>
/// Lets a person show where they live: by the code of a letter and the postcode that it was sent to (K16). A code is taken once; one from another home takes the place of the
/// residence before, and the same home is shown anew by a newer letter.
/// </summary>
public sealed class Residences(Writer writer, Keys keys)
{
    private const int PostcodeLength = 4;

    /// <summary>A form that is sent twice, by a second click or over a bad network, is answered as if it were once.</summary>
    private static readonly TimeSpan SentTwiceWithin = TimeSpan.FromMinutes(10);

    /// <summary>Four digits.</summary>
    public static bool IsPostcode(string? text) => text is { Length: PostcodeLength } && text.All(char.IsAsciiDigit);

    /// <summary>Makes the caller a resident.</summary>
    /// <param name="by">A person known by e-mail.</param>
    /// <param name="postcode">As typed.</param>
    /// <param name="typed">The code as typed.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>
    /// <c>kernel.codeUnknown</c> for a code that was never made and for one of another postcode: which of them is not told. Who holds the letter and knows where it went is told
    /// why it is taken no more: <c>kernel.codeUsed</c>, <c>kernel.codeExpired</c>, <c>kernel.codeRevoked</c>.
    /// </returns>
    public Task<Outcome<Residence>> ConfirmAsync(Caller by, string? postcode, string? typed, CancellationToken cancellation = default) => writer.DoAsync<Residence>(by.Actor, async unit =>
    {
        if ((by.RefusalUnlessLevel(VerificationLevel.Email) ?? CheckTyped(postcode, typed)) is { } refusal)
        {
            return refusal;
        }
        var hash = InvitationCode.Hash(keys, InvitationCode.Read(typed)!);
        var found = await (
            from letter in unit.Store.Set<Invitation>()
            join list in unit.Store.Set<InvitationList>() on letter.ListId equals list.Id
            where letter.Hash == hash
            select new { letter, list }).FirstOrDefaultAsync(cancellation);
        if (found is null || !found.list.Postcodes.Contains(postcode!.Trim(), StringComparer.Ordinal))
        {
            return Refusal.Invalid("kernel.codeUnknown", "code");
        }
        var residence = await unit.Store.Set<Residence>().FirstOrDefaultAsync(r => r.AccountId == by.Account, cancellation);
        if (residence is not null && residence.ListId == found.letter.ListId && residence.Number == found.letter.Number && unit.Now - residence.VerifiedAt < SentTwiceWithin.ToMicros())
        {
            return residence;
        }
        return WhyNot(found.letter, found.list, unit.Now) is { } why ? why : await TakeAsync(unit, by, residence, found.letter, found.list, postcode.Trim(), cancellation);
    }, cancellation);

    /// <summary>The caller says that they live there no more.</summary>
    public Task<Outcome<Done>> EndAsync(Caller by, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        if (await unit.Store.Set<Residence>().FirstOrDefaultAsync(r => r.AccountId == by.Account, cancellation) is { } residence)
        {
            await EndAsync(unit, residence, "person", cancellation);
        }
        return default(Done);
    }, cancellation);

    /// <summary>What is wrong with what was typed, before anything is looked up; null when nothing is.</summary>
    public static Refusal? CheckTyped(string? postcode, string? typed)
    {
        List<Refusal> errors = [];
        if (!IsPostcode(postcode?.Trim()))
        {
            errors.Add(Refusal.Invalid("kernel.postcodeMalformed", "postcode"));
        }
        if (InvitationCode.Read(typed) is null)
        {
            errors.Add(Refusal.Invalid("kernel.codeMistyped", "code"));
        }
        return errors.Count > 0 ? Refusal.Of(errors) : null;
    }

    /// <summary>Takes a residence away; the letter stays used.</summary>
    internal static async Task EndAsync(Unit unit, Residence residence, string how, CancellationToken cancellation)
    {
        unit.Store.Remove(residence);
        var account = await unit.Store.Set<Account>().FirstAsync(a => a.Id == residence.AccountId, cancellation);
        account.Level = account.Level == VerificationLevel.Resident ? VerificationLevel.Email : account.Level;
        unit.Publish(account.Subject, Accounts.VersionAfter(unit, account), new ResidenceEnded(how));
    }

    private static Refusal? WhyNot(Invitation letter, InvitationList list, long now) =>
        letter.RevokedAt is not null ? Refusal.Invalid("kernel.codeRevoked", "code")
        : letter.UsedAt is not null ? Refusal.Invalid("kernel.codeUsed", "code")
        : list.RevokedAt is not null ? Refusal.Invalid("kernel.codeRevoked", "code")
        : list.Opens(now) ? null
        : Refusal.Invalid("kernel.codeExpired", "code");

    private static async Task<Outcome<Residence>> TakeAsync(Unit unit, Caller by, Residence? residence, Invitation letter, InvitationList list, string postcode, CancellationToken cancellation)
    {
        if (await unit.Store.Set<Account>().FirstOrDefaultAsync(a => a.Id == by.Account && a.ErasedAt == null, cancellation) is not { } account)
        {
            return by.NotAllowed();
        }
        if (residence is null)
        {
            residence = new Residence { AccountId = account.Id, Municipality = "", Postcode = "" };
            unit.Store.Add(residence);
        }
        (residence.Municipality, residence.Postcode, residence.ListId, residence.Number, residence.VerifiedAt) = (list.Municipality, postcode, list.Id, letter.Number, unit.Now);
        letter.UsedAt = unit.Now;
        account.Level = account.Level < VerificationLevel.Resident ? VerificationLevel.Resident : account.Level;
        unit.Publish(account.Subject, Accounts.VersionAfter(unit, account), new ResidenceConfirmed("invitation"));
        return residence;
    }
}

/// <summary>Where a person lives is theirs to see, to take along and to have erased. The letter that showed it stays used: erasing frees nothing.</summary>
internal sealed class ResidenceData : PersonalData
{
    public override string Key => "kernel.residence";

    public override async Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation)
    {
        var held = await Of(store, person).AsNoTracking().ToListAsync(cancellation);
        return [.. held.Select(r => new { r.Municipality, r.Postcode, list = r.ListId, letter = r.Number, verifiedAt = Instants.FromMicros(r.VerifiedAt) })];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation)
    {
        var held = await Of(unit.Store, person).ToListAsync(cancellation);
        foreach (var residence in held)
        {
            await Residences.EndAsync(unit, residence, "person", cancellation);
        }
        return held.Count;
    }

    /// <summary>No residence goes by age: who asks for residents says how long ago it may have been shown. Codes that were never finished do.</summary>
    public override Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => Invitations.ForgetUnfinishedAsync(unit, cancellation);

    private static IQueryable<Residence> Of(Store store, Person person) => store.Set<Residence>().Where(r => person.Account != null && r.AccountId == person.Account);
}
