using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Zinneke.Reports;

/// <summary><c>Zinneke-Signature: t=SECONDS,v1=HEX</c>: HMAC-SHA-256 under the secret of the channel over the time, a full stop and the bytes sent (reports.md 5.3).</summary>
internal static class WebhookSignature
{
    /// <summary>Receivers refuse what is older: it may be a call that somebody else has kept.</summary>
    public const int AgeSecondsMax = 300;

    /// <param name="secrets">One <c>v1</c> for each.</param>
    /// <param name="unixSeconds">Of this attempt.</param>
    public static string Of(ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, long unixSeconds)
    {
        var header = new StringBuilder().Append(CultureInfo.InvariantCulture, $"t={unixSeconds}");
        foreach (var secret in secrets)
        {
            header.Append(",v1=").Append(Hex(body, secret, unixSeconds));
        }
        return header.ToString();
    }

    private static string Hex(ReadOnlySpan<byte> body, string secret, long unixSeconds)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{unixSeconds}.")));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
