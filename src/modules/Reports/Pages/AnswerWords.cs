using System.Globalization;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports.Pages;

/// <summary>An answer to a category's question, in the reader's words.</summary>
internal static class AnswerWords
{
    public static string Said(Question question, Answers answers, Dates dates) => string.Join(", ", answers.Of(question.Code).Select(value => Said(question, value, dates)));

    private static string Said(Question question, string value, Dates dates) => question.Type == QuestionType.DateTime && Instants.TryRead(value, out var at)
        ? $"{dates.Day(at)}, {dates.Hour(at)}"
        : question.Choices.FirstOrDefault(choice => choice.Key == value)?.Words.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? WrittenAnswers.InField(question, value, dates.Local);
}
