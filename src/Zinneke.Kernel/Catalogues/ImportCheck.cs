namespace Zinneke.Kernel;

/// <summary>One record of a file, or of what is in force.</summary>
/// <param name="Key">Natural key: the same record before and after.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Line">The whole record as text; when it differs, the record was changed.</param>
public sealed record ImportRecord(string Key, Text Name, string Line);

/// <summary>What taking a file means.</summary>
/// <param name="Before">What is in force.</param>
/// <param name="After">What the file says.</param>
/// <param name="Whole">True when the file takes the place of everything that is in force; else what it does not name stays.</param>
/// <param name="Text">The catalogue as it will be; empty where records are rows.</param>
/// <param name="Count">Records in the catalogue as it will be.</param>
public sealed record ImportChange(IReadOnlyList<ImportRecord> Before, IReadOnlyList<ImportRecord> After, bool Whole, string Text, int Count)
{
    private readonly Dictionary<string, string> held = Lines(Before);

    public IEnumerable<ImportRecord> Added => After.Where(r => !held.ContainsKey(r.Key));

    public IEnumerable<ImportRecord> Changed => After.Where(r => held.TryGetValue(r.Key, out var line) && line != r.Line);

    public IEnumerable<ImportRecord> Removed => Whole ? Before.ExceptBy(After.Select(r => r.Key), r => r.Key, StringComparer.Ordinal) : [];

    internal ImportSummary Summary(string kind, string file)
    {
        var (added, changed) = (Added.LongCount(), Changed.LongCount());
        return new ImportSummary(kind, file, After.Count, added, changed, After.Count - added - changed, 0, []);
    }

    internal EditionSummary Edition(string? file) => new(file, Added.LongCount(), Changed.LongCount(), Removed.LongCount());

    private static Dictionary<string, string> Lines(IReadOnlyList<ImportRecord> records) => records.ToDictionary(r => r.Key, r => r.Line, StringComparer.Ordinal);
}

/// <summary>What taking a file would do, found without changing anything.</summary>
/// <param name="Summary">Counts, or the faults of the file.</param>
/// <param name="Change">Null when the file has faults.</param>
/// <param name="Edition">Number of the edition in force when it was looked at.</param>
/// <param name="Same">The file says exactly what is in force.</param>
public sealed record ImportCheck(ImportSummary Summary, ImportChange? Change, long Edition, bool Same);

/// <summary>What else must still fit when a catalogue changes: contributed by who relies on it, asked before a new edition is put in force.</summary>
/// <param name="Catalogue">Kind of the catalogue.</param>
/// <param name="Check">Adds a fault for what would no longer fit the text given.</param>
public sealed record ImportGuard(string Catalogue, Func<Store, string, Faults, CancellationToken, Task> Check);
