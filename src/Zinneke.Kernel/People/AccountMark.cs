using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>
/// An account as a browser may keep it: tells whether two are one, and nothing else. What was written without a network is sent with the mark of who wrote it, because a telephone may be shared: in the header
/// <c>Zinneke-Account</c> when only that account may do it, and in <c>Zinneke-Writer</c> when anybody may, so that it is nobody else's.
/// </summary>
public sealed class AccountMark(Keys keys)
{
    private const string Header = "Zinneke-Account", WriterHeader = "Zinneke-Writer";

    public string Of(Guid account) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("kernel.accountMark"), account.ToByteArray()).AsSpan(0, 16));

    /// <summary>Who wrote what a request brings: the caller, or nobody known when it says that it was not they.</summary>
    public Caller WriterOf(HttpRequest request, Caller caller) =>
        request.Headers[WriterHeader].ToString() is { Length: > 0 } mark && caller.Account is { } account && Of(account) != mark ? Caller.Anonymous(caller.Language) : caller;

    /// <summary>401 when the request names an account, and another one sends it, or nobody known.</summary>
    internal Refusal? Refuse(HttpRequest request, Caller caller) =>
        request.Headers[Header].ToString() is { Length: > 0 } mark && (caller.Account is not { } account || Of(account) != mark)
            ? new Refusal(RefusalKind.Unauthenticated, "kernel.otherAccount")
            : null;
}
