using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary><c>GET /api/v1/addresses</c>: what somebody may mean who has begun to write an address.</summary>
internal static class AddressEndpoints
{
    private const int ShownMax = 20, ShownUsual = 10;
    private static readonly RateLimit Asking = new("addresses", new Quota(600, TimeSpan.FromMinutes(1)));

    public static void MapAddresses(this IEndpointRouteBuilder api) => api.MapGet("/addresses", FindAsync).Public().Limited(Asking)
        .WithSummary("Addresses and streets that begin with the words of 'q', likeliest first; names in 'lang', at most 'limit' (20). 'precision' is 'house' or 'street'.")
        .GivesExample(new
        {
            addresses = new[]
            {
                new
                {
                    label = "Rue de la Loi 16, 1000 Bruxelles", street = new { fr = "Rue de la Loi", nl = "Wetstraat" }, number = "16", postcode = "1000", municipality = "Bruxelles", lon = 4.3662, lat = 50.8466,
                    precision = "house", approximate = false,
                },
            },
        });

    private static async Task<IResult> FindAsync(string? q, string? lang, int? limit, HttpContext http, AddressIndex index, Store store, CancellationToken cancellation)
    {
        var language = lang ?? http.Language();
        if ((Languages.Known(language) ? null : Refusal.Invalid("kernel.unknownLanguage", "lang")) is { } refusal)
        {
            return refusal.AsProblem();
        }
        if (string.IsNullOrWhiteSpace(q) || q.Length > AddressesFile.WordsLengthMax)
        {
            return Refusal.Invalid("kernel.addressWords", "q", AddressesFile.WordsLengthMax).AsProblem();
        }
        var found = await index.FindAsync(store, q, Math.Clamp(limit ?? ShownUsual, 1, ShownMax), cancellation);
        return Results.Json(new
        {
            addresses = found.Select(address => new
            {
                label = address.LabelIn(language), street = address.Street.Names, number = address.Number, address.Street.Postcode, address.Street.Municipality, address.Lon, address.Lat,
                precision = address.Number is null ? "street" : "house", address.Street.Approximate,
            }),
        }, Json.Options);
    }
}
