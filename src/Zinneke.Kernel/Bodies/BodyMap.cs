namespace Zinneke.Kernel;

/// <summary>All bodies in memory, and who stands above whom.</summary>
public sealed class BodyMap : MemoryFollower
{
    private const int LevelsMax = 8;
    private volatile Dictionary<string, Body> bodies = [];
    private volatile Dictionary<string, string> logos = [];

    public override string Name => "kernel.bodies";

    public IReadOnlyCollection<Body> All => bodies.Values;

    public Body? Find(string? id) => id is null ? null : bodies.GetValueOrDefault(id);

    /// <summary>Path of a body's logo on this site; null when it has none, or it is still being drawn.</summary>
    public string? LogoOf(Body body) => body.Logo is { } logo ? logos.GetValueOrDefault(logo) : null;

    /// <summary>The bodies above one, nearest first.</summary>
    public IReadOnlyList<string> AncestorsOf(string id)
    {
        var above = new List<string>();
        for (var parent = Find(id)?.Parent; parent is not null && above.Count < LevelsMax; parent = Find(parent)?.Parent)
        {
            above.Add(parent);
        }
        return above;
    }

    public override async Task LoadAsync(Store store, CancellationToken cancellation)
    {
        var read = (await ReadAsync(store, cancellation)).ToDictionary(b => b.Id, StringComparer.Ordinal);
        logos = await BodyLogos.PathsAsync(store, LogosOf(read), cancellation);
        bodies = read;
    }

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(e => e.Is<CatalogueImported>() && e.Read<CatalogueImported>().Kind == Body.Catalogue))
        {
            await LoadAsync(store, cancellation);
        }
        else if (events.Any(e => e.Is<FileDrawn>()) && LogosOf(bodies).Any(logo => !logos.ContainsKey(logo)))
        {
            logos = await BodyLogos.PathsAsync(store, LogosOf(bodies), cancellation);
        }
    }

    /// <summary>All bodies as the tables have them now.</summary>
    public static async Task<IReadOnlyList<Body>> ReadAsync(Store store, CancellationToken cancellation = default) =>
        await CatalogueRow.CurrentAsync(store, Body.Catalogue, cancellation) is { } row ? BodiesFile.Parse(row.Text) : [];

    /// <summary>
    /// The refusal that whoever names a body gets which is not in force; null for one that is, and for none. An installation that knows no bodies yet takes any: people and
    /// keys may be added before the first import (K34).
    /// </summary>
    /// <param name="field">Where it was named.</param>
    public static async Task<Refusal?> RefusalOfAsync(Store store, string? id, string field, CancellationToken cancellation = default)
    {
        if (id is null)
        {
            return null;
        }
        var known = (await ReadAsync(store, cancellation)).Select(b => b.Id).Order(StringComparer.Ordinal).ToList();
        return known.Count == 0 || known.Contains(id) ? null : Refusal.Invalid("kernel.unknownBody", field, id, string.Join(", ", known));
    }

    private static IEnumerable<string> LogosOf(Dictionary<string, Body> bodies) => bodies.Values.Select(body => body.Logo).OfType<string>();
}
