using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>Takes files of one kind: checked whole first, then all or nothing. Behind the verb, the page and the forms, so that there is one set of rules.</summary>
public abstract class Importer(ImportKind kind)
{
    public ImportKind Kind => kind;

    /// <summary>Finds what taking the file would do; changes nothing.</summary>
    /// <param name="file">Name for the summary.</param>
    public abstract Task<ImportCheck> CheckAsync(Stream stream, string file, ImportOptions options, CancellationToken cancellation);

    /// <summary>Takes the file, or refuses it whole with its faults in the summary.</summary>
    /// <param name="file">Name for the summary; null for a change by form.</param>
    /// <param name="expected">The edition that must still be in force; null for any.</param>
    /// <returns><c>kernel.catalogueChanged</c> (409) when another edition is in force.</returns>
    public abstract Task<Outcome<ImportSummary>> TakeAsync(Stream stream, string? file, ImportOptions options, Actor actor, long? expected, CancellationToken cancellation);

    /// <summary>Takes the file whatever is in force: for verbs and tests.</summary>
    /// <exception cref="BadInputException">It was refused for another reason than its faults.</exception>
    public async Task<ImportSummary> RunAsync(Stream stream, string file, Actor actor, CancellationToken cancellation, ImportOptions? options = null)
    {
        var outcome = await TakeAsync(stream, file, options ?? ImportOptions.None, actor, null, cancellation);
        return outcome.Ok ? outcome.Value : throw new BadInputException($"{file}: {outcome.Refusal!.Code}");
    }

    /// <summary>Writes what is in force as a file to take along: it imports to the same state elsewhere too, with the pictures that it names.</summary>
    /// <returns>False when nothing is in force.</returns>
    public virtual Task<bool> ExportWholeAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation) => ExportAsync(store, to, options, cancellation);

    /// <summary>Writes what is in force as a file that imports to the same state here.</summary>
    /// <returns>False when nothing is in force.</returns>
    public virtual async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        if (await CatalogueRow.CurrentAsync(store, kind.Catalogue, cancellation) is not { } row)
        {
            return false;
        }
        await WriteAsync(row.Text, to, cancellation);
        return true;
    }

    /// <summary>Writes the text of a catalogue as people read it: on lines that a fault can name.</summary>
    public static async Task WriteAsync(string text, Stream to, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(text);
        await JsonWriting.WriteAsync(to, document.WriteTo, cancellation);
    }
}

