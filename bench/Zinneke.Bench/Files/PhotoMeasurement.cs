using Zinneke.Kernel;

namespace Zinneke.Bench.Files;

/// <summary><c>bench photos</c>: stripping metadata and drawing renditions, on one core.</summary>
internal static class PhotoMeasurement
{
    private const double MegabytesAMebibyte = 1.048576;

    public static Measurement Entry { get; } = new("photos", "stripping metadata from photos, and drawing their three renditions", new Dictionary<string, string>(), _ => RunAsync());

    private static async Task<Findings> RunAsync()
    {
        var bench = new PhotoBench();
        bench.Setup();
        try
        {
            await bench.CheckAsync();
            double Megabytes(Func<Task<Outcome<StrippedPhoto>>> strip) => Timing.PerSecond(1, () => strip().GetAwaiter().GetResult().Value.Bytes > 0 ? 1 : double.NaN) * PhotoBench.Mebibytes * MegabytesAMebibyte;
            return new Findings(
                $"Photos of {PhotoBench.Mebibytes} MiB stripped from memory to memory; a textured JPEG of 4,000 × 3,000 pixels ({bench.TwelveMegabytes:N1} MB) drawn upright at 2,048, 800 and 320 pixels.",
                "metadata put into both photos was gone, everything else byte for byte there; the renditions have the sizes asked for and stand upright.",
                "copying the same bytes in memory, which the stripping cannot beat.",
                [
                    new Figure("strip a JPEG", Megabytes(bench.StripJpeg), "MB/s", "≥ 500"),
                    new Figure("strip a PNG", Megabytes(bench.StripPng), "MB/s"),
                    new Figure("copy the bytes", Timing.PerSecond(1, bench.Copy) * PhotoBench.Mebibytes * MegabytesAMebibyte, "MB/s"),
                    new Figure("check that 12 megapixels can be decoded", 1e3 / Timing.PerSecond(1, () => bench.CheckTwelveMegapixels() is null ? 1 : double.NaN), "ms"),
                    new Figure("draw 12 megapixels three times", 1e3 / Timing.PerSecond(1, () => bench.DrawTwelveMegapixels().Large.Length), "ms", "≤ 900"),
                ]);
        }
        finally
        {
            bench.Clean();
        }
    }
}
