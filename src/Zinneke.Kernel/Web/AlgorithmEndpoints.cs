using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary><c>/api/v1/algorithms</c>: the register for everybody. What the list answers can be edited and imported again.</summary>
internal static class AlgorithmEndpoints
{
    public static void MapAlgorithms(this IEndpointRouteBuilder api)
    {
        api.MapGet("/algorithms", (AlgorithmRegister register) => TypedResults.Json(
            new JsonObject { ["algorithms"] = new JsonArray([.. register.All.Select(entry => Of(entry, register))]) }, Json.Options)).Public().WithSummary("The register of algorithms in use.")
            .GivesExample(new { algorithms = new[] { Example } });
        api.MapGet("/algorithms/{key}", (string key, AlgorithmRegister register) => register.All.FirstOrDefault(e => e.Algorithm.Key == key || (string?)e.Fields["id"] == key) is { } entry
            ? (IResult)TypedResults.Json(Of(entry, register), Json.Options)
            : new Refusal(RefusalKind.NotFound, "kernel.unknownAlgorithm").AsProblem()).Public().WithSummary("One entry of the register, by key or id.").GivesExample(Example);
    }

    /// <summary>Some of the fields of an entry.</summary>
    private static object Example { get; } = new
    {
        key = "reports.route", id = "6d1f4c1e-52a7-4c43-9a63-0d5e2f0b7c11", standardVersion = "1.0", name = new { fr = "Quel organisme traite un signalement", en = "Which body handles a report" },
        status = "operational", startDate = "2026-11", revisionDate = "2027-11-01", runs = true, refusedFor = (string?)null,
    };

    /// <summary>The fields, and whether it runs now: what is refused is decided by people.</summary>
    private static JsonObject Of(AlgorithmEntry entry, AlgorithmRegister register)
    {
        var json = AlgorithmsFile.WithKey(entry.Algorithm.Key, entry.Fields);
        var reason = register.RefusalOf(entry.Algorithm.Key);
        json["runs"] = reason is null;
        json["refusedFor"] = reason;
        return json;
    }
}
