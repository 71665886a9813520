using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// Signs what goes out to come back: cursors, the state of a form between two screens, links that carry their own proof (K43). What is signed can be read by everybody, but not altered, not
/// used for another purpose, and not after its time. Nothing is stored.
/// </summary>
/// <remarks>Put the token of a link into the query as <c>t</c>: such pages send <c>Referrer-Policy: no-referrer</c> and the log masks it. Opening one by GET changes nothing.</remarks>
public sealed class Signer(Keys keys, TimeProvider time)
{
    private const int MacLength = 16;
    private const int HeadLength = MacLength + 8;
    private const int TokenMax = 64 * 1024;

    /// <summary>A value as base64url text: 24 bytes of signature and time, then its JSON.</summary>
    /// <param name="purpose">What it may be used for, with everything it is bound to: <c>reports.new</c>, <c>cursor GET /api/v1/reports?state=open</c>.</param>
    /// <param name="life">How long it holds; null for ever.</param>
    public string Sign<T>(string purpose, T value, TimeSpan? life = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
        var token = new byte[HeadLength + json.Length];
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(MacLength), life is { } span ? time.NowMicros() + span.ToMicros() : long.MaxValue);
        json.CopyTo(token.AsSpan(HeadLength));
        Mac(purpose, token.AsSpan(MacLength)).CopyTo(token);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads a signed value back.</summary>
    /// <returns>False when it was altered, made for another purpose, is too old, or is no token at all.</returns>
    public bool TryRead<T>(string purpose, string? token, out T? value)
    {
        value = default;
        if (token is null || token.Length > TokenMax || !Base64Url.IsValid(token, out var length) || length < HeadLength)
        {
            return false;
        }
        var bytes = Base64Url.DecodeFromChars(token);
        var signed = bytes.AsSpan(MacLength);
        if (!CryptographicOperations.FixedTimeEquals(Mac(purpose, signed), bytes.AsSpan(0, MacLength)) || BinaryPrimitives.ReadInt64BigEndian(signed) < time.NowMicros())
        {
            return false;
        }
        value = JsonSerializer.Deserialize<T>(signed[8..], Json.Options);
        return true;
    }

    /// <summary>The token of a link, 34 letters.</summary>
    /// <param name="purpose">One word such as <c>reports.track</c>.</param>
    /// <param name="subject">Whom or what it opens: an id, an address.</param>
    /// <param name="life">How long it opens; null for ever.</param>
    public string SignLink(string purpose, string subject, TimeSpan? life) => Sign(Bound(purpose, subject), 1, life);

    /// <summary>True when the token was made here for this purpose and subject and has not expired. Compares in constant time.</summary>
    public bool Opens(string purpose, string subject, string? token) => TryRead<int>(Bound(purpose, subject), token, out _);

    /// <summary>A purpose has no space, so the first one ends it: no two pairs give the same text.</summary>
    private static string Bound(string purpose, string subject) =>
        purpose.Contains(' ', StringComparison.Ordinal) ? throw new ArgumentException("a purpose is one word", nameof(purpose)) : $"link {purpose} {subject}";

    private ReadOnlySpan<byte> Mac(string purpose, ReadOnlySpan<byte> data)
    {
        byte[] bound = [.. SHA256.HashData(Encoding.UTF8.GetBytes(purpose)), .. data];
        return HMACSHA256.HashData(keys.For("signature"), bound).AsSpan(0, MacLength);
    }
}
