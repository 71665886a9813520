using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What was answered to a category's questions: one or more values for each. Immutable; as JSON an object such as <c>{"volume":"lt1","contents":["mattress","other"]}</c>.</summary>
[JsonConverter(typeof(AnswersJson))]
public sealed class Answers
{
    public const int LineLengthMax = 200;
    public const int TextLengthMax = 4000;

    private readonly SortedList<string, IReadOnlyList<string>> byQuestion;

    /// <param name="byQuestion">Values by the code of the question; a question without values is left out.</param>
    public Answers(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> byQuestion)
    {
        this.byQuestion = new(StringComparer.Ordinal);
        foreach (var (code, values) in byQuestion.Where(answer => answer.Value.Count > 0))
        {
            this.byQuestion[code] = values;
        }
    }

    public static Answers None { get; } = new([]);

    public bool IsEmpty => byQuestion.Count == 0;

    /// <summary>Values by the code of the question, in the order of the codes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ByQuestion => byQuestion;

    /// <summary>The values given to a question; empty when it was not answered.</summary>
    public IReadOnlyList<string> Of(string question) => byQuestion.TryGetValue(question, out var values) ? values : [];

    /// <summary>Reads <c>volume=lt1;contents=mattress</c>; a question may come several times.</summary>
    public static Answers Parse(string text) => new(
        text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create<string, IReadOnlyList<string>>(group.Key, [.. group])));

    /// <summary>Checks the answers against the questions of a category.</summary>
    /// <returns>The answers with empty ones left out; or refusals of 422, each naming its field <c>answers.CODE</c>: <c>unknownQuestion</c>, <c>unknownAnswer</c>,
    /// <c>missingAnswer</c>, <c>answerTooLong</c>, <c>answerNotNumber</c>, <c>dateWithoutZone</c>, <c>nulInText</c>.</returns>
    public Outcome<Answers> Check(Category category)
    {
        var errors = new List<Refusal>();
        var good = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var (code, given) in byQuestion)
        {
            IReadOnlyList<string> values = [.. given.Select(value => value.Trim()).Where(value => value.Length > 0)];
            if (category.Questions.FirstOrDefault(question => question.Code == code && question.Asks) is not { } question)
            {
                errors.Add(Refusal.Invalid("reports.unknownQuestion", FieldOf(code), code));
            }
            else if (Fault(question, values) is { } fault)
            {
                errors.Add(fault);
            }
            good.Add(KeyValuePair.Create(code, values));
        }
        var checkedAnswers = new Answers(good);
        errors.AddRange(category.Questions
            .Where(question => question is { Asks: true, Required: true } && checkedAnswers.Of(question.Code).Count == 0)
            .Select(question => Refusal.Invalid("reports.missingAnswer", FieldOf(question.Code))));
        return errors.Count == 0 ? checkedAnswers : Refusal.Of(errors);
    }

    public override string ToString() => string.Join(';', byQuestion.SelectMany(answer => answer.Value.Select(value => $"{answer.Key}={value}")));

    private static Refusal? Fault(Question question, IReadOnlyList<string> values)
    {
        var field = FieldOf(question.Code);
        if (question.Type is QuestionType.SingleValueList or QuestionType.MultiValueList)
        {
            return values.FirstOrDefault(value => question.Choices.All(choice => choice.Key != value)) is { } unknown
                ? Refusal.Invalid("reports.unknownAnswer", field, unknown)
                : question.Type == QuestionType.SingleValueList && values.Count > 1 ? Refusal.Invalid("reports.oneAnswerOnly", field) : null;
        }
        if (values.Count > 1)
        {
            return Refusal.Invalid("reports.oneAnswerOnly", field);
        }
        var max = question.Type == QuestionType.Text ? TextLengthMax : LineLengthMax;
        return (values.Count == 0 ? null : values[0]) switch
        {
            null => null,
            { } value when Refusal.OfNul(value, field) is { } nul => nul,
            { } value when value.Length > max => Refusal.Invalid("reports.answerTooLong", field, max),
            { } value when question.Type == QuestionType.Number && !(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) => Refusal.Invalid("reports.answerNotNumber", field),
            { } value when question.Type == QuestionType.DateTime && !Instants.TryRead(value, out _) => Refusal.Invalid("reports.dateWithoutZone", field),
            _ => null,
        };
    }

    private static string FieldOf(string code) => $"answers.{code}";

    /// <summary>A single value as a string, several as a list; numbers are taken as they are written.</summary>
    internal sealed class AnswersJson : JsonConverter<Answers>
    {
        public override Answers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Answers(document.RootElement.EnumerateObject().Select(answer => KeyValuePair.Create(answer.Name, ValuesOf(answer.Value))))
                : throw new JsonException("answers: expected an object from the code of a question to a value or a list of values");
        }

        public override void Write(Utf8JsonWriter writer, Answers value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (code, values) in value.byQuestion)
            {
                if (values.Count == 1)
                {
                    writer.WriteString(code, values[0]);
                }
                else
                {
                    writer.Write(code, values);
                }
            }
            writer.WriteEndObject();
        }

        private static IReadOnlyList<string> ValuesOf(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(ValuesOf)],
            JsonValueKind.String => [element.GetString()!],
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [element.GetRawText()],
            _ => throw new JsonException("answers: expected a value or a list of values"),
        };
    }
}
