namespace Zinneke.Kernel;

/// <summary>What a stripper learns of a photo on the way, and the refusals it can end with.</summary>
internal sealed class PhotoFindings(PhotoLimits limits)
{
    private readonly List<RemovedPart> removed = [];

    public static Refusal Broken { get; } = new(RefusalKind.Invalid, "kernel.photoBroken");

    public static Refusal Animated { get; } = new(RefusalKind.Invalid, "kernel.photoAnimated");

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int Orientation { get; private set; } = 1;

    public PhotoHints Hints { get; private set; } = PhotoHints.None;

    public IReadOnlyList<RemovedPart> Removed => removed;

    /// <summary>Takes the dimensions from a header.</summary>
    /// <returns>A refusal when they are beyond the limits, contradict an earlier header, or are none.</returns>
    public Refusal? Measure(int width, int height)
    {
        if (width <= 0 || height <= 0 || (Width > 0 && (Width, Height) != (width, height)))
        {
            return Broken;
        }
        (Width, Height) = (width, height);
        return width > limits.SideMax || height > limits.SideMax || (long)width * height > limits.PixelsMax
            ? new Refusal(RefusalKind.Invalid, "kernel.photoTooManyPixels") { Arguments = [limits.PixelsMax / 1_000_000] }
            : null;
    }

    /// <param name="part">One of a fixed set of names, so that the list stays short whatever is sent.</param>
    public void Remove(string part, long bytes)
    {
        var known = removed.FindIndex(entry => entry.Part == part);
        if (known < 0)
        {
            removed.Add(new RemovedPart(part, bytes));
        }
        else
        {
            removed[known] = removed[known] with { Bytes = removed[known].Bytes + bytes };
        }
    }

    /// <param name="exif">A TIFF structure, with or without the six bytes "Exif" before it. The first one that says something counts.</param>
    public void Look(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith("Exif\0\0"u8))
        {
            exif = exif[6..];
        }
        var (orientation, hints) = ExifReader.Read(exif);
        Orientation = Orientation == 1 ? orientation : Orientation;
        Hints = Hints == PhotoHints.None ? hints : Hints;
    }
}
