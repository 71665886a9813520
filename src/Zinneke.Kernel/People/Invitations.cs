using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>What a municipality wants codes for.</summary>
/// <param name="Body">A municipality: a body that is responsible for one area.</param>
/// <param name="Count">Letters, 1 to <see cref="Invitations.CountMax"/>.</param>
/// <param name="Postcodes">With which a code is taken; none for all of the municipality's area.</param>
/// <param name="ExpiresAt">UTC microseconds; null for <see cref="Invitations.UsualLife"/>.</param>
public sealed record WantedInvitations(string Body, int Count, IReadOnlyList<string> Postcodes, long? ExpiresAt = null);

/// <summary>Codes just made, in the order of their numbers. They are shown now and never again.</summary>
public sealed record NewInvitations(InvitationList List, IReadOnlyList<string> Codes);

/// <summary>
/// Makes and revokes the codes with which residents show where they live (K16). A municipality sends one in a letter to each home or person of its register: who holds it gets
/// post there. The register itself never comes here.
/// </summary>
public sealed class Invitations(Writer writer, Keys keys, Settings settings)
{
    public const int CountMax = 200_000;

    /// <summary>How long a code is taken when nobody says otherwise: time to print, to send and to answer.</summary>
    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(90);

    public static readonly TimeSpan LifeMax = TimeSpan.FromDays(366);

    /// <summary>As many rows as hold the writer for a few milliseconds.</summary>
    private const int SliceMax = 2_000;
    private const int PostcodesMax = 50;

    /// <summary>Makes the codes of a list, a slice at a time, and the list last: codes without a list open nothing, so a crash in between leaves none that somebody could use.</summary>
    /// <param name="by">Staff of the body.</param>
    /// <param name="wanted">For whom.</param>
    /// <param name="cancellation">Stops between two slices.</param>
    public async Task<Outcome<NewInvitations>> MakeAsync(Caller by, WantedInvitations wanted, CancellationToken cancellation = default)
    {
        var planned = await writer.DoAsync<InvitationList>(by.Actor, unit => PlanAsync(unit, by, wanted, cancellation), cancellation);
        if (!planned.Is(out var list, out var refusal))
        {
            return refusal;
        }
        var codes = new List<string>(list.Count);
        while (codes.Count < list.Count)
        {
            var slice = await writer.DoAsync<IReadOnlyList<string>>(by.Actor, unit => Task.FromResult<Outcome<IReadOnlyList<string>>>(Slice(unit, list, codes.Count)), cancellation);
            if (!slice.Is(out var made, out refusal))
            {
                return refusal;
            }
            codes.AddRange(made);
        }
        return new NewInvitations(list, codes);
    }

