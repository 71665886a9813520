using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A place that words of an address lead to.</summary>
/// <param name="Street">The row of the street.</param>
/// <param name="Number">House number as it is kept; null for the street as a whole.</param>
/// <param name="Lon">Degrees east.</param>
/// <param name="Lat">Degrees north.</param>
public sealed record Address(AddressRow Street, string? Number, double Lon, double Lat)
{
    /// <summary>Leads back to it: see <see cref="AddressIndex.GetAsync"/>.</summary>
    public string Id => AddressRow.IdOf(Street.Street, Number ?? "");

    /// <summary>As one writes it: <c>Rue Haute 12, 1000 Bruxelles</c>.</summary>
    public string LabelIn(string language) =>
        $"{Street.Names.In(language)}{(Number is null ? "" : " " + Number.ToUpperInvariant())}, {string.Join(' ', new[] { Street.Postcode, Street.Municipality }.OfType<string>())}";
}

/// <summary>
/// Finds addresses by their beginnings, in French, Dutch and German at once, without accents, case and hyphens (K10). Streets are kept in memory on each node, houses are looked up in the table.
/// </summary>
public sealed class AddressIndex : MemoryFollower
{
    public const int WordsMax = 12;
    private volatile StreetTokens current = new([]);

    public override string Name => "kernel.addresses";

    /// <summary>All streets, in no order that means anything.</summary>
    public IReadOnlyList<AddressRow> Streets => current.Streets;

    public override async Task LoadAsync(Store store, CancellationToken cancellation) =>
        current = new StreetTokens(await store.Set<AddressRow>().AsNoTracking().Where(row => row.Number == "").ToListAsync(cancellation));

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(happened => happened.Is<AddressesImported>()))
        {
            await LoadAsync(store, cancellation);
        }
    }

    /// <summary>The places that these words may mean, likeliest first: whole words before beginnings, short names before long ones. A number that the street does not have leads to the street.</summary>
    /// <param name="words">As typed; more than <see cref="WordsMax"/> words find nothing.</param>
    /// <param name="most">At most so many.</param>
    public async Task<IReadOnlyList<Address>> FindAsync(Store store, string words, int most, CancellationToken cancellation = default)
    {
        var found = current.Find(Typed(words), most);
        var houses = await HousesAsync(store, found, cancellation);
        return [.. found.Select(hit => hit.Number is { } number && houses.GetValueOrDefault(AddressRow.IdOf(hit.Street.Street, number)) is { } house
            ? new Address(hit.Street, number, house.Lon, house.Lat)
            : new Address(hit.Street, null, hit.Street.Lon, hit.Street.Lat))];
    }

    /// <summary>The one house that these words name; null when they name none, or several, or say more than an address.</summary>
    public async Task<Address?> UniqueAsync(Store store, string words, CancellationToken cancellation = default)
    {
        var named = current.Named(Typed(words));
        var houses = await HousesAsync(store, named, cancellation);
        var there = named.Where(hit => houses.ContainsKey(AddressRow.IdOf(hit.Street.Street, hit.Number!))).ToList();
        return there is [var one] && houses[AddressRow.IdOf(one.Street.Street, one.Number!)] is var house ? new Address(one.Street, one.Number, house.Lon, house.Lat) : null;
    }

    /// <summary>The address with this id, as <see cref="Address.Id"/> gave it; null when it is gone.</summary>
    public async Task<Address?> GetAsync(Store store, string id, CancellationToken cancellation = default)
    {
        var cut = id.LastIndexOf('|');
        if (cut <= 0 || id.Length > 1000 || AddressRow.Plain(id[(cut + 1)..]) != id[(cut + 1)..] || current.Streets.FirstOrDefault(row => row.Street == id[..cut]) is not { } street)
        {
            return null;
        }
        return cut == id.Length - 1 ? new Address(street, null, street.Lon, street.Lat)
            : await store.Set<AddressRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is { } house ? new Address(street, house.Number, house.Lon, house.Lat) : null;
    }

    private static async Task<Dictionary<string, AddressRow>> HousesAsync(Store store, IEnumerable<StreetHit> hits, CancellationToken cancellation)
    {
        var ids = hits.Where(hit => hit.Number is not null).Select(hit => AddressRow.IdOf(hit.Street.Street, hit.Number!)).Distinct().ToList();
        return ids.Count == 0 ? [] : await store.Set<AddressRow>().AsNoTracking().Where(row => EF.Parameter(ids).Contains(row.Id)).ToDictionaryAsync(row => row.Id, StringComparer.Ordinal, cancellation);
    }

    /// <summary>The words as they are compared; a letter behind a number belongs to it: <c>12 A</c>.</summary>
    private static List<string> Typed(string words)
    {
        var typed = new List<string>();
        foreach (var word in Folding.Words(words.Length > AddressesFile.WordsLengthMax ? "" : words))
        {
            if (word.Length == 1 && char.IsLetter(word[0]) && typed is [.., var last] && last.All(char.IsDigit))
            {
                typed[^1] += word;
            }
            else
            {
                typed.Add(word);
            }
        }
        return typed.Count > WordsMax ? [] : typed;
    }
}
