using System.Globalization;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>The indicators of all parts of the program: <c>/api/v1/indicators</c>, and each with its values by month.</summary>
public static class IndicatorSetup
{
    /// <summary>Adding up takes some milliseconds.</summary>
    public static RateLimit Adding { get; } = new("indicators", new Quota(120, TimeSpan.FromMinutes(1)));

    internal static void MapIndicators(this Doors doors, IEnumerable<Indicator> all)
    {
        string[] tags = ["catalogue", "area", .. all.Select(one => one.Tag).Distinct(StringComparer.Ordinal)];
        doors.Api.MapGet("/indicators", (IEnumerable<Indicator> indicators, Words words) => TypedResults.Json(new { indicators = indicators.Select(one => JsonOf(one, words)) }, Json.Options)).Public().Cached(tags)
            .WithSummary("What is measured here, with definitions.").GivesExample(new { indicators = new[] { Example } });
        doors.Api.MapGet("/indicators/{id}", (string id, HttpContext http, IEnumerable<Indicator> indicators, Words words, AreaMap areas, BodyMap bodies) => Answer(id, http, indicators, areas, bodies, (indicator, query, values) =>
            TypedResults.Json(
                new { indicator = JsonOf(indicator, words), query.Area, query.Body, values = values.Select(value => new { month = value.MonthWord, value.Value, value.Count }) }, Json.Options)))
            .Public().Limited(Adding).Cached(tags, [.. IndicatorQuery.Names])
            .WithSummary("An indicator by month, of an 'area' and a 'body', for the months 'from' to 'to' (2026-05). count says of how many things a value is counted.")
            .GivesExample(new { indicator = Example, area = "21013", body = (string?)null, values = new[] { new { month = "2026-05", value = 0.81, count = 310 } } });
        doors.Api.MapGet("/indicators/{id}/values.csv", (string id, HttpContext http, IEnumerable<Indicator> indicators, AreaMap areas, BodyMap bodies, CancellationToken cancellation) =>
            FileAsync(id, http, indicators, areas, bodies, cancellation)).Public().Limited(Adding).Cached(tags, [.. IndicatorQuery.Names])
            .WithSummary("The same values as CSV.").GivesExample("month,value,count", media: "text/csv");
    }

    private static object Example { get; } = new
    {
        id = "reports-solved-in-time", title = new { en = "Solved within the promised time" }, definition = new { en = "Of the reports sent in the month that were closed …" }, unit = "share", better = "higher", dataset = "reports",
    };

    private static object JsonOf(Indicator one, Words words) => new { one.Id, title = words.InAll(one.TextKey + ".title"), definition = words.InAll(one.TextKey + ".text"), one.Unit, one.Better, one.Dataset };

    private static IResult Answer(string id, HttpContext http, IEnumerable<Indicator> all, AreaMap areas, BodyMap bodies, Func<Indicator, IndicatorQuery, IReadOnlyList<IndicatorValue>, IResult> answer)
    {
        if (all.FirstOrDefault(one => one.Id == id) is not { } indicator)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.unknownIndicator").AsProblem();
        }
        return IndicatorQuery.Of(http.Request.Query, areas.Current, bodies).Is(out var query, out var refusal) ? answer(indicator, query, indicator.EveryMonth(query)) : refusal.AsProblem();
    }

    private static async Task<IResult> FileAsync(string id, HttpContext http, IEnumerable<Indicator> all, AreaMap areas, BodyMap bodies, CancellationToken cancellation)
    {
        IReadOnlyList<IndicatorValue> values = [];
        if (Answer(id, http, all, areas, bodies, (_, _, found) =>
        {
            values = found;
            return TypedResults.Empty;
        }) is not Microsoft.AspNetCore.Http.HttpResults.EmptyHttpResult and var refused)
        {
            return refused;
        }
        using var body = new MemoryStream();
        await using (var csv = CsvWriter.Create(body, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true))
        {
            await csv.WriteRecordAsync(["month", "value", "count"], cancellation);
            foreach (var value in values)
            {
                await csv.WriteRecordAsync([value.MonthWord, value.Value?.ToString(CultureInfo.InvariantCulture) ?? "", value.Count.ToString(CultureInfo.InvariantCulture)], cancellation);
            }
        }
        return TypedResults.Bytes(body.ToArray(), "text/csv; charset=utf-8", id + ".csv");
    }
}
