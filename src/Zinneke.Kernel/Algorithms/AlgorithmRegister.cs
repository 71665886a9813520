using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// The register of algorithms in force, in memory on each node: the shipped entries, completed with what the installation knows of itself, under what its own file says.
/// </summary>
public sealed class AlgorithmRegister(IEnumerable<Algorithm> algorithms, IEnumerable<PersonalData> processings, Settings settings, SiteAddress site, TimeProvider time) : MemoryFollower
{
    private static readonly FrozenDictionary<string, Standing> Nothing = FrozenDictionary<string, Standing>.Empty;
    private readonly IReadOnlySet<string> held = processings.Select(part => part.Key).ToFrozenSet(StringComparer.Ordinal);
    private volatile FrozenDictionary<string, Standing> current = Nothing;

    public override string Name => "kernel.algorithms";

    /// <summary>Keys that this program contributes.</summary>
    public IReadOnlyList<string> Known { get; } = [.. algorithms.Select(algorithm => algorithm.Key).Order(StringComparer.Ordinal)];

    /// <summary>All entries, by key.</summary>
    public IReadOnlyList<AlgorithmEntry> All => [.. current.OrderBy(standing => standing.Key, StringComparer.Ordinal).Select(standing => standing.Value.Entry)];

    /// <summary>Why an algorithm may not run now: <c>notRegistered, notInUse, otherVersion, unacceptableRisk, incomplete, noProcessing, noObjection, revisionPast</c>; null when it may.</summary>
    public string? RefusalOf(string key) => !current.TryGetValue(key, out var standing) ? "notRegistered"
        : standing.Refused ?? (time.NowMicros() > standing.RunsUntil ? "revisionPast" : null);

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        var own = await CatalogueRow.CurrentAsync(store, AlgorithmsFile.Kind, cancellation) is { } row ? OwnFields(row.Text) : [];
        var standings = new Dictionary<string, Standing>(StringComparer.Ordinal);
        foreach (var algorithm in algorithms)
        {
            var fields = algorithm.Shipped.DeepClone().AsObject();
            await CompleteAsync(fields, algorithm, store, cancellation);
            foreach (var (name, value) in own.GetValueOrDefault(algorithm.Key) ?? [])
            {
                fields[name] = value?.DeepClone();
            }
            standings[algorithm.Key] = StandingOf(new AlgorithmEntry(algorithm, fields));
        }
        current = standings.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        var kinds = algorithms.Select(algorithm => algorithm.Catalogue).Append(AlgorithmsFile.Kind).ToHashSet();
        if (events.Any(e => e.Is<CatalogueImported>() && kinds.Contains(e.Read<CatalogueImported>().Kind)))
        {
            await LoadAsync(store, cancellation);
        }
    }

    private Standing StandingOf(AlgorithmEntry entry)
    {
        var calendar = new WorkCalendar(settings.Get(KernelSettings.TimeZone));
        return new Standing(entry, entry.RefusedFor(held), entry.RevisionDate is { } day ? calendar.EndOf(day) : long.MinValue);
    }

    /// <summary>What no file needs to say: who runs this installation, and since when.</summary>
    private async Task CompleteAsync(JsonObject fields, Algorithm algorithm, Store store, CancellationToken cancellation)
    {
        void Default(string name, JsonNode? value) => fields[name] ??= value;
        Default("standardVersion", AlgorithmFields.Standard);
        Default("modelVersion", algorithm.ModelVersion);
        Default("organization", JsonSerializer.SerializeToNode(settings.Get(KernelSettings.RegionName), Json.Options));
        Default("area", JsonSerializer.SerializeToNode(settings.Get(KernelSettings.RegionName), Json.Options));
        Default("contactEmail", site.ContactEmail(settings));
        var editions = await store.Set<CatalogueRow>().AsNoTracking().Where(c => c.Kind == algorithm.Catalogue).OrderBy(c => c.Edition).Select(c => c.At).ToListAsync(cancellation);
        if (editions.Count > 0)
        {
            var calendar = new WorkCalendar(settings.Get(KernelSettings.TimeZone));
            var (first, last) = (calendar.DateOf(editions[0]), calendar.DateOf(editions[^1]));
            Default("startDate", first.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            Default("publicationDate", AlgorithmsFile.Day(first));
            Default("lastChangeDate", AlgorithmsFile.Day(last));
            Default("revisionDate", AlgorithmsFile.Day(last.AddMonths(AlgorithmsFile.ReviewMonthsMax)));
        }
    }

    /// <summary>It was checked when it was imported.</summary>
    private Dictionary<string, JsonObject> OwnFields(string text) =>
        AlgorithmsFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(text), new Faults())!, Known, null, new Faults());

    /// <param name="Refused">Why it may not run, whatever the day.</param>
    /// <param name="RunsUntil">End of the day of its review, UTC microseconds.</param>
    private sealed record Standing(AlgorithmEntry Entry, string? Refused, long RunsUntil);
}
