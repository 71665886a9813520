using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>An answer in lent memory, tagged by what it says; the memory is given back when it has been sent.</summary>
/// <param name="type">With its charset.</param>
public sealed class LentAnswer(RentedBytes bytes, string type) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var given = bytes;
        if (httpContext.IsUnchanged(Etags.TagOf(bytes.Written.Span)))
        {
            await Etags.NotModified().ExecuteAsync(httpContext);
            return;
        }
        httpContext.Response.ContentType = type;
        httpContext.Response.ContentLength = bytes.Written.Length;
        await httpContext.Response.Body.WriteAsync(bytes.Written, httpContext.RequestAborted);
    }
}
