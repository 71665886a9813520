using System.Buffers.Binary;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Files;

public sealed class DrawRenditionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ReferenceFact("reports/photos/plain.jpg")]
    public void The_reference_photo_is_turned_upright()
    {
        var drawn = DrawRenditions.Draw(ReferenceData.At("reports/photos/plain.jpg"), orientation: 6, []).Value;
        (drawn.Width, drawn.Height).ShouldBe((48, 64));
        SizeOf(drawn.Thumb).ShouldBe((48, 64), "nothing is made larger");
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("progressive")]
    [InlineData("png")]
    [InlineData("webp")]
    public void Three_sizes_from_each_format(string kind)
    {
        var drawn = Draw(kind, 3000, 2000, 1);
        (SizeOf(drawn.Large), SizeOf(drawn.Medium), SizeOf(drawn.Thumb)).ShouldBe(((2048, 1365), (800, 533), (320, 213)));
    }

    // The sent picture: a green band on top, below it red left and blue right. Where the corners go: Exif 2.32, 4.6.4, tag 0x0112.
    [Theory]
    [InlineData(1, "gg rb")]
    [InlineData(2, "gg br")]
    [InlineData(3, "br gg")]
    [InlineData(4, "rb gg")]
    [InlineData(5, "gr gb")]
    [InlineData(6, "rg bg")]
    [InlineData(7, "bg rg")]
    [InlineData(8, "gb gr")]
    public void Every_orientation_is_turned(int orientation, string corners)
    {
        var drawn = Draw("png", 400, 300, orientation);
        SizeOf(drawn.Large).ShouldBe(orientation < 5 ? (400, 300) : (300, 400));
        CornersOf(drawn.Large).ShouldBe(corners);
        CornersOf(drawn.Thumb).ShouldBe(corners);
    }

    [Fact]
    public void Redactions_are_burned_into_every_size_of_the_upright_picture()
    {
        var drawn = Draw("jpeg", 1000, 600, orientation: 6, new Redaction(0, 0, 0.3, 0.3), new Redaction(0.7, 0.7, 9, 9), new Redaction(0.5, 0.5, 0, 0.1));
        CornersOf(drawn.Large).ShouldBe(".g b.");
        CornersOf(drawn.Medium).ShouldBe(".g b.");
        CornersOf(drawn.Thumb).ShouldBe(".g b.");
    }

    [Fact]
    public async Task Renditions_carry_nothing_but_pixels()
    {
        var drawn = Draw("jpeg", 500, 400, 6);
        (await StripPhoto.ToAsync(new MemoryStream(drawn.Large), new MemoryStream())).Value.Removed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    public void What_looks_like_a_photo_and_is_none_is_found_out(string kind)
    {
        var path = Write(kind, 400, 300);
        DrawRenditions.TryDecode(path).ShouldBeNull();
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        DrawRenditions.TryDecode(path)!.Code.ShouldBe("kernel.photoBroken");
        DrawRenditions.Draw(path, 1, []).Refusal!.Code.ShouldBe("kernel.photoBroken");
    }

    [Theory]
    [InlineData("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")]
    [InlineData("jpg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")]
    [InlineData("gif", "GIF89a\u0001\0\u0001\0\0\0\0,\0\0\0\0\u0001\0\u0001\0\0\u0002\u0002D\u0001\0;")]
    [InlineData("ppm", "P3 1 1 255 0 0 0 ")]
    public void Loaders_for_anything_else_are_blocked(string ending, string content)
    {
        DrawSvg.ToPng(Pictures.Svg(5, 5)).Length.ShouldBeGreaterThan(50);
        var path = Path.Combine(folder, $"photo.{ending}");
        File.WriteAllText(path, content, System.Text.Encoding.Latin1);
        DrawRenditions.TryDecode(path)!.Code.ShouldBe("kernel.photoBroken");
    }

    [Theory]
    [InlineData("grey16", "png")]
    [InlineData("rgb16", "png")]
    [InlineData("b-w", "png")]
    [InlineData("b-w", "jpeg")]
    [InlineData("cmyk", "jpeg")]
    public void Every_kind_of_colour_becomes_an_ordinary_picture(string space, string format)
    {
        var photo = DrawSvg.Draw(Pictures.Svg(100, 80), 1, image =>
        {
            using var converted = image.Begin("colourspace").Set("space", space).Image();
            return converted.Begin($"{format}save_buffer").Bytes();
        });
        var path = Path.Combine(folder, "colour.photo");
        File.WriteAllBytes(path, photo);
        var drawn = DrawRenditions.Draw(path, 1, []).Value;
        SizeOf(drawn.Large).ShouldBe((100, 80));
        drawn.Large[drawn.Large.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 9].ShouldBe((byte)3, "three components");
    }

    [Fact]
    public void What_is_transparent_becomes_white()
    {
        var path = Path.Combine(folder, "clear.photo");
        File.WriteAllBytes(path, DrawSvg.ToPng("""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>"""));
        var drawn = DrawRenditions.Draw(path, 1, []).Value;
        File.WriteAllBytes(path, drawn.Large);
        using var image = new VipsOperation("jpegload").Set("filename", path).Image();
        image.Begin("rawsave_buffer").Bytes().ShouldAllBe(value => value >= 254);
    }

    [Fact]
    public void A_picture_that_takes_too_long_is_given_up()
    {
        var path = Write("png", 3000, 2000);
        DrawRenditions.Draw(path, 1, [], TimeSpan.Zero).Refusal!.Code.ShouldBe("kernel.photoBroken");
        DrawRenditions.Draw(path, 1, [], TimeSpan.FromMinutes(1)).Ok.ShouldBeTrue();
    }

    [Fact]
    public void Svg_that_we_wrote_becomes_png_and_jpeg()
    {
        StripPhoto.FormatOf(DrawSvg.ToPng(Pictures.Svg(50, 20))).ShouldBe(PhotoFormat.Png);
        SizeOf(DrawSvg.ToJpeg(Pictures.Svg(50, 20), scale: 2)).ShouldBe((100, 40));
    }

    private Renditions Draw(string kind, int width, int height, int orientation, params Redaction[] redactions) =>
        DrawRenditions.Draw(Write(kind, width, height), orientation, redactions).Value;

    private string Write(string kind, int width, int height)
    {
        var path = Path.Combine(folder, $"{kind}.photo");
        File.WriteAllBytes(path, kind switch
        {
            "jpeg" => Pictures.Jpeg(width, height),
            "progressive" => Pictures.Jpeg(width, height, progressive: true),
            "png" => Pictures.Png(width, height),
            _ => Pictures.Webp(width, height),
        });
        return path;
    }

    private static (int, int) SizeOf(byte[] jpeg)
    {
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        return (BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(frame + 7)), BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(frame + 5)));
    }

    /// <summary>The colours near the four corners: r, g, b, or a dot for black.</summary>
    private string CornersOf(byte[] jpeg)
    {
        var path = Path.Combine(folder, "corners.jpg");
        File.WriteAllBytes(path, jpeg);
        using var image = new VipsOperation("jpegload").Set("filename", path).Image();
        var (right, bottom) = (image.Width * 19 / 20, image.Height * 19 / 20);
        var (left, top) = (image.Width / 20, image.Height / 20);
        return $"{At(left, top)}{At(right, top)} {At(left, bottom)}{At(right, bottom)}";

        char At(int x, int y)
        {
            // One pixel: three bytes.
            using var pixel = image.Begin("crop", "input").Set("left", x).Set("top", y).Set("width", 1).Set("height", 1).Image();
            var bytes = pixel.Begin("rawsave_buffer").Bytes();
            return bytes.Max() < 100 ? '.' : "rgb"[Array.IndexOf(bytes, bytes.Max())];
        }
    }
}
