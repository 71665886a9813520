using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary>
/// One-click unsubscribing (RFC 8058): a mail program posts here, without cookie and without asking; one that is a page in a browser does so from its own site. By GET
/// nothing is there: scanners open links.
/// </summary>
internal static class OneClick
{
    public static void MapOneClick(this IEndpointRouteBuilder root) => root.MapPost("/mail/unsubscribe", async (string? t, Mails mails, Writer writer, CancellationToken cancellation) =>
    {
        if (!mails.TryReadPaceToken(t, out var address, out var about))
        {
            return Results.NotFound();
        }
        var chosen = await Mails.ChoosePaceAsync(writer, address, about, MailPace.Never, cancellation);
        return chosen.Refusal is { } refusal ? refusal.AsProblem() : Results.Ok();
    }).Public().FromAnySite().ExcludeFromDescription();
}
