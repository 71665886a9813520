using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Zinneke.Kernel;

/// <summary>Gives out files that people sent: renditions to everybody while they are public, anything to staff through an endpoint of their module.</summary>
public static class ServeFiles
{
    /// <summary><c>/files/{picture}/{variant}.jpg</c>. The name changes whenever the picture does, so the answer may be kept for ever.</summary>
    internal static void MapFiles(this IEndpointRouteBuilder root) =>
        root.MapMethods("/files/{picture}/{variant}.jpg", [HttpMethods.Get, HttpMethods.Head], ServeAsync)
            .Public().WithContentSecurity(ContentSecurity.Sandbox).OpenToOtherSites().ExcludeFromDescription();

    /// <summary>The stripped photo itself or one of its renditions, for an endpoint that has checked that the caller may see it; mark the endpoint
    /// <c>.WithContentSecurity(ContentSecurity.Sandbox)</c>. Nobody on the way may keep it.</summary>
    /// <param name="variant">large, medium, thumb, or <c>original</c>: the photo in full size, not turned and without redactions.</param>
    public static Results<PhysicalFileHttpResult, NotFound> Privately(HttpContext http, FileStore files, StoredFile file, string variant)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        return variant == "original" ? Send(http, files, file.Hash, file.Ending, "image/" + file.Format.ToString().ToLowerInvariant())
            : file.Picture is { } picture && IsVariant(variant) ? Send(http, files, picture, DrawFiles.EndingOf(variant), "image/jpeg")
            : TypedResults.NotFound();
    }

    private static async Task<Results<PhysicalFileHttpResult, NotFound>> ServeAsync(string picture, string variant, HttpContext http, Store store, FileStore files)
    {
        if (!FileStore.IsHash(picture) || !IsVariant(variant)
            || !await store.Set<StoredFile>().AnyAsync(file => file.Picture == picture && file.Visibility == FileVisibility.Public, http.RequestAborted))
        {
            return TypedResults.NotFound();
        }
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Send(http, files, picture, DrawFiles.EndingOf(variant), "image/jpeg");
    }

    private static Results<PhysicalFileHttpResult, NotFound> Send(HttpContext http, FileStore files, string hash, string ending, string type)
    {
        if (!files.Has(hash, ending))
        {
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.NotFound();
        }
        http.Response.Headers.ContentDisposition = "inline";
        return TypedResults.PhysicalFile(files.PathOf(hash, ending), type, entityTag: new EntityTagHeaderValue($"\"{hash}{ending}\""));
    }

    private static bool IsVariant(string variant) => variant is "large" or "medium" or "thumb";
}
