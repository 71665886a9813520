using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary><c>/</c> leads to the front page in the language that the browser asks for; nowhere else does <c>Accept-Language</c> decide about a page (K20).</summary>
internal static class FrontDoor
{
    public static void MapFrontDoor(this IEndpointRouteBuilder root, Settings settings)
    {
        var offered = settings.Get(KernelSettings.Languages);
        root.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.Vary = "Accept-Language";
            return new SeeOther($"/{RequestLanguage.Preferred(http.Request, offered)}/");
        }).Public().ExcludeFromDescription();
    }
}

/// <summary>303: the answer to a form that was done, and to an address that stands for another. The target is a path of this site, never another site.</summary>
public sealed class SeeOther : IResult, IStatusCodeHttpResult
{
    /// <param name="path">Begins with one slash.</param>
    /// <exception cref="ArgumentException">It leads elsewhere: nobody can make us redirect to another site.</exception>
    public SeeOther(string path)
    {
        if (!ReturnPath.IsLocal(path))
        {
            throw new ArgumentException("not a path of this site", nameof(path));
        }
        Path = path;
    }

    private static readonly Uri Anywhere = new("http://localhost");

    public string Path { get; }

    public int? StatusCode => StatusCodes.Status303SeeOther;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        var uri = new Uri(Anywhere, Path); // Escapes what a header cannot hold.
        httpContext.Response.Headers.Location = uri.PathAndQuery + uri.Fragment;
        return Task.CompletedTask;
    }
}
