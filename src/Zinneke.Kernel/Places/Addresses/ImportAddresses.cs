using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>
/// Takes streets and addresses of a file of any size: checked whole, compared with what is there, then applied in slices. The natural key makes the same file again change nothing. A house brings its street along
/// when the file does not name it by itself; the first of several records with one key counts, as registers list boxes of one house.
/// </summary>
public sealed class ImportAddresses(Database database, Writer writer, DataFolder folder, Ids ids, ILogger<ImportAddresses> log) : SlicedImport<AddressStep>(database, writer, folder, ids, log)
{
    private const int ReadAtOnce = 1000;
    private readonly Database database = database;

    public override string Kind => "addresses";

    protected override int SliceLength => 500;

    /// <summary>Takes the file, or refuses it whole with its faults in the summary.</summary>
    public async Task<ImportSummary> RunAsync(Stream stream, string file, Actor actor, CancellationToken cancellation)
    {
        await FinishAsync(cancellation);
        var faults = new Faults();
        var seen = new HashSet<UInt128>();
        var (read, added, changed) = (0L, 0L, 0L);
        using var draft = Begin();
        await using var store = database.Open();
        foreach (var chunk in AddressesFile.Read(stream, faults, () => read++).Chunk(ReadAtOnce))
        {
            if (!faults.None)
            {
                continue; // Read on for the other faults.
            }
            var steps = chunk.SelectMany(StepsOf).Where(step => seen.Add(Mark(step))).ToList();
            var held = await HeldAsync(store, steps, cancellation);
            foreach (var step in steps)
            {
                var old = held.GetValueOrDefault(step.Row.Id);
                if (old is not null && !old.Become(step.Row, step.OfHouse))
                {
                    continue;
                }
                draft.Add(step);
                added += old is null && !step.OfHouse ? 1 : 0;
                changed += old is not null && !step.OfHouse ? 1 : 0;
            }
            store.ChangeTracker.Clear();
        }
        if (!faults.None)
        {
            return ImportSummary.Refuse(Kind, file, read, faults);
        }
        var applied = await ApplyAsync(draft, file, actor, null, null, cancellation);
        return applied.Is(out _, out var refusal)
            ? new ImportSummary(Kind, file, read, added, changed, read - added - changed, 0, [])
            : throw new InvalidOperationException($"the import of {file} was refused: {refusal.Code}");
    }

    protected override async Task<SliceCount> ApplyAsync(Unit unit, IReadOnlyList<AddressStep> slice, CancellationToken cancellation)
    {
        var held = await HeldAsync(unit.Store, slice, cancellation);
        var (added, changed, streets) = (0, 0, 0);
        foreach (var step in slice)
        {
            if (!held.TryGetValue(step.Row.Id, out var old))
            {
                held[step.Row.Id] = unit.Store.Add(step.Row).Entity;
                added++;
            }
            else if (old.Become(step.Row, step.OfHouse))
            {
                changed++;
            }
            else
            {
                continue;
            }
            streets += step.Row.IsStreet ? 1 : 0;
        }
        if (streets > 0)
        {
            unit.Publish(new Subject("addresses", "all"), 1, new AddressesImported(streets));
        }
        return new SliceCount(added, changed, slice.Count - added - changed);
    }

    /// <summary>A street is one step; a house is two: its street by name, then the house without it.</summary>
    private static IEnumerable<AddressStep> StepsOf(AddressRow row)
    {
        if (row.IsStreet)
        {
            return [new AddressStep(row, false)];
        }
        var street = new AddressRow
        {
            Id = AddressRow.IdOf(row.Street, ""), Street = row.Street, Number = "", Fr = row.Fr, Nl = row.Nl, De = row.De, Postcode = row.Postcode, Municipality = row.Municipality,
            Lon = row.Lon, Lat = row.Lat, Approximate = row.Approximate,
        };
        (row.Fr, row.Nl, row.De, row.Postcode, row.Municipality) = (null, null, null, null, null);
        return [new AddressStep(street, true), new AddressStep(row, false)];
    }

    /// <summary>Which record of the file it is: a street named by itself, and the same brought along by a house, are two.</summary>
    private static UInt128 Mark(AddressStep step) => new(
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(step.Row.Id)).AsSpan()), BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{step.OfHouse} {step.Row.Id}")).AsSpan()));

    private static async Task<Dictionary<string, AddressRow>> HeldAsync(Store store, IEnumerable<AddressStep> steps, CancellationToken cancellation)
    {
        var ids = steps.Select(step => step.Row.Id).Distinct().ToList();
        return await store.Set<AddressRow>().Where(row => EF.Parameter(ids).Contains(row.Id)).ToDictionaryAsync(row => row.Id, StringComparer.Ordinal, cancellation);
    }
}

/// <summary>One record to add or change.</summary>
/// <param name="OfHouse">A street that a house brings along: where it is there already, it keeps its place.</param>
public sealed record AddressStep(AddressRow Row, bool OfHouse);
