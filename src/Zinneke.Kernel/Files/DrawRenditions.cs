namespace Zinneke.Kernel;

/// <summary>A part of a photo that nobody may see, as shares (0 to 1) of the width and height of the upright picture, from its top left corner.</summary>
public readonly record struct Redaction(double X, double Y, double Width, double Height);

/// <summary>The public pictures of a photo.</summary>
/// <param name="Width">Pixels of the large one, upright.</param>
/// <param name="Height">Pixels of the large one, upright.</param>
/// <param name="Large">JPEG, longest side at most 2,048 pixels; no rendition is larger than the photo itself.</param>
/// <param name="Medium">JPEG, longest side at most 800 pixels.</param>
/// <param name="Thumb">JPEG, longest side at most 320 pixels.</param>
public sealed record Renditions(int Width, int Height, byte[] Large, byte[] Medium, byte[] Thumb);

/// <summary>Draws the public pictures of a stripped photo from its pixels, through libvips: turned upright, in sRGB, without transparency, metadata or profile.</summary>
public static class DrawRenditions
{
    public const int LargeSide = 2048, MediumSide = 800, ThumbSide = 320;

    private const int Quality = 82;

    /// <summary>A limit against pictures made to be slow; an honest one of 60 megapixels takes two seconds.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(20);

    /// <summary>Takes hundreds of milliseconds of one core: never call it while somebody waits for an answer.</summary>
    /// <param name="path">A file that <see cref="StripPhoto"/> wrote.</param>
    /// <param name="orientation">1 to 8, from the record: the file does not say it.</param>
    /// <param name="redactions">Burned in before anything is made smaller.</param>
    /// <returns>The pictures, or a refusal when the photo cannot be decoded.</returns>
    public static Outcome<Renditions> Draw(string path, int orientation, IReadOnlyList<Redaction> redactions) => Draw(path, orientation, redactions, TimeMax);

    internal static Outcome<Renditions> Draw(string path, int orientation, IReadOnlyList<Redaction> redactions, TimeSpan timeMax)
    {
        try
        {
            using var large = Upright(path, orientation, timeMax);
            foreach (var redaction in redactions)
            {
                Burn(large, redaction);
            }
            using var medium = Smaller(large, MediumSide);
            using var thumb = Smaller(medium, ThumbSide);
            return new Renditions(large.Width, large.Height, Jpeg(large), Jpeg(medium), Jpeg(thumb));
        }
        catch (VipsException)
        {
            return PhotoFindings.Broken;
        }
    }

    /// <summary>Decodes a photo as far as needed to know that <see cref="Draw"/> will succeed: a JPEG to an eighth of its size, the others whole.</summary>
    /// <returns>The refusal that the sender of a picture gets which looks right from outside and is not; else null.</returns>
    public static Refusal? TryDecode(string path)
    {
        try
        {
            using var tiny = Load(path, 16, TimeMax);
            using var pixels = tiny.InMemory();
            return null;
        }
        catch (VipsException)
        {
            return PhotoFindings.Broken;
        }
    }

    private static VipsImage Load(string path, int side, TimeSpan timeMax)
    {
        var image = new VipsOperation("thumbnail")
            .Set("filename", path)
            .Set("width", side)
            .Set("height", side)
            .Set("size", "down")
            .Set("no-rotate", "true")
            .Set("output-profile", "srgb")
            .Set("fail-on", "error")
            .Image();
        image.StopAfter(timeMax);
        return image;
    }

    private static VipsImage Upright(string path, int orientation, TimeSpan timeMax)
    {
        using var loaded = Load(path, LargeSide, timeMax);
        using var colour = loaded.Begin("colourspace").Set("space", "srgb").Image();
        using var opaque = colour.HasAlpha ? colour.Begin("flatten").Set("background", "255").Image() : colour.Begin("copy").Image();
        // In memory before it is turned: the file is read from top to bottom once.
        using var pixels = opaque.InMemory();
        pixels.SetHeader("orientation", orientation);
        using var turned = pixels.Begin("autorot").Image();
        return turned.InMemory();
    }

    private static VipsImage Smaller(VipsImage image, int side)
    {
        using var smaller = image.Begin("thumbnail_image").Set("width", side).Set("height", side).Set("size", "down").Image();
        return smaller.InMemory();
    }

    private static byte[] Jpeg(VipsImage image) =>
        image.Begin("jpegsave_buffer").Set("Q", Quality).Set("keep", "none").Set("optimize-coding", "true").Bytes();

    private static void Burn(VipsImage image, Redaction redaction)
    {
        var left = (int)Math.Floor(Math.Clamp(redaction.X, 0, 1) * image.Width);
        var top = (int)Math.Floor(Math.Clamp(redaction.Y, 0, 1) * image.Height);
        var right = (int)Math.Ceiling(Math.Clamp(redaction.X + redaction.Width, 0, 1) * image.Width);
        var bottom = (int)Math.Ceiling(Math.Clamp(redaction.Y + redaction.Height, 0, 1) * image.Height);
        if (right > left && bottom > top)
        {
            image.Begin("draw_rect", "image")
                .Set("ink", "0 0 0")
                .Set("left", left)
                .Set("top", top)
                .Set("width", right - left)
                .Set("height", bottom - top)
                .Set("fill", "true")
                .Run();
        }
    }
}
