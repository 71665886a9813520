using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// Signs what goes out to come back: cursors, the state of a form between two screens, links. What is signed can be read by everybody, but not altered, not used
/// for another purpose, and not after its time.
/// </summary>
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

    private ReadOnlySpan<byte> Mac(string purpose, ReadOnlySpan<byte> data)
    {
        byte[] bound = [.. SHA256.HashData(Encoding.UTF8.GetBytes(purpose)), .. data];
        return HMACSHA256.HashData(keys.For("signature"), bound).AsSpan(0, MacLength);
    }
}
