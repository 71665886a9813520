using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Zinneke.Kernel;

/// <summary>What an installation says in place of a text of the program.</summary>
/// <param name="Key">Of the text, such as <c>reports.track.title</c>.</param>
/// <param name="Words">In every language.</param>
public sealed record OwnText(string Key, Text Words)
{
    internal const int LengthMax = 4000;
}

/// <summary>Puts the texts of the installation's own before those of the program, on each node.</summary>
public sealed class OwnTexts(Words words) : MemoryFollower
{
    /// <summary>Kind of the catalogue that holds them.</summary>
    public const string Kind = "texts";

    public override string Name => "kernel.texts";

    public override async Task LoadAsync(Store store, CancellationToken cancellation) =>
        words.Own = (await ReadAsync(store, cancellation)).SelectMany(text => text.Words.ByLanguage.Select(said => KeyValuePair.Create((said.Key, text.Key), said.Value))).ToFrozenDictionary();

    public override async Task ApplyAsync(IReadOnlyList<Event> events, Store store, CancellationToken cancellation)
    {
        if (events.Any(e => e.Is<CatalogueImported>() && e.Read<CatalogueImported>().Kind == Kind))
        {
            await LoadAsync(store, cancellation);
        }
    }

    /// <summary>Those in force, by key. What was taken is not checked against the program's texts again: a later program may have others.</summary>
    public static async Task<IReadOnlyList<OwnText>> ReadAsync(Store store, CancellationToken cancellation = default) =>
        await CatalogueRow.CurrentAsync(store, Kind, cancellation) is { } row ? OwnTextsFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(row.Text), new Faults())!, null, new Faults()) : [];
}

/// <summary>The file <c>{"texts":[{"key","words":{fr,nl,en,de}}]}</c>.</summary>
internal static partial class OwnTextsFile
{
    /// <summary>Checks the whole file. The texts are good only when no fault was added.</summary>
    /// <param name="words">The program's; null takes any key and any gaps.</param>
    public static IReadOnlyList<OwnText> Read(JsonTree file, Words? words, Faults faults)
    {
        var root = new JsonFields(file, faults);
        var texts = new Dictionary<string, OwnText>(StringComparer.Ordinal);
        foreach (var at in root.Records("texts"))
        {
            var text = new OwnText(at.Code("key"), at.Text("words", Languages.All, OwnText.LengthMax));
            at.NoOthers();
            if (text.Key.Length > 0 && words is not null)
            {
                Check(text, at, words);
            }
            if (!texts.TryAdd(text.Key, text) && text.Key.Length > 0)
            {
                at.Fault("key", "each key once");
            }
        }
        root.NoOthers();
        return [.. texts.Values.OrderBy(text => text.Key, StringComparer.Ordinal)];
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<OwnText> texts)
    {
        writer.WriteStartObject();
        writer.WriteList("texts", texts, WriteText);
        writer.WriteEndObject();
    }

    public static void WriteText(Utf8JsonWriter writer, OwnText text)
    {
        writer.WriteStartObject();
        writer.WriteString("key", text.Key);
        writer.Write("words", text.Words);
        writer.WriteEndObject();
    }

    /// <summary>The program fills the gaps of a text, such as {0}, with what it knows: one that is missing would hide something, one too many would fail.</summary>
    private static void Check(OwnText text, JsonFields at, Words words)
    {
        if (words.Shipped(Languages.All[0], text.Key) is null)
        {
            at.Fault("key", "the key of a text of this program");
            return;
        }
        foreach (var (language, said) in text.Words.ByLanguage)
        {
            var shipped = words.Shipped(language, text.Key)!;
            var gaps = GapsOf(shipped);
            if (!gaps.SetEquals(GapsOf(said)) || (HasOtherBraces(said) && (gaps.Count > 0 || !HasOtherBraces(shipped))))
            {
                at.Fault("words", gaps.Count == 0 ? "words without gaps" : "words with the gaps " + string.Join(" ", gaps.Order(StringComparer.Ordinal)));
                return;
            }
        }
    }

    private static bool HasOtherBraces(string said) => (said.Count(c => c == '{'), said.Count(c => c == '}')) != (Gap().Count(said), Gap().Count(said));

    private static HashSet<string> GapsOf(string said) => [.. Gap().Matches(said).Select(gap => gap.Value)];

    [GeneratedRegex(@"\{\d(:[^{}]+)?\}")]
    private static partial Regex Gap();
}
