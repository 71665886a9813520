using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary>
/// One-click unsubscribing (RFC 8058): a mail program posts here, without cookie and without asking; one that is a page in a browser does so from its own site. By GET
/// it leads to the page where one chooses: scanners open links, and so do mail programs that know nothing of clicks.
/// </summary>
internal static class OneClick
{
    private const string Path = "/mail/unsubscribe";

    public static void MapOneClick(this IEndpointRouteBuilder root)
    {
        root.MapGet(Path, (string? t, HttpContext http) => new SeeOther($"/{http.Language()}/mail{QueryString.Create("t", t ?? "")}")).Public().ExcludeFromDescription();
        root.MapPost(Path, StopAsync).Public().FromAnySite().ExcludeFromDescription();
    }

    private static async Task<IResult> StopAsync(string? t, Mails mails, Writer writer, CancellationToken cancellation)
    {
        if (!mails.TryReadPaceToken(t, out var address, out var about))
        {
            return Results.NotFound();
        }
        var chosen = await Mails.ChoosePaceAsync(writer, address, about, MailPace.Never, cancellation);
        return chosen.Refusal is { } refusal ? refusal.AsProblem() : Results.Ok();
    }
}
