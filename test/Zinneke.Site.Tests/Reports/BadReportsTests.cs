using System.Net;
using System.Text.Json.Nodes;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Reports that cannot be taken (reports.md section 8): each is refused with its code and field, in the caller's language, and leaves nothing behind.</summary>
[Collection(TwoTowns.Collection)]
public class BadReportsTests(TwoTowns towns)
{
    private readonly TestSite site = towns.Site;

    /// <summary>What is wrong, as a change to a good report; null removes.</summary>
    public static TheoryData<string, int, string, string> Faults => new()
    {
        { """{"category":"road-pothole"}""", 422, "unknownCategory", "category" },
        { """{"category":"road"}""", 422, "unknownCategory", "category" },
        { """{"category":"road-inspection"}""", 422, "unknownCategory", "category" },
        { """{"category":""}""", 422, "required", "category" },
        { """{"lon":null,"lat":null}""", 422, "placeNeeded", "lon" },
        { """{"lon":null}""", 422, "required", "lon" },
        { """{"lat":91}""", 422, "latitudeOutside", "lat" },
        { """{"lat":-90.001}""", 422, "latitudeOutside", "lat" },
        { """{"lon":180.5}""", 422, "longitudeOutside", "lon" },
        { """{"lat":1e400}""", 422, "latitudeOutside", "lat" },
        { """{"accuracyM":-1}""", 422, "accuracyOutside", "accuracyM" },
        { """{"lang":"es"}""", 422, "unknownLanguage", "lang" },
        { """{"answers":{"volume":"lt1"}}""", 422, "unknownQuestion", "answers.volume" },
        { """{"category":"clean-dump"}""", 422, "missingAnswer", "answers.volume" },
        { """{"category":"clean-dump","answers":{"volume":"huge"}}""", 422, "unknownAnswer", "answers.volume" },
        { """{"category":"clean-dump","answers":{"volume":["lt1","gt1"]}}""", 422, "oneAnswerOnly", "answers.volume" },
        { """{"category":"clean-dump","answers":{"volume":"lt1","pieces":"many"}}""", 422, "answerNotNumber", "answers.pieces" },
        { """{"category":"clean-dump","answers":{"volume":"lt1","since":"2026-05-01T10:00:00"}}""", 422, "dateWithoutZone", "answers.since" },
        { """{"category":"clean-noise"}""", 422, "contactNeeded", "contact.email" },
        { """{"contact":{"email":"nobody"}}""", 422, "emailMalformed", "contact.email" },
        { """{"contact":{"email":"nobody@example.org\r\nBcc: everybody@example.org"}}""", 422, "emailMalformed", "contact.email" },
        { """{"contact":{"email":"nobody@example.org, everybody@example.org"}}""", 422, "emailMalformed", "contact.email" },
        { """{"contact":{"phone":"ask at the bakery"}}""", 422, "phoneMalformed", "contact.phone" },
        { """{"category":null}""", 422, "required", "category" },
        { """{"lang":null}""", 422, "unknownLanguage", "lang" },
        { """{"description":"a\u0000b"}""", 422, "nulInText", "description" },
        { """{"category":"clean-needles","answers":{"where":"ground","way":"a\u0000b"}}""", 422, "nulInText", "answers.way" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_named_with_its_field_and_nothing_is_stored(string change, int status, string code, string field)
    {
        await site.FileAsync(ReportCalls.Hole()); // The first report takes a block of numbers.
        var before = await site.CountsAsync();
        foreach (var language in new[] { "fr", "nl" })
        {
            var report = ReportCalls.Hole();
            foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            {
                report[name] = value?.DeepClone();
            }
            var answered = await site.PostAsync("/api/v1/reports", report.ToJsonString(), language: language);
            ((int)answered.Status).ShouldBe(status, answered.ToString());
            var error = answered.Json.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
            (error.GetProperty("code").GetString(), error.GetProperty("field").GetString()).ShouldBe((code, field));
            error.GetProperty("message").GetString()!.ShouldSay(site, language, (code == "nulInText" ? "kernel" : "reports") + ".refusal." + code);
            (await site.PostAsync("/api/v1/reports/route", report.ToJsonString(), language: language)).Json.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe(code, "the dry run says the same");
        }
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("{", 400, "notParseable")]
    [InlineData("", 400, "notParseable")]
    [InlineData("[]", 400, "notParseable")]
    [InlineData("null", 400, "notParseable")]
    [InlineData("""{"lat":NaN}""", 400, "notParseable")]
    public async Task What_is_no_report_at_all_is_not_parseable(string json, int status, string code)
    {
        var before = await site.CountsAsync();
        var answered = await site.PostAsync("/api/v1/reports", json, language: "nl");
        ((int)answered.Status).ShouldBe(status, answered.ToString());
        answered.Code.ShouldBe(code);
        answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, "nl", "reports.refusal.notParseable");
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"clientId":"one"}""", "clientId")]
    [InlineData("""{"lat":"NaN"}""", "lat")]
    [InlineData("""{"answers":3}""", "answers")]
    [InlineData("""{"contact":{"show":"no"}}""", "contact.show")]
    public async Task A_value_of_the_wrong_kind_is_refused_with_its_field(string json, string field)
    {
        var before = await site.CountsAsync();
        foreach (var address in (string[])["/api/v1/reports", "/api/v1/reports/route"])
        {
            var answered = await site.PostAsync(address, json, language: "nl");
            ((int)answered.Status, answered.Code).ShouldBe((422, "wrongValue"), answered.ToString());
            var error = answered.Json.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
            error.GetProperty("field").GetString().ShouldBe(field);
            error.GetProperty("message").GetString()!.ShouldSay(site, "nl", "kernel.refusal.wrongValue");
        }
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Answers_and_words_that_are_null_were_not_given() =>
        (await site.FileAsync(ReportCalls.Hole().With("answers", null).With("description", null).With("contact", null).With("address", null))).GetProperty("description").GetString().ShouldBe("");

    [Fact]
    public async Task A_sign_that_cannot_be_kept_is_refused_in_questions_and_forms()
    {
        (await site.GetAsync("/api/v1/reports?text=a%00b")).Code.ShouldBe("nulInText");
        (await site.GetAsync("/fr/reports?text=a%00b")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var form = await PlainForm.PostAsync(site, "/fr/reports/new", null, [], [("step", "where"), ("state", ""), ("address", "a\0b")]);
        (form.Status, form.Words.Contains("U+0000", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true));
        foreach (var (path, field) in new[] { ("/fr/sign-in", "email"), ("/nl/sign-in", "return"), ("/fr/reports/2026-000001", "text") })
        {
            foreach (var content in (HttpContent[])[new FormUrlEncodedContent([KeyValuePair.Create(field, "a\0b")]), new MultipartFormDataContent { { new StringContent("a\0b"), field } }])
            {
                using var answer = await site.Client.PostAsync(path, content);
                answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
                (await answer.Content.ReadAsStringAsync()).ShouldContain($"<code>{field}</code>");
                content.Dispose();
            }
        }
    }

    [Fact]
    public async Task Another_media_type_is_415_and_too_much_is_413()
    {
        var text = await site.CallAsync(HttpMethod.Post, "/api/v1/reports", new StringContent("hole in the road"), null, "nl");
        (text.Status, text.Code).ShouldBe((HttpStatusCode.UnsupportedMediaType, "wrongType"));
        var big = await site.PostAsync("/api/v1/reports", ReportCalls.Hole().With("description", new string('x', 2 << 20)).ToJsonString(), null, "nl", ("Expect", "100-continue"));
        (big.Status, big.Code).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "tooBig"));
    }

    [Fact]
    public async Task Words_of_4000_characters_are_taken_as_they_are_and_one_more_is_not()
    {
        var words = string.Concat(Enumerable.Repeat("éèàçœß", 700))[..4000];
        var filed = await site.FileAsync(ReportCalls.Hole().With("description", words));
        var read = await site.GetAsync($"/api/v1/reports/{filed.GetProperty("number").GetString()}");
        read.Json.GetProperty("description").GetString().ShouldBe(words);

        var before = await site.CountsAsync();
        var answered = await site.PostAsync("/api/v1/reports", ReportCalls.Hole().With("description", words + "é").ToJsonString(), language: "de");
        (answered.Status, answered.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "descriptionTooLong"));
        answered.Json.GetProperty("detail").GetString()!.ShouldContain("4000");
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_point_in_the_sea_is_taken_and_says_who_gets_it_and_why()
    {
        var filed = await site.FileAsync(ReportCalls.Hole(lon: 2.5, lat: 51.6));
        filed.GetProperty("dispatch").GetProperty("outside").GetString().ShouldBe("far");
        filed.GetProperty("body").GetProperty("id").GetString().ShouldBe("region");
        filed.GetProperty("dispatch").GetProperty("confidence").GetDouble().ShouldBe(0.2, 0.001);
    }

    [Fact]
    public async Task The_same_report_sent_twice_is_one_also_at_the_same_time()
    {
        var report = ReportCalls.Hole();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => site.PostAsync("/api/v1/reports", report.ToJsonString())));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.OK && a.Headers.GetValues("Idempotent-Replay").Single() == "true").ShouldBe(5);
        answers.Select(a => a.Json.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);

        var before = await site.CountsAsync();
        var other = await site.PostAsync("/api/v1/reports", report.With("description", "Autre chose").ToJsonString());
        (other.Status, other.Code).ShouldBe((HttpStatusCode.Conflict, "clientIdReused"));
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task The_same_report_with_other_photos_is_another_one()
    {
        var report = ReportCalls.Hole().ToJsonString();
        MultipartFormDataContent With(params byte[][] photos)
        {
            var form = new MultipartFormDataContent { { new StringContent(report), "report" } };
            foreach (var photo in photos)
            {
                form.Add(new ByteArrayContent(photo), "photo", "hole.jpg");
            }
            return form;
        }
        var (one, two) = (Pictures.Jpeg(320, 240), Pictures.Jpeg(640, 480));
        (await site.CallAsync(HttpMethod.Post, "/api/v1/reports", With(one), null, "fr")).Status.ShouldBe(HttpStatusCode.Created);
        var before = await site.CountsAsync();
        (await site.CallAsync(HttpMethod.Post, "/api/v1/reports", With(one), null, "fr")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var other in (MultipartFormDataContent[])[With(), With(two), With(one, two)])
        {
            var answered = await site.CallAsync(HttpMethod.Post, "/api/v1/reports", other, null, "fr");
            (answered.Status, answered.Code).ShouldBe((HttpStatusCode.Conflict, "clientIdReused"));
        }
        (await site.PostAsync("/api/v1/reports", report)).Status.ShouldBe(HttpStatusCode.Conflict);
        (await site.CountsAsync()).ShouldBe(before, "and none of their photos is left");
    }
}
