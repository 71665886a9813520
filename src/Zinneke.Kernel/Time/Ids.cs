using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Zinneke.Kernel;

/// <summary>
/// The only source of ids and secrets. Ids are UUIDs of version 7 (RFC 9562): 48 bits of milliseconds from the clock, then a counter and random bits, so that ids of
/// one process rise strictly. With a seed, ids and secrets come out the same again: for tests and the demonstration city only. Thread-safe.
/// </summary>
public sealed class Ids
{
    private readonly TimeProvider time;
    private readonly Random? seeded;
    private readonly Lock gate = new();
    private long lastMillis;
    private int counter;

    public Ids(TimeProvider time, int? seed = null)
    {
        this.time = time;
        seeded = seed is { } value ? new Random(value) : null;
    }

    /// <summary>A new id, greater than every id given before by this instance.</summary>
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (gate)
        {
            Fill(bytes[8..]);
            var millis = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (millis > lastMillis)
            {
                lastMillis = millis;
                counter = 0;
            }
            else if (++counter > 0xFFF)
            {
                lastMillis++;
                counter = 0;
            }
            BinaryPrimitives.WriteInt64BigEndian(bytes, lastMillis << 16);
        }
        bytes[6] = (byte)(0x70 | (counter >> 8));
        bytes[7] = (byte)(counter & 0xFF);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>An id below all that are given from an instant on, and above those of the milliseconds before.</summary>
    /// <param name="micros">UTC microseconds.</param>
    internal static Guid FirstAt(long micros)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (micros / 1000) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>An unguessable secret as base64url text.</summary>
    /// <param name="byteCount">Random bytes, at least 16 (128 bits).</param>
    public string Secret(int byteCount = 24)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(byteCount, 16);
        Span<byte> bytes = stackalloc byte[byteCount];
        lock (gate)
        {
            Fill(bytes);
        }
        return Base64Url.EncodeToString(bytes);
    }

    private void Fill(Span<byte> bytes)
    {
        if (seeded is null)
        {
            RandomNumberGenerator.Fill(bytes);
        }
        else
        {
            seeded.NextBytes(bytes);
        }
    }
}
