using BenchmarkDotNet.Attributes;
using Zinneke.Kernel;

namespace Zinneke.Bench.Files;

/// <summary>Photos on one core. Stripping: time per MiB of a photo of 16 MiB, from memory to memory. Drawing: a textured photo of 12 megapixels into its three renditions.</summary>
[MemoryDiagnoser]
public class PhotoBench
{
    internal const int Mebibytes = 16;

    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-bench-").FullName;
    private readonly byte[] target = new byte[(Mebibytes + 1) << 20];
    private byte[] jpeg = [];
    private byte[] png = [];

    private string Twelve => Path.Combine(folder, "twelve.jpg");

    internal double TwelveMegabytes { get; private set; }

    [GlobalSetup]
    public void Setup()
    {
        var photo = DrawSvg.ToJpeg(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="4000" height="3000">
              <filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="0.05" numOctaves="5" seed="1"/></filter>
              <rect width="4000" height="3000" filter="url(#grain)"/>
            </svg>
            """);
        File.WriteAllBytes(Twelve, photo);
        TwelveMegabytes = photo.Length / 1e6;
        // Longer than any real scan of these pixels: a stripper does not decode.
        var scan = photo.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;
        var data = photo[scan..^3];
        jpeg = [.. photo[..scan], .. Enumerable.Repeat(data, 1 + ((Mebibytes << 20) / data.Length)).SelectMany(bytes => bytes).Take(Mebibytes << 20), 0, 0xFF, 0xD9];
        var small = DrawSvg.ToPng("""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>""");
        png = [.. small[..33], .. PngChunk("IDAT"u8, jpeg.AsSpan(0, Mebibytes << 20)), .. PngChunk("IEND"u8, [])];
    }

    [GlobalCleanup]
    public void Clean() => Directory.Delete(folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Mebibytes)]
    public Task<Outcome<StrippedPhoto>> StripJpeg() => Strip(jpeg);

    [Benchmark(OperationsPerInvoke = Mebibytes)]
    public Task<Outcome<StrippedPhoto>> StripPng() => Strip(png);

    [Benchmark]
    public Refusal? CheckTwelveMegapixels() => DrawRenditions.TryDecode(Twelve);

    [Benchmark]
    public Renditions DrawTwelveMegapixels() => DrawRenditions.Draw(Twelve, orientation: 6, []).Value;

    /// <summary>What stripping cannot beat.</summary>
    internal double Copy()
    {
        jpeg.CopyTo(target.AsSpan());
        return target[jpeg.Length / 2];
    }

    /// <summary>Puts metadata into both photos and sees it go, and the pictures upright and as large as asked for.</summary>
    /// <exception cref="InvalidOperationException">They are not.</exception>
    internal async Task CheckAsync()
    {
        byte[] secret = [0xFF, 0xE1, 0, 14, .. "SECRET words"u8];
        await CheckAsync([.. jpeg[..2], .. secret, .. jpeg[2..]], jpeg);
        await CheckAsync([.. png[..33], .. PngChunk("tEXt"u8, "SECRET words"u8), .. png[33..]], png);
        var drawn = DrawRenditions.Draw(Twelve, orientation: 6, []).Value;
        foreach (var (rendition, height) in new[] { (drawn.Large, 2048), (drawn.Medium, 800), (drawn.Thumb, 320) })
        {
            var about = (await StripPhoto.ToAsync(new MemoryStream(rendition), Stream.Null)).Value;
            Require((about.Width, about.Height) == (height * 3 / 4, height), $"a rendition of {about.Width} x {about.Height} pixels");
        }
    }

    private static async Task CheckAsync(byte[] photo, byte[] expected)
    {
        using var stripped = new MemoryStream();
        Require((await StripPhoto.ToAsync(new MemoryStream(photo), stripped)).Ok, "a photo was refused");
        using var plain = new MemoryStream();
        await StripPhoto.ToAsync(new MemoryStream(expected), plain);
        Require(stripped.ToArray().AsSpan().SequenceEqual(plain.ToArray()), "metadata is left, or something else is gone");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"wrong answer: {what}");
        }
    }

    private async Task<Outcome<StrippedPhoto>> Strip(byte[] photo)
    {
        var outcome = await StripPhoto.ToAsync(new MemoryStream(photo), new MemoryStream(target));
        return outcome.Ok ? outcome : throw new InvalidOperationException(outcome.Refusal!.Code);
    }

    private static byte[] PngChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.Append(0, chunk.AsSpan(4..^4)));
        return chunk;
    }
}