    /// <summary>Revokes a list or one letter of it at once; a second time changes nothing.</summary>
    /// <param name="by">Staff of the body.</param>
    /// <param name="id">Of the list.</param>
    /// <param name="number">The letter that was lost or stolen: whoever used it lives nowhere any more. Null for all letters that were not used yet; who used theirs stays.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    public Task<Outcome<Done>> RevokeAsync(Caller by, Guid id, int? number, CancellationToken cancellation = default) => writer.DoAsync<Done>(by.Actor, async unit =>
    {
        var list = await unit.Store.Set<InvitationList>().FirstOrDefaultAsync(l => l.Id == id, cancellation);
        if (list is null || !by.Can(PeoplePermissions.ManageInvitations, list.Body))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.unknownInvitations");
        }
        if (number is { } one)
        {
            return await RevokeLetterAsync(unit, list, one, cancellation);
        }
        if (list.RevokedAt is null)
        {
            list.RevokedAt = unit.Now;
            unit.Publish(list.Subject, list.Version + 1, new InvitationsRevoked(null), list.Body);
        }
        return default(Done);
    }, cancellation);

    private static async Task<Outcome<Done>> RevokeLetterAsync(Unit unit, InvitationList list, int number, CancellationToken cancellation)
    {
        var letter = await unit.Store.Set<Invitation>().FirstOrDefaultAsync(i => i.ListId == list.Id && i.Number == number, cancellation);
        if (letter is null)
        {
            return Refusal.Invalid("kernel.unknownLetter", "number", list.Count);
        }
        if (letter.RevokedAt is null)
        {
            letter.RevokedAt = unit.Now;
            unit.Publish(list.Subject, list.Version, new InvitationsRevoked(number), list.Body);
            if (await unit.Store.Set<Residence>().FirstOrDefaultAsync(r => r.ListId == list.Id && r.Number == number, cancellation) is { } residence)
            {
                await Residences.EndAsync(unit, residence, "revoked", cancellation);
            }
        }
        return default(Done);
    }

    private List<string> Slice(Unit unit, InvitationList list, int from)
    {
        List<string> codes = [.. Enumerable.Range(0, Math.Min(SliceMax, list.Count - from)).Select(_ => InvitationCode.New(unit))];
        unit.AddMany<Invitation>([.. codes.Select((code, i) => new Invitation { ListId = list.Id, Number = from + i + 1, Hash = InvitationCode.Hash(keys, code) })]);
        if (from + codes.Count == list.Count)
        {
            unit.Store.Add(list);
            unit.Publish(list.Subject, 1, new InvitationsMade(list.Count, list.ExpiresAt), list.Body);
        }
        return codes;
    }

    /// <summary>Deletes a slice of the codes whose list never came, because what made them was stopped or killed more than a day ago: nobody has them, and they open nothing.</summary>
    /// <returns>How many went.</returns>
    internal static async Task<int> ForgetUnfinishedAsync(Unit unit, CancellationToken cancellation)
    {
        var begun = Ids.FirstAt(unit.Now - TimeSpan.MicrosecondsPerDay);
        var left = await unit.Store.Set<Invitation>().Where(code => code.ListId.CompareTo(begun) < 0 && !unit.Store.Set<InvitationList>().Any(list => list.Id == code.ListId)).Take(SliceMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(left);
        return left.Count;
    }

    /// <summary>The list as it will be; writes nothing.</summary>
    private async Task<Outcome<InvitationList>> PlanAsync(Unit unit, Caller by, WantedInvitations wanted, CancellationToken cancellation)
    {
        var bodies = await BodyMap.ReadAsync(unit.Store, cancellation);
        if (bodies.FirstOrDefault(b => b.Id == wanted.Body) is not { } body)
        {
            return Refusal.Invalid("kernel.unknownBody", "body", wanted.Body, string.Join(", ", bodies.Select(b => b.Id).Order(StringComparer.Ordinal)));
        }
        if (!by.Can(PeoplePermissions.ManageInvitations, body.Id))
        {
            return by.NotAllowed();
        }
        if (body is not { Kind: BodyKind.Municipality, Active: true, Areas: [var municipality] })
        {
            return Refusal.Invalid("kernel.bodyWithoutResidents", "body");
        }
        IReadOnlyList<string> postcodes = [.. (wanted.Postcodes.Count > 0 ? wanted.Postcodes : await PostcodesOfAsync(unit, municipality, cancellation)).Distinct(StringComparer.Ordinal)];
        var expiresAt = wanted.ExpiresAt ?? unit.Now + UsualLife.ToMicros();
        var refusal = wanted.Count is < 1 or > CountMax ? Refusal.Invalid("kernel.countMalformed", "count", CountMax)
            : postcodes.Count is 0 or > PostcodesMax || !postcodes.All(Residences.IsPostcode) ? Refusal.Invalid("kernel.postcodesMissing", "postcodes")
            : expiresAt <= unit.Now ? Refusal.Invalid("kernel.expiryPast", "expires")
            : expiresAt - unit.Now > LifeMax.ToMicros() ? Refusal.Invalid("kernel.expiryFar", "expires", LifeMax.Days)
            : null;
        return refusal is not null ? refusal : new InvitationList
        {
            Id = unit.NextId(), Body = body.Id, Municipality = municipality, Postcodes = postcodes, Count = wanted.Count, CreatedAt = unit.Now, CreatedBy = by.Actor.Id, ExpiresAt = expiresAt,
        };
    }

    private async Task<IEnumerable<string>> PostcodesOfAsync(Unit unit, string municipality, CancellationToken cancellation)
    {
        var today = Instants.DayOf(unit.Now, settings.Get(KernelSettings.TimeZone));
        var areas = await AreaMap.ReadAsync(unit.Store, Area.Municipality, cancellation);
        return areas.History(municipality).Where(area => area.ValidOn(today)).SelectMany(area => area.Postcodes);
    }
}
