using System.Text.Json;
using System.Text.Json.Nodes;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A route as the API and the verbs write it.</summary>
internal static class RouteJson
{
    /// <summary><c>{"area","rule","outside","confidence","question","alternatives":[{"body","reason","distanceM"}],"trace":[{"rule","matched","failed","explain"}]}</c>;
    /// <c>question</c> is null or <c>{"options":[{"body","side","names","label","lon","lat"}]}</c>, the body chosen first.
    /// Of a report also <c>"outcome"</c>: <c>automatic</c>, or <c>manual</c> when the register of algorithms left it to people; and <c>"algorithm"</c>, the key of the entry.</summary>
    /// <param name="words">Gives the options their label in the four languages; without it there is none.</param>
    public static JsonObject Of(Route route, Words? words = null)
    {
        var json = Found(route, words);
        if (route.By is { } by)
        {
            json["outcome"] = by == DecidedBy.Rule ? "automatic" : "manual";
            json["algorithm"] = RouteReport.Algorithm.Key;
        }
        return json;
    }

    private static JsonObject Found(Route route, Words? words) => new()
    {
        ["area"] = route.Area,
        ["rule"] = route.Rule?.Id,
        ["outside"] = ReportWords.Word(route.Outside),
        ["confidence"] = Math.Round(route.Confidence, 4),
        ["question"] = route.Uncertain ? new JsonObject { ["options"] = ListOf(route.Question, option => Option(option, words)) } : null,
        ["alternatives"] = ListOf(route.Alternatives, Alternative),
        ["trace"] = ListOf(route.Trace, Step),
    };

    private static JsonObject Option(SideOption option, Words? words)
    {
        var json = new JsonObject
        {
            ["body"] = option.Body,
            ["side"] = ReportWords.Word(option.Side),
            ["names"] = JsonSerializer.SerializeToNode(option.Names, Json.Options),
        };
        if (words is not null)
        {
            var key = "reports.side." + ReportWords.Word(option.Side);
            var label = new Text(Languages.All.Select(language => KeyValuePair.Create(language, words.In(language, key, option.Names.In(language)))));
            json["label"] = JsonSerializer.SerializeToNode(label, Json.Options);
        }
        json["lon"] = Math.Round(option.Point.Lon, 7);
        json["lat"] = Math.Round(option.Point.Lat, 7);
        return json;
    }

    private static JsonObject Alternative(Alternative other) => new()
    {
        ["body"] = other.Body,
        ["reason"] = ReportWords.Word(other.Reason),
        ["distanceM"] = other.DistanceMetres is { } metres ? Math.Round(metres, 2) : null,
    };

    private static JsonObject Step(RuleStep step) => new()
    {
        ["rule"] = step.Rule.Id,
        ["matched"] = step.Failed == RuleFailure.None,
        ["failed"] = step.Failed == RuleFailure.None ? null : ReportWords.Word(step.Failed),
        ["explain"] = JsonSerializer.SerializeToNode(step.Rule.Explain, Json.Options),
    };

    private static JsonArray ListOf<T>(IReadOnlyList<T> items, Func<T, JsonObject> write) => [.. items.Select(write)];
}
