using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Where a person goes to remove the reason of a refusal, and back (K16): one place that knows it, for the door, for use cases and for pages.</summary>
public static class Remedy
{
    public const string SignIn = "/sign-in";
    public const string Residence = "/account/residence";

    /// <summary>Path without the language; null when nothing that the person does there would help.</summary>
    public static string? Of(Refusal refusal) => refusal.Kind == RefusalKind.Unauthenticated ? SignIn
        : refusal.Kind != RefusalKind.Forbidden ? null
        : refusal.Word == "signInNeeded" ? SignIn // Signed in by a link that was shown, not mailed.
        : AsksForResidence(refusal.Word) ? Residence
        : null;

    /// <summary>Whether the reason is that a residence is not shown, or was shown too long ago.</summary>
    public static bool AsksForResidence(string? reason) => reason is "residentNeeded" or "verificationTooOld";

    /// <summary>The whole path there, which leads back afterwards.</summary>
    /// <param name="remedy">One of those above.</param>
    /// <param name="reason">Code word of the refusal: whoever has shown their residence is not asked again, unless it is too long ago.</param>
    /// <param name="back">Path with its language; one that would make the whole too long is not come back to.</param>
    public static string PathTo(string remedy, string language, string? reason, string back)
    {
        var path = $"/{language}{remedy}";
        return ReturnPath.Of($"{path}?{(remedy == Residence && reason == "verificationTooOld" ? "again=1&" : "")}return={Uri.EscapeDataString(back)}", path);
    }

    /// <summary>What somebody gets who opened a page that is refused: the way to the remedy, and back to this page.</summary>
    /// <returns>Null when the page was not opened but sent, or there is no remedy.</returns>
    internal static SeeOther? For(HttpContext http, Refusal refusal) => http.IsPage() && HttpMethods.IsGet(http.Request.Method) && Of(refusal) is { } remedy
        ? new SeeOther(PathTo(remedy, http.Language(), refusal.Word, http.Request.Path + http.Request.QueryString))
        : null;
}
