using System.Buffers.Binary;
using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Files;

public class StripPhotoTests
{
    public static TheoryData<string> Kinds => ["jpeg", "progressive", "png", "webp", "lossless"];

    [ReferenceFact("reports/photos/with-metadata.jpg", "reports/photos/plain.jpg")]
    public async Task The_reference_photo_becomes_the_plain_one()
    {
        var (photo, bytes) = await Stripped(File.ReadAllBytes(ReferenceData.At("reports/photos/with-metadata.jpg")));
        bytes.ShouldBe(File.ReadAllBytes(ReferenceData.At("reports/photos/plain.jpg")));
        (photo.Width, photo.Height, photo.Orientation).ShouldBe((64, 48, 6));
        photo.Hints.Latitude!.Value.ShouldBe(50 + (50 / 60.0) + (48 / 3600.0), 1e-9);
        photo.Hints.Longitude!.Value.ShouldBe(4 + (21 / 60.0) + (9 / 3600.0), 1e-9);
        photo.Removed.Select(part => part.Part).ShouldBe(["APP1 Exif", "APP1 XMP", "APP13 IPTC", "COM", "after EOI"]);
        photo.Removed.Sum(part => part.Bytes).ShouldBe(514 - 221);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_but_pixels_is_left(string kind)
    {
        var sent = Pictures.WithMetadata(Plain(kind), orientation: 8);
        var (photo, bytes) = await Stripped(sent);
        Encoding.Latin1.GetString(sent).ShouldContain("SECRET");
        Encoding.Latin1.GetString(bytes).ShouldNotContain("SECRET", Case.Sensitive);
        Encoding.Latin1.GetString(bytes).ShouldNotContain("Exif", Case.Insensitive);
        (photo.Width, photo.Height, photo.Orientation, photo.Bytes).ShouldBe((40, 30, 8, bytes.Length));
        photo.Hints.Latitude!.Value.ShouldBe(50 + (50 / 60.0) + (48 / 3600.0), 1e-9);
        photo.Hints.Longitude!.Value.ShouldBe(4 + (21 / 60.0) + (9 / 3600.0), 1e-9);
        (photo.Hints.Taken, photo.Hints.Offset).ShouldBe((new DateTime(2026, 5, 4, 12, 34, 56), TimeSpan.FromHours(2)));
        photo.Removed.Sum(part => part.Bytes).ShouldBeGreaterThan(400);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Stripping_again_changes_nothing(string kind)
    {
        var (_, once) = await Stripped(Pictures.WithMetadata(Plain(kind), orientation: 3));
        var (photo, twice) = await Stripped(once);
        twice.ShouldBe(once);
        photo.Removed.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Chunks_of_any_size_give_the_same(string kind)
    {
        var sent = Pictures.WithMetadata(Plain(kind), orientation: 6);
        var (whole, expected) = await Stripped(sent);
        var random = new Random(2026);
        for (var round = 0; round < 200; round++)
        {
            using var target = new MemoryStream();
            var outcome = await StripPhoto.ToAsync(new Crumbs(sent, random, round < 5 ? 1 : 1 + (round * 7)), target);
            target.ToArray().ShouldBe(expected);
            outcome.Value.Removed.ShouldBe(whole.Removed);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_truncation_is_refused(string kind)
    {
        var sent = Plain(kind);
        for (var length = 0; length < sent.Length; length++)
        {
            var refusal = (await StripPhoto.ToAsync(new MemoryStream(sent, 0, length), new MemoryStream())).Refusal;
            refusal?.Kind.ShouldBe(RefusalKind.Invalid);
            refusal.ShouldNotBeNull($"{kind} cut to {length} of {sent.Length}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Damage_is_refused_or_harmless(string kind)
    {
        var random = new Random(kind.Length + 77);
        var sent = Pictures.WithMetadata(Plain(kind), orientation: 6);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = sent.ToArray();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            using var target = new MemoryStream();
            var outcome = await StripPhoto.ToAsync(new Crumbs(damaged, random, 4096), target);
            if (outcome.Is(out var photo, out _))
            {
                var again = await StripPhoto.ToAsync(new MemoryStream(target.ToArray()), new MemoryStream());
                again.Ok.ShouldBeTrue("what was let through is a photo");
                ((long)photo.Width * photo.Height).ShouldBeLessThanOrEqualTo(PhotoLimits.Default.PixelsMax);
                again.Value.Hints.ShouldBe(PhotoHints.None);
            }
        }
    }

    [Theory]
    [InlineData("jpegsave_buffer", "ICC_PROFILE")]
    [InlineData("pngsave_buffer", "iCCP")]
    [InlineData("webpsave_buffer", "ICCP")]
    public async Task Colour_profiles_and_transparency_stay(string saver, string mark)
    {
        const string half = """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle r="20" fill="red" fill-opacity="0.5"/></svg>""";
        var sent = DrawSvg.Draw(half, 1, image => image.Begin(saver).Set("keep", "icc").Set("profile", "srgb").Bytes());
        Encoding.Latin1.GetString(sent).ShouldContain(mark, Case.Sensitive);
        var (photo, bytes) = await Stripped(sent);
        photo.Removed.Select(part => part.Part).ShouldBeSubsetOf(["pHYs"]);
        Encoding.Latin1.GetString(bytes).ShouldContain(mark, Case.Sensitive);
        if (photo.Removed.Count == 0)
        {
            bytes.ShouldBe(sent);
        }
    }

    [Fact]
    public async Task A_big_photo_costs_no_memory()
    {
        var photo = Pictures.WithMetadata(Pictures.Jpeg(40, 30), 6);
        byte[] sent = [.. photo, .. new byte[16 << 20]];
        using var target = new MemoryStream(1 << 16);
        await StripPhoto.ToAsync(new MemoryStream(sent), target);
        target.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        await StripPhoto.ToAsync(new MemoryStream(sent), target);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldKeep("files.stripOf16Megabytes");
    }

    [Fact]
    public async Task Noise_behind_a_magic_number_is_refused()
    {
        var random = new Random(5);
        byte[][] magics = [[0xFF, 0xD8, 0xFF], [0x89, .. "PNG\r\n\u001a\n"u8], [.. "RIFF\u0010\u0020\0\0WEBPVP8 "u8]];
        for (var round = 0; round < 1000; round++)
        {
            var noise = new byte[random.Next(0, 5000)];
            random.NextBytes(noise);
            (await StripPhoto.ToAsync(new MemoryStream([.. magics[round % 3], .. noise]), new MemoryStream())).Refusal!.Kind.ShouldBe(RefusalKind.Invalid);
        }
    }

    [Theory]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "kernel.photoHeic")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0", "kernel.photoHeic")]
    [InlineData("\0\0\0\u0018ftypavif\0\0\0\0", "kernel.photoHeic")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0", "kernel.photoType")]
    [InlineData("GIF89a0123456789", "kernel.photoType")]
    [InlineData("%PDF-1.7 and so on", "kernel.photoType")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "kernel.photoType")]
    public async Task Other_types_are_named_by_their_content(string content, string code)
    {
        var refusal = (await StripPhoto.ToAsync(new MemoryStream(Encoding.Latin1.GetBytes(content)), new MemoryStream())).Refusal!;
        (refusal.Kind, refusal.Code).ShouldBe((RefusalKind.WrongType, code));
    }

    [Fact]
    public async Task A_bomb_is_refused_by_its_header()
    {
        var png = Pictures.Png(40, 30);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 50_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 50_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Pictures.SlowCrc(png.AsSpan(12, 17)));
        await Refused(png, "kernel.photoTooManyPixels");

        var jpeg = Pictures.Jpeg(40, 30);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 20_000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 20_000);
        await Refused(jpeg, "kernel.photoTooManyPixels");

        var webp = Pictures.Webp(40, 30);
        BinaryPrimitives.WriteUInt16LittleEndian(webp.AsSpan(26), 16_000);
        BinaryPrimitives.WriteUInt16LittleEndian(webp.AsSpan(28), 16_000);
        await Refused(webp, "kernel.photoTooManyPixels");
    }

    [Fact]
    public async Task Animations_are_refused()
    {
        var png = Pictures.Png(40, 30);
        await Refused([.. png[..33], .. Pictures.Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), .. png[33..]], "kernel.photoAnimated");
        byte[] body = [.. "WEBP"u8, .. Pictures.Riff("VP8X", [0x02, 0, 0, 0, 39, 0, 0, 29, 0, 0]), .. Pictures.Riff("ANIM", new byte[6])];
        await Refused(Pictures.Riff("RIFF", body), "kernel.photoAnimated");
    }

    [Fact]
    public async Task One_byte_too_many_is_too_big()
    {
        var photo = Pictures.Jpeg(40, 30);
        (await StripPhoto.ToAsync(new MemoryStream(photo), new MemoryStream(), new PhotoLimits { BytesMax = photo.Length })).Ok.ShouldBeTrue();
        var refusal = (await StripPhoto.ToAsync(new MemoryStream(photo), new MemoryStream(), new PhotoLimits { BytesMax = photo.Length - 1 })).Refusal!;
        (refusal.Kind, refusal.Code).ShouldBe((RefusalKind.TooBig, "kernel.photoTooBig"));
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_even_in_a_chunk_that_is_dropped()
    {
        var png = Pictures.Png(40, 30);
        var text = Pictures.Chunk("tEXt", "Author\0Nobody"u8);
        text[^1] ^= 1;
        await Refused([.. png[..33], .. text, .. png[33..]], "kernel.photoBroken");
    }

    [Fact]
    public async Task A_jpeg_with_endless_scans_is_refused()
    {
        var jpeg = Pictures.Jpeg(40, 30);
        var scan = jpeg[jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])..^2];
        await Refused([.. jpeg[..^2], .. Enumerable.Repeat(scan, 100).SelectMany(bytes => bytes), 0xFF, 0xD9], "kernel.photoBroken");
    }

    [Fact]
    public void Checksums_agree_with_the_definition()
    {
        Crc32.Append(0, "123456789"u8).ShouldBe(0xCBF43926);
        var random = new Random(1);
        var data = new byte[1000];
        random.NextBytes(data);
        for (var length = 0; length < 100; length++)
        {
            var cut = random.Next(length + 1);
            Crc32.Append(Crc32.Append(0, data.AsSpan(0, cut)), data.AsSpan(cut, length - cut)).ShouldBe(Pictures.SlowCrc(data.AsSpan(0, length)));
        }
    }

    private static byte[] Plain(string kind) => kind switch
    {
        "jpeg" => Pictures.Jpeg(40, 30),
        "progressive" => Pictures.Jpeg(40, 30, progressive: true),
        "png" => Pictures.Png(40, 30),
        "webp" => Pictures.Webp(40, 30),
        _ => Pictures.Webp(40, 30, lossless: true),
    };

    private static async Task<(StrippedPhoto Photo, byte[] Bytes)> Stripped(byte[] sent)
    {
        using var target = new MemoryStream();
        var outcome = await StripPhoto.ToAsync(new MemoryStream(sent), target);
        outcome.Refusal.ShouldBeNull();
        return (outcome.Value, target.ToArray());
    }

    private static async Task Refused(byte[] sent, string code)
    {
        var refusal = (await StripPhoto.ToAsync(new MemoryStream(sent), new MemoryStream())).Refusal;
        (refusal?.Kind, refusal?.Code).ShouldBe((RefusalKind.Invalid, code));
    }

    /// <summary>A stream that gives what it has in portions of random size, as networks do.</summary>
    private sealed class Crumbs(byte[] bytes, Random random, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, most + 1))], cancellationToken);
    }
}
