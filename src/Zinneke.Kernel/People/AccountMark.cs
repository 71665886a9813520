using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>
/// An account as a browser may keep it: tells whether two are one, and nothing else. What was written without a network is sent with the mark of who wrote it, in the header <c>Zinneke-Account</c>, and nobody else's
/// session takes it: a telephone may be shared.
/// </summary>
public sealed class AccountMark(Keys keys)
{
    private const string Header = "Zinneke-Account";

    public string Of(Guid account) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("kernel.accountMark"), account.ToByteArray()).AsSpan(0, 16));

    /// <summary>401 when the request names an account, and another one sends it, or nobody known.</summary>
    internal Refusal? Refuse(HttpRequest request, Caller caller) =>
        request.Headers[Header].ToString() is { Length: > 0 } mark && (caller.Account is not { } account || Of(account) != mark)
            ? new Refusal(RefusalKind.Unauthenticated, "kernel.otherAccount")
            : null;
}
