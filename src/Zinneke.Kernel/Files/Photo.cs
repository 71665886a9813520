namespace Zinneke.Kernel;

/// <summary>The formats taken from people. HEIC and AVIF are recognised only to be refused with advice.</summary>
public enum PhotoFormat
{
    Jpeg = 1,
    Png = 2,
    Webp = 3,
}

/// <summary>What one photo may be. All of it is known from the header, before a pixel is decoded.</summary>
public sealed record PhotoLimits
{
    public static PhotoLimits Default { get; } = new();

    /// <summary>Bytes as sent, with metadata: 20 MiB.</summary>
    public long BytesMax { get; init; } = 20 * 1024 * 1024;

    /// <summary>Width times height: 60 megapixels.</summary>
    public long PixelsMax { get; init; } = 60_000_000;

    /// <summary>Longest side in pixels; JPEG renditions cannot be longer.</summary>
    public int SideMax { get; init; } = 65_500;
}

/// <summary>
/// Where and when a photo says it was taken. Read in memory while the photo streams by and shown to the person as a proposal; written nowhere unless they accept it.
/// </summary>
/// <param name="Longitude">Degrees east, WGS 84, within ±180; null together with the latitude.</param>
/// <param name="Latitude">Degrees north, WGS 84, within ±90.</param>
/// <param name="Taken">The camera's local time.</param>
/// <param name="Offset">The camera's offset from UTC, where it says so; most do not, and then the instance's zone is the best guess.</param>
public sealed record PhotoHints(double? Longitude, double? Latitude, DateTime? Taken, TimeSpan? Offset)
{
    public static PhotoHints None { get; } = new(null, null, null, null);
}

/// <summary>A kind of data that was left out of a photo.</summary>
/// <param name="Part">Segment or chunk, such as <c>APP1 Exif</c> or <c>tEXt</c>; several of one kind are added up.</param>
/// <param name="Bytes">Size with its marker, length and checksum.</param>
public sealed record RemovedPart(string Part, long Bytes);

/// <summary>What is known of a photo once its pixels, and nothing else, have been written.</summary>
/// <param name="Bytes">Size of what was written.</param>
/// <param name="Width">Pixels as stored, before turning.</param>
/// <param name="Height">Pixels as stored, before turning.</param>
/// <param name="Orientation">1 to 8 as in Exif 2.32 tag 0x0112; 1 is upright. The stripped file no longer says it: the record must.</param>
public sealed record StrippedPhoto(PhotoFormat Format, long Bytes, int Width, int Height, int Orientation, PhotoHints Hints, IReadOnlyList<RemovedPart> Removed);
