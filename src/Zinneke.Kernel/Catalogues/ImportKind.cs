namespace Zinneke.Kernel;

/// <summary>A kind of file that administrators import, by the verb <c>import WORD</c> and by a page (K40).</summary>
/// <param name="Word">Names the verb and the page: <c>bodies</c>. Unique over all modules.</param>
/// <param name="Help">What importing does, one sentence in English.</param>
/// <param name="Example">A command line without the program's name.</param>
/// <param name="Permission">Who holds it somewhere sees the page; who holds it where the import takes effect may import.</param>
public sealed record ImportKind(string Word, string Help, string Example, string Permission)
{
    /// <summary>Ending of the file's name.</summary>
    public string Ending { get; init; } = "json";

    /// <summary>Kind of the catalogue that gets a new edition; that of this kind itself unless it says otherwise.</summary>
    public string Catalogue { get; init; } = Word;

    /// <summary>What can be chosen beside the file.</summary>
    public IReadOnlyList<Setting> Options { get; init; } = [];

    /// <summary>Those of the options that say which part of what is in force is written.</summary>
    public IReadOnlyList<Setting> ExportOptions { get; init; } = [];

    /// <summary>Options with which an earlier edition is put back.</summary>
    public ImportOptions ToPutBack { get; init; } = ImportOptions.None;

    /// <summary>Its file holds secrets of bodies: only who may import it takes it along.</summary>
    public bool HoldsSecrets { get; init; }

    /// <summary>The body that an import concerns; null for the whole installation.</summary>
    public Func<ImportOptions, string?> BodyOf { get; init; } = _ => null;
}

/// <summary>The values of an import's options.</summary>
public sealed class ImportOptions
{
    private readonly IReadOnlyDictionary<string, object?> values;

    /// <param name="values">By the name of the setting; one that is missing has its default.</param>
    public ImportOptions(IReadOnlyDictionary<string, object?> values) => this.values = values;

    public static ImportOptions None { get; } = new(new Dictionary<string, object?>());

    public T Get<T>(Setting<T> setting) => values.TryGetValue(setting.Name, out var value) ? (T)value! : setting.Default;

    /// <summary>Reads the options from a form or a link.</summary>
    /// <param name="words">Gives what stands under a name; empty or null when nothing does.</param>
    /// <returns>The options; <c>kernel.optionMalformed</c> when one is not what it should be.</returns>
    public static Outcome<ImportOptions> Read(ImportKind kind, Func<string, string?> words)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var setting in kind.Options)
        {
            try
            {
                if (words(setting.Name) is { Length: > 0 } text)
                {
                    values[setting.Name] = setting.Read(text);
                }
            }
            catch (FormatException)
            {
                return Refusal.Invalid("kernel.optionMalformed", setting.Name);
            }
        }
        return new ImportOptions(values);
    }
}
