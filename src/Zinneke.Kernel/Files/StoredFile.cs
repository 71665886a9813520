using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Who may see the renditions of a file. The file itself is never public.</summary>
public enum FileVisibility
{
    /// <summary>Not released yet: the form that it belongs to has not been sent.</summary>
    Private = 0,
    Public = 1,

    /// <summary>Taken out of sight by staff.</summary>
    Hidden = 2,
}

/// <summary>Where a photo's renditions stand.</summary>
public enum RenditionState
{
    Pending = 0,
    Ready = 1,

    /// <summary>The photo cannot be drawn; there will be no renditions.</summary>
    Broken = 2,
}

/// <summary>A stripped photo on disk and what is known of it. Its renditions are drawn beside; both are files in the <see cref="FileStore"/>.</summary>
public sealed class StoredFile
{
    /// <summary>How long a photo waits for the form that it belongs to.</summary>
    public static readonly TimeSpan UnclaimedFor = TimeSpan.FromHours(24);

    public required Guid Id { get; set; }

    /// <summary>SHA-256 of the stripped photo, 64 lower-case hexadecimal digits. Several rows may share one file.</summary>
    public required string Hash { get; set; }

    public required PhotoFormat Format { get; set; }

    public required long Bytes { get; set; }

    /// <summary>Pixels as stored, before turning.</summary>
    public required int Width { get; set; }

    public required int Height { get; set; }

    /// <summary>1 to 8 as in Exif; the file does not say it any more.</summary>
    public required int Orientation { get; set; }

    public required long CreatedAt { get; set; }

    /// <summary>The stripped photo itself was deleted; its renditions stay.</summary>
    public bool OriginalGone { get; private set; }

    public FileVisibility Visibility { get; private set; }

    public RenditionState State { get; private set; }

    /// <summary>SHA-256 of the large rendition, under which all three are served; null until they are ready. Changes with every redaction.</summary>
    public string? Picture { get; private set; }

    /// <summary>Black rectangles, as JSON text; null when there are none.</summary>
    public string? Redacted { get; private set; }

    /// <summary>When the file is deleted because nobody claimed it, UTC microseconds; null once claimed.</summary>
    public long? ExpiresAt { get; private set; }

    /// <summary>How often drawing was begun: a photo that kills its drawer must not do so for ever.</summary>
    public int Attempts { get; private set; }

    /// <summary>Until when somebody is drawing it, UTC microseconds.</summary>
    public long DrawnUntil { get; private set; }

    public long Version { get; set; }

    public IReadOnlyList<Redaction> Redactions => Redacted is null ? [] : JsonSerializer.Deserialize<List<Redaction>>(Redacted, Json.Options)!;

    /// <summary>What follows the hash in the name of the photo.</summary>
    public string Ending => EndingOf(Format);

    /// <summary>Path of a rendition on this site, or null while there is none.</summary>
    /// <param name="variant">large, medium or thumb.</param>
    public string? PathOf(string variant) => Picture is null ? null : $"/files/{Picture}/{variant}.jpg";

    /// <summary>A row for a photo that was kept. It is private and goes away by itself unless it is claimed.</summary>
    public static StoredFile Of(KeptPhoto kept, Guid id, long now) => new()
    {
        Id = id,
        Hash = kept.Hash,
        Format = kept.About.Format,
        Bytes = kept.About.Bytes,
        Width = kept.About.Width,
        Height = kept.About.Height,
        Orientation = kept.About.Orientation,
        CreatedAt = now,
        ExpiresAt = now + UnclaimedFor.ToMicros(),
    };

    /// <summary>Another row for the same photo, with the renditions that are drawn already; private and unclaimed like a new one.</summary>
    public StoredFile Again(Guid id, long now) => new()
    {
        Id = id,
        Hash = Hash,
        Format = Format,
        Bytes = Bytes,
        Width = Width,
        Height = Height,
        Orientation = Orientation,
        CreatedAt = now,
        ExpiresAt = now + UnclaimedFor.ToMicros(),
        State = State,
        Picture = Picture,
        Redacted = Redacted,
    };

    /// <summary>Binds the file to what it was sent for: it stays until it is erased.</summary>
    public void Claim(FileVisibility visibility)
    {
        ExpiresAt = null;
        Visibility = visibility;
    }

    public void Show(bool shown) => Visibility = shown ? FileVisibility.Public : FileVisibility.Hidden;

    /// <summary>Blackens parts of the photo. The old renditions are no longer served; new ones are drawn.</summary>
    /// <param name="redactions">All that are to be black from now on; none gives the whole photo back.</param>
    /// <returns><c>kernel.originalGone</c> when there is nothing left to draw from; the photo can still be hidden.</returns>
    public Outcome<Done> Redact(IReadOnlyList<Redaction> redactions)
    {
        if (OriginalGone)
        {
            return new Refusal(RefusalKind.Gone, "kernel.originalGone");
        }
        Redacted = redactions.Count == 0 ? null : JsonSerializer.Serialize(redactions, Json.Options);
        (State, Picture, Attempts, DrawnUntil) = (RenditionState.Pending, null, 0, 0);
        return default(Done);
    }

    /// <summary>Gives up the stripped photo in full size, when its time is over; the renditions stay. The sweep deletes the bytes.</summary>
    /// <returns>False while renditions are still to be drawn from it.</returns>
    public bool ForgetOriginal() => OriginalGone = OriginalGone || State != RenditionState.Pending;

    /// <summary>Begins an attempt at drawing.</summary>
    /// <returns>False when nothing is to be drawn, somebody else is at it, or the attempts are used up: then the photo counts as broken.</returns>
    internal bool BeginDrawing(long now, TimeSpan atMost, int attemptsMax)
    {
        if (State != RenditionState.Pending || DrawnUntil > now)
        {
            return false;
        }
        if (Attempts >= attemptsMax)
        {
            State = RenditionState.Broken;
            return false;
        }
        Attempts++;
        DrawnUntil = now + atMost.ToMicros();
        return true;
    }

    /// <summary>An attempt that failed for no fault of the photo does not count.</summary>
    /// <param name="again">When it may be tried again, UTC microseconds.</param>
    internal void GiveBackDrawing(long again) => (Attempts, DrawnUntil) = (Math.Max(0, Attempts - 1), again);

    /// <param name="picture">Null when the photo cannot be drawn.</param>
    internal void EndDrawing(string? picture)
    {
        (Picture, State, DrawnUntil) = (picture, picture is null ? RenditionState.Broken : RenditionState.Ready, 0);
    }

    internal static string EndingOf(PhotoFormat format) => format switch
    {
        PhotoFormat.Jpeg => ".jpg",
        PhotoFormat.Png => ".png",
        _ => ".webp",
    };

    internal static void Map(ModelBuilder model) => model.Entity<StoredFile>(file =>
    {
        file.ToTable("stored_files").HasKey(f => f.Id);
        file.HasIndex(f => f.Hash);
        file.HasIndex(f => f.Picture);
        file.HasIndex(f => new { f.State, f.CreatedAt });
        file.HasIndex(f => f.ExpiresAt);
        file.Ignore(f => f.Redactions);
        file.Ignore(f => f.Ending);
    });
}

/// <summary>A photo that lies in the store and has no row yet.</summary>
public sealed record KeptPhoto(string Hash, StrippedPhoto About);

/// <summary>The renditions of a file are ready, or turned out to be impossible.</summary>
/// <param name="Ready">False when the photo cannot be drawn.</param>
[EventType("kernel.file.drawn")]
public sealed record FileDrawn(bool Ready);
