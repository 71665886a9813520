using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class AnswersTests
{
    private static readonly Text Name = Zinneke.Kernel.Text.Four("f", "n", "e", "d");

    private static readonly Category Asking = new("x", null, Name, true)
    {
        Questions =
        [
            new("one", QuestionType.SingleValueList, Name) { Required = true, Choices = [new("a", Name), new("b", Name)] },
            new("many", QuestionType.MultiValueList, Name) { Choices = [new("a", Name), new("b", Name)] },
            new("count", QuestionType.Number, Name), new("since", QuestionType.DateTime, Name), new("line", QuestionType.String, Name), new("text", QuestionType.Text, Name),
            new("danger", QuestionType.String, Name) { Asks = false },
        ],
    };

    [Fact]
    public void Good_answers_are_kept_and_empty_ones_left_out()
    {
        var answers = Answers.Parse("one=a;many=a;many=b;count= 12.5 ;since=2026-01-01T10:00:00+01:00;line= ").Check(Asking).Value;
        answers.ToString().ShouldBe("count=12.5;many=a;many=b;one=a;since=2026-01-01T10:00:00+01:00");
        Answers.Parse("one=b").Check(Asking).Value.Of("many").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "missingAnswer", "answers.one")]
    [InlineData("one= ", "missingAnswer", "answers.one")]
    [InlineData("one=c", "unknownAnswer", "answers.one")]
    [InlineData("one=a;one=b", "oneAnswerOnly", "answers.one")]
    [InlineData("one=a;many=c", "unknownAnswer", "answers.many")]
    [InlineData("one=a;count=dozen", "answerNotNumber", "answers.count")]
    [InlineData("one=a;count=NaN", "answerNotNumber", "answers.count")]
    [InlineData("one=a;count=1e400", "answerNotNumber", "answers.count")]
    [InlineData("one=a;since=2026-01-01T10:00:00", "dateWithoutZone", "answers.since")]
    [InlineData("one=a;mood=bad", "unknownQuestion", "answers.mood")]
    [InlineData("one=a;danger=yes", "unknownQuestion", "answers.danger")]
    public void Each_fault_names_its_field(string given, string code, string field)
    {
        var refusal = Answers.Parse(given).Check(Asking).Refusal!;
        (refusal.Kind, refusal.Word, refusal.Field).ShouldBe((RefusalKind.Invalid, code, field));
    }

    [Fact]
    public void Long_answers_are_refused_with_the_limit()
    {
        Answers.Parse("one=a;line=" + new string('é', 201)).Check(Asking).Refusal!.Arguments.ShouldBe([200]);
        Answers.Parse("one=a;text=" + new string('é', 4000)).Check(Asking).Ok.ShouldBeTrue();
        Answers.Parse("one=x;text=" + new string('é', 4001)).Check(Asking).Refusal!.Errors.Count.ShouldBe(2);
    }

    [Fact]
    public void As_json_one_value_is_a_word_and_several_a_list()
    {
        var answers = JsonSerializer.Deserialize<Answers>("""{"one":"a","many":["a","b"],"count":12.50,"line":null}""", Json.Options)!;
        answers.ToString().ShouldBe("count=12.50;many=a;many=b;one=a");
        JsonSerializer.Serialize(answers, Json.Options).ShouldBe("""{"count":"12.50","many":["a","b"],"one":"a"}""");
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Answers>("""{"one":{"a":1}}""", Json.Options));
    }
}
