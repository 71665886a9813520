namespace Zinneke.Kernel;

/// <summary>
/// Links that carry their own proof (K43): a signature over purpose, subject and expiry, 34 letters; nothing is stored. A link for one purpose opens no other. Put it into
/// the query as <c>t</c>: such pages send <c>Referrer-Policy: no-referrer</c> and the log masks it. Opening one by GET changes nothing.
/// </summary>
public sealed class SignedLinks(Signer signer)
{
    /// <param name="purpose">One word such as <c>reports.track</c>.</param>
    /// <param name="subject">Whom or what it opens: an id, an address.</param>
    /// <param name="life">How long it opens; null for ever.</param>
    public string Make(string purpose, string subject, TimeSpan? life) => signer.Sign(Bound(purpose, subject), 1, life);

    /// <summary>True when the token was made here for this purpose and subject and has not expired. Compares in constant time.</summary>
    public bool Check(string purpose, string subject, string? token) => signer.TryRead<int>(Bound(purpose, subject), token, out _);

    /// <summary>A purpose has no space, so the first one ends it: no two pairs give the same text.</summary>
    private static string Bound(string purpose, string subject) =>
        purpose.Contains(' ', StringComparison.Ordinal) ? throw new ArgumentException("a purpose is one word", nameof(purpose)) : $"link {purpose} {subject}";
}
