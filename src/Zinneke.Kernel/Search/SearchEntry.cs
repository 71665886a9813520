namespace Zinneke.Kernel;

/// <summary>A public thing as the search page finds and shows it. Holds only what everybody may read.</summary>
/// <param name="Id">Of the thing within its kind.</param>
/// <param name="Path">Where it leads, without the language: <c>/reports/2026-000123</c>.</param>
public sealed record SearchEntry(string Id, string Path)
{
    /// <summary>What it is called. Empty: as what it lies under.</summary>
    public Text Title { get; init; } = Text.Empty;

    /// <summary>What it says, in the languages that it is written in; plain text.</summary>
    public Text Says { get; init; } = Text.Empty;

    /// <summary>What is the same in every language, such as a number and an address: found and shown.</summary>
    public string Label { get; init; } = "";

    /// <summary>Further words to be found by, not shown.</summary>
    public Text Words { get; init; } = Text.Empty;

    /// <summary>The entry that says what kind of thing it is, such as a category: who looks for its words finds this too.</summary>
    public Subject? Under { get; init; }

    /// <summary>The body that has it: who looks for the words of the body finds this too.</summary>
    public string? Body { get; init; }

    public string? Area { get; init; }

    /// <summary>What lists of its kind can be narrowed by, such as <c>state:assigned</c>; not found by.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>When it came, UTC microseconds; null for what is always there.</summary>
    public long? At { get; init; }
}

/// <summary>What a module lets everybody find: one kind of its things. Registered with <c>AddSingleton&lt;SearchSource, X&gt;()</c>.</summary>
public abstract class SearchSource
{
    /// <summary>One lower-case word, such as <c>report</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Text that names one of the kind: "Report".</summary>
    public abstract string TextKey { get; }

    /// <summary>Shown before all others: ways into a module. Some hundreds at most.</summary>
    public virtual bool First => false;

    /// <summary>Raised when its entries say something else than before: all are then derived anew at the next start.</summary>
    public virtual int Shape => 1;

    /// <summary>Ids of the things that these events may have changed, shown or hidden.</summary>
    public virtual IReadOnlyCollection<string> ChangedBy(IReadOnlyList<Event> events) => [];

    /// <summary>Whether these events may have changed any of them: all are read again. Only for kinds that come <see cref="First"/>.</summary>
    public virtual bool AllChangedBy(IReadOnlyList<Event> events) => false;

    /// <summary>Those of some things that are public now.</summary>
    public abstract Task<IReadOnlyList<SearchEntry>> ReadAsync(Store store, IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>All that are public now, some hundred at a time, in the order in which they came.</summary>
    /// <param name="after">What the slice before returned; null for the first.</param>
    /// <returns>A slice, and where the next begins; null at the end.</returns>
    public abstract Task<(IReadOnlyList<SearchEntry> Entries, string? Next)> SliceAsync(Store store, string? after, CancellationToken cancellation);
}

/// <summary>A kind whose things are few, and read and shown before all others: those of a catalogue.</summary>
/// <param name="catalogue">Kind of the catalogue.</param>
public abstract class CatalogueSearch(string catalogue) : SearchSource
{
    public override bool First => true;

    public override bool AllChangedBy(IReadOnlyList<Event> events) => events.Any(e => e.Is<CatalogueImported>() && e.Subject.Id == catalogue);

    public override async Task<IReadOnlyList<SearchEntry>> ReadAsync(Store store, IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        [.. (await AllAsync(store, cancellation)).Where(entry => ids.Contains(entry.Id))];

    public override async Task<(IReadOnlyList<SearchEntry> Entries, string? Next)> SliceAsync(Store store, string? after, CancellationToken cancellation) => (await AllAsync(store, cancellation), null);

    /// <summary>All that are in force.</summary>
    protected abstract Task<IReadOnlyList<SearchEntry>> AllAsync(Store store, CancellationToken cancellation);
}
