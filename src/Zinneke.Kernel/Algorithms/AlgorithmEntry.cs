using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Zinneke.Kernel;

/// <summary>An entry of the register as it is in force.</summary>
public sealed class AlgorithmEntry
{
    /// <summary>The languages without which nothing runs.</summary>
    private static readonly string[] LanguagesNeeded = ["fr", "nl"];

    private readonly JsonObject fields;

    /// <param name="fields">As <see cref="AlgorithmsFile"/> reads them.</param>
    internal AlgorithmEntry(Algorithm algorithm, JsonObject fields)
    {
        Algorithm = algorithm;
        this.fields = fields;
        Fields = new JsonObject();
        foreach (var field in AlgorithmFields.All)
        {
            Fields[field.Name] = field.Name == "lang" ? new JsonArray([.. Spoken.Select(language => JsonValue.Create(language))]) : fields[field.Name]?.DeepClone();
        }
    }

    public Algorithm Algorithm { get; }

    /// <summary>All fields in their order, as the API gives them; null where nothing is known.</summary>
    public JsonObject Fields { get; }

    /// <summary>Languages in which every field of words that says something says it.</summary>
    public IReadOnlyList<string> Spoken =>
        [.. Languages.All.Where(language => AlgorithmFields.All.Where(one => one.Spoken && fields[one.Name] is not null).All(one => Says(one.Name, language)))];

    /// <summary>The words of a field; empty when it says nothing.</summary>
    public Text TextOf(string field) => fields[field] is JsonObject words ? words.Deserialize<Text>(Json.Options)! : Text.Empty;

    /// <summary>The value of a field that is the same in all languages; null when it has none.</summary>
    public string? Word(string field) => fields[field] is JsonValue value ? value.GetValue<string>() : null;

    /// <summary>The last day on which it may run; null when none is set.</summary>
    public DateOnly? RevisionDate => DateOnly.TryParseExact(Word("revisionDate"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>Why it may not run, apart from the date of its review; null when it may (strategy.md R3 and R5).</summary>
    /// <param name="processings">Keys of what the program says it holds about persons.</param>
    public string? RefusedFor(IReadOnlySet<string> processings)
    {
        var high = Word("riskCategory") == "high";
        return Word("status") is not ("pilot" or "operational") ? "notInUse"
            : Word("modelVersion") != Algorithm.ModelVersion ? "otherVersion"
            : Word("riskCategory") == "unacceptable" ? "unacceptableRisk"
            : AlgorithmFields.All.Any(field => (field.Required || IsNeeded(field.Name, high)) && !IsFilled(field)) ? "incomplete"
            : Algorithm.Reads.Count > 0 && (Word("personalDataProcessingId") is null || !Algorithm.Reads.All(processings.Contains)) ? "noProcessing"
            : Word("useType") == "fullyAutomated" && !Algorithm.AsksAPerson ? "noObjection"
            : null;
    }

    private bool IsNeeded(string field, bool high) => field switch
    {
        "performance" => Word("status") == "operational",
        "dpiaSummary" or "impactAssessmentSummary" => high,
        _ => false,
    };

    private bool IsFilled(AlgorithmField field) =>
        field.Name == "lang" || (field.Spoken ? LanguagesNeeded.All(language => Says(field.Name, language)) : !string.IsNullOrWhiteSpace(Word(field.Name)));

    private bool Says(string field, string language) => !string.IsNullOrWhiteSpace((fields[field] as JsonObject)?[language]?.GetValue<string>());
}