/// <inheritdoc/>
/// <typeparam name="T">What a file is read into.</typeparam>
public abstract class Importer<T>(ImportKind kind, Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer(kind)
    where T : class
{
    public override async Task<ImportCheck> CheckAsync(Stream stream, string file, ImportOptions options, CancellationToken cancellation)
    {
        var faults = new Faults();
        var read = await ReadAsync(stream, options, faults, cancellation);
        await using var store = database.Open();
        var current = await CatalogueRow.CurrentAsync(store, Kind.Catalogue, cancellation);
        var change = faults.None ? await CompareAllAsync(store, read!, options, faults, cancellation) : null;
        return change is null
            ? new ImportCheck(Refuse(file, read, faults), null, current?.Edition ?? 0, false)
            : new ImportCheck(change.Summary(Kind.Word, file), change, current?.Edition ?? 0, IsSame(current, change));
    }

    public override async Task<Outcome<ImportSummary>> TakeAsync(Stream stream, string? file, ImportOptions options, Actor actor, long? expected, CancellationToken cancellation)
    {
        var faults = new Faults();
        var read = await ReadAsync(stream, options, faults, cancellation);
        return faults.None ? await PutAsync(read!, file, options, actor, expected, cancellation) : Refuse(file ?? "", read, faults);
    }

    /// <summary>Takes records that were not read from a file, or were read before.</summary>
    /// <param name="file">Name for the summary; null for a change by form.</param>
    /// <param name="expected">The edition that must still be in force; null for any.</param>
    public virtual Task<Outcome<ImportSummary>> PutAsync(T read, string? file, ImportOptions options, Actor actor, long? expected, CancellationToken cancellation) =>
        writer.DoAsync<ImportSummary>(actor, async unit =>
        {
            if (!(await LookAsync(unit.Store, read, file, options, expected, cancellation)).Is(out var look, out var refusal))
            {
                return refusal;
            }
            if (look.Change is { } change)
            {
                Put(unit, read, change);
                unit.Put(look.Current, Kind.Catalogue, change, file);
            }
            return look.Summary;
        }, cancellation);

    /// <summary>Finds what is to be done now.</summary>
    /// <returns><c>kernel.catalogueChanged</c> (409) when another edition than the expected one is in force.</returns>
    protected async Task<Outcome<Look>> LookAsync(Store store, T read, string? file, ImportOptions options, long? expected, CancellationToken cancellation)
    {
        var faults = new Faults();
        var current = await CatalogueRow.CurrentAsync(store, Kind.Catalogue, cancellation);
        if (expected is { } edition && edition != (current?.Edition ?? 0))
        {
            return new Refusal(RefusalKind.Conflict, "kernel.catalogueChanged");
        }
        return await CompareAllAsync(store, read, options, faults, cancellation) is { } change
            ? new Look(current, IsSame(current, change) ? null : change, change.Summary(Kind.Word, file ?? ""))
            : new Look(current, null, Refuse(file ?? "", read, faults));
    }

    /// <param name="Current">The edition in force, or null.</param>
    /// <param name="Change">What is to be done; null when that is nothing, because it is so already or cannot be.</param>
    protected sealed record Look(CatalogueRow? Current, ImportChange? Change, ImportSummary Summary);

    /// <summary>Reads a file and checks it by itself. Every fault is gathered; null only when there is one.</summary>
    protected abstract Task<T?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation);

    /// <summary>How many records were read, faulty ones included.</summary>
    protected abstract int CountOf(T read);

    /// <summary>Sets what was read against what is in force, and checks it against what is in force beside it. The change is good only when no fault was added.</summary>
    protected abstract Task<ImportChange> CompareAsync(Store store, T read, ImportOptions options, Faults faults, CancellationToken cancellation);

    /// <summary>Changes rows, where records are rows.</summary>
    protected virtual void Put(Unit unit, T read, ImportChange change)
    {
    }

    private async Task<ImportChange?> CompareAllAsync(Store store, T read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var change = await CompareAsync(store, read, options, faults, cancellation);
        foreach (var guard in faults.None ? guards.Where(g => g.Catalogue == Kind.Catalogue) : [])
        {
            await guard.Check(store, change.Text, faults, cancellation);
        }
        return faults.None ? change : null;
    }

    /// <summary>Nothing is added, changed or removed, and the text, which also holds the order, is the same. What is shipped is in force before anything is imported.</summary>
    private static bool IsSame(CatalogueRow? current, ImportChange change) =>
        (current is null || change.Text.Length == 0 || current.Text == change.Text) && !change.Added.Any() && !change.Changed.Any() && !change.Removed.Any();

    private ImportSummary Refuse(string file, T? read, Faults faults) => ImportSummary.Refuse(Kind.Word, file, read is null ? 0 : CountOf(read), faults);
}

/// <summary>All importers by the word of their kind.</summary>
public sealed class Importers
{
    private readonly Dictionary<string, Importer> byWord = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two modules claim one kind: the start fails (K40).</exception>
    public Importers(IEnumerable<Importer> importers)
    {
        foreach (var importer in importers)
        {
            if (!byWord.TryAdd(importer.Kind.Word, importer))
            {
                throw new InvalidOperationException($"two modules import {importer.Kind.Word}");
            }
        }
    }

    /// <exception cref="KeyNotFoundException">Nobody imports this kind: a bug.</exception>
    public Importer this[string word] => byWord[word];
}
