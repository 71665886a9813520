using System.Security.Cryptography;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>Secrets that we give away (sessions, links, API keys) are stored as SHA-256 only: they hold at least 128 random bits, so no salt and no slow hash is needed.</summary>
public static class Hashed
{
    public static byte[] Of(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
