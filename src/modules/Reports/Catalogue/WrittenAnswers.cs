using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Answers as people write and read them, between a form and what is kept: numbers with their comma, days and hours on the clocks of the city.</summary>
internal static class WrittenAnswers
{
    /// <summary>What an input of the type <c>datetime-local</c> holds.</summary>
    private const string Field = "yyyy-MM-dd'T'HH:mm";

    private static readonly string[] Fields = [Field, "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>What a form sent, as it is kept: a decimal point, and the zone of the city. What is neither number nor time stays as it was typed, and is refused as such.</summary>
    public static Answers Read(this Answers written, Category category, TimeZoneInfo zone) => new(written.ByQuestion.Select(answer => KeyValuePair.Create<string, IReadOnlyList<string>>(
        answer.Key,
        category.Questions.FirstOrDefault(question => question.Code == answer.Key)?.Type switch
        {
            QuestionType.Number => [.. answer.Value.Select(value => IsNumber(value.Replace(',', '.')) ? value.Trim().Replace(',', '.') : value)],
            QuestionType.DateTime => [.. answer.Value.Select(value => Zoned(value, zone))],
            _ => answer.Value,
        })));

    /// <summary>A kept answer as its field shows it.</summary>
    public static string InField(Question question, string value, Func<long, DateTimeOffset> local) => question.Type switch
    {
        QuestionType.Number when IsNumber(value) => value.Replace(".", CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator, StringComparison.Ordinal),
        QuestionType.DateTime when Instants.TryRead(value, out var at) => local(at).ToString(Field, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static string Zoned(string value, TimeZoneInfo zone) =>
        DateTime.TryParseExact(value.Trim(), Fields, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? Instants.Write(new DateTimeOffset(local, zone.GetUtcOffset(local))) : value;

    private static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
}
