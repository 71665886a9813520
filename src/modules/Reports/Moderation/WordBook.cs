using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// The words that staff want to look at before others complain (R30), in memory: a report that holds one is taken and shown like any other, and waits in their tab. None until a list is imported:
/// which words hurt is for the city to say.
/// </summary>
internal sealed class WordBook : MemoryFollower
{
    /// <summary>Kind of the catalogue that holds them.</summary>
    public const string Kind = "words";

    private volatile FrozenSet<string> folded = [];

    public override string Name => "reports.words";

    /// <summary>Whether a text holds one of them as a whole word, whatever its case and accents.</summary>
    public bool IsIn(string? text) => folded.Count > 0 && text is not null && Folding.Words(text).Any(folded.Contains);

    public override async Task LoadAsync(Store store, CancellationToken cancellation) => folded = (await ReadAsync(store, cancellation)).SelectMany(Folding.Words).ToFrozenSet(StringComparer.Ordinal);

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(e => e.Is<CatalogueImported>() && e.Read<CatalogueImported>().Kind == Kind))
        {
            await LoadAsync(store, cancellation);
        }
    }

    /// <summary>Those in force, in their order.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(Store store, CancellationToken cancellation) =>
        await CatalogueRow.CurrentAsync(store, Kind, cancellation) is { } row ? Read(JsonTree.Parse(Encoding.UTF8.GetBytes(row.Text), new Faults())!, new Faults()) : [];

    /// <summary>The file <c>{"words":["…"]}</c>; one word each. Good only when no fault was added.</summary>
    public static IReadOnlyList<string> Read(JsonTree file, Faults faults)
    {
        var root = new JsonFields(file, faults);
        var words = root.Strings("words", 60);
        root.NoOthers();
        if (words.Any(word => Folding.Words(word).Count != 1))
        {
            root.Fault("words", "one word each, without spaces");
        }
        else if (words.Select(Folding.Fold).Distinct(StringComparer.Ordinal).Count() < words.Count)
        {
            root.Fault("words", "each word once");
        }
        return words;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<string> words)
    {
        writer.WriteStartObject();
        writer.Write("words", words);
        writer.WriteEndObject();
    }
}
