using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>
/// Draws the renditions that are still to be drawn, after the sender has been answered. What is to be done stands in the rows, so nothing is forgotten by a crash; an
/// attempt is counted before it begins, so a photo that kills the process does so three times at most. One that failed because the disk or the library was away is
/// given back: the photo waits as long as it takes.
/// </summary>
public sealed class DrawFiles(Database database, Writer writer, FileStore files, TimeProvider time, ILogger<DrawFiles> log)
{
    private const int AttemptsMax = 3;

    /// <summary>How long an attempt may take before another node tries; honest photos take under three seconds.</summary>
    private static readonly TimeSpan AttemptMax = TimeSpan.FromMinutes(2);

    /// <summary>After an outage; other photos have their turn meanwhile.</summary>
    private static readonly TimeSpan OutageWait = TimeSpan.FromMinutes(1);

    /// <summary>What an attempt draws; it must still be what is wanted when the attempt ends.</summary>
    private sealed record Attempt(Guid Id, string Path, int Orientation, string? Redacted, IReadOnlyList<Redaction> Redactions);

    /// <summary>Draws everything that waits.</summary>
    public async Task AllAsync(CancellationToken cancel = default)
    {
        while (await NextAsync(cancel))
        {
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Draws the renditions of the photo that has waited longest.</summary>
    /// <returns>False when none waits.</returns>
    /// <exception cref="IOException">The disk is away, or the file is not on it.</exception>
    /// <exception cref="DllNotFoundException">The library that draws is away.</exception>
    public async Task<bool> NextAsync(CancellationToken cancel = default)
    {
        var now = time.NowMicros();
        await using var store = database.Open();
        var oldest = await store.Set<StoredFile>()
            .Where(file => file.State == RenditionState.Pending && file.DrawnUntil <= now)
            .OrderBy(file => file.CreatedAt)
            .Select(file => (Guid?)file.Id)
            .FirstOrDefaultAsync(cancel);
        if (oldest is not { } id)
        {
            return false;
        }
        if (await BeginAsync(id, cancel) is { } attempt)
        {
            try
            {
                await EndAsync(attempt, await DrawAsync(attempt, cancel), cancel);
            }
            catch (Exception outage) when (outage is IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                await GiveBackAsync(attempt, cancel);
                throw;
            }
        }
        return true;
    }

    private async Task<Attempt?> BeginAsync(Guid id, CancellationToken cancel)
    {
        Attempt? attempt = null;
        await writer.DoAsync(Actor.System, async unit =>
        {
            attempt = null;
            if (await unit.Store.Set<StoredFile>().SingleOrDefaultAsync(file => file.Id == id, cancel) is not { } file)
            {
                return;
            }
            if (file.BeginDrawing(unit.Now, AttemptMax, AttemptsMax))
            {
                attempt = new Attempt(id, files.PathOf(file.Hash, file.Ending), file.Orientation, file.Redacted, file.Redactions);
            }
            else if (file.State == RenditionState.Broken)
            {
                unit.Publish(new Subject("file", id), file.Version + 1, new FileDrawn(Ready: false));
            }
        }, cancel);
        return attempt;
    }

    /// <returns>The name of the renditions on disk, or null when the photo cannot be drawn.</returns>
    private async Task<string?> DrawAsync(Attempt attempt, CancellationToken cancel)
    {
        var drawn = await Task.Run(() => DrawRenditions.Draw(attempt.Path, attempt.Orientation, attempt.Redactions), cancel);
        if (!drawn.Is(out var renditions, out var refusal))
        {
            await ReadThroughAsync(attempt.Path, cancel); // A decoder says the same of a bad picture and of a disk that fails.
            log.LogWarning("The renditions of file {File} cannot be drawn: {Code}", attempt.Id, refusal.Code);
            return null;
        }
        var picture = Convert.ToHexStringLower(SHA256.HashData(renditions.Large));
        await files.SaveAsync(picture, EndingOf("large"), renditions.Large, cancel);
        await files.SaveAsync(picture, EndingOf("medium"), renditions.Medium, cancel);
        await files.SaveAsync(picture, EndingOf("thumb"), renditions.Thumb, cancel);
        return picture;
    }

    private static async Task ReadThroughAsync(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        await file.CopyToAsync(Stream.Null, cancel);
    }

    private Task GiveBackAsync(Attempt attempt, CancellationToken cancel) => writer.DoAsync(Actor.System, async unit =>
    {
        var file = await unit.Store.Set<StoredFile>().SingleOrDefaultAsync(file => file.Id == attempt.Id, cancel);
        if (file is { State: RenditionState.Pending } && file.Redacted == attempt.Redacted)
        {
            file.GiveBackDrawing(unit.Now + OutageWait.ToMicros());
        }
    }, cancel);

    private Task EndAsync(Attempt attempt, string? picture, CancellationToken cancel) => writer.DoAsync(Actor.System, async unit =>
    {
        var file = await unit.Store.Set<StoredFile>().SingleOrDefaultAsync(file => file.Id == attempt.Id, cancel);
        // Erased or redacted in the meantime: what was drawn has no row and is swept.
        if (file is { State: RenditionState.Pending } && file.Redacted == attempt.Redacted)
        {
            file.EndDrawing(picture);
            unit.Publish(new Subject("file", file.Id), file.Version + 1, new FileDrawn(picture is not null));
        }
    }, cancel);

    /// <summary>Path of the photo in full size or, once that is gone, of its largest rendition; null when there is neither.</summary>
    public static string? LargestOf(FileStore files, StoredFile file) =>
        !file.OriginalGone ? files.PathOf(file.Hash, file.Ending) : file.Picture is { } picture ? files.PathOf(picture, EndingOf("large")) : null;

    /// <summary>What follows the hash in the name of a rendition.</summary>
    /// <param name="variant">large, medium or thumb.</param>
    internal static string EndingOf(string variant) => $"-{variant}.jpg";
}
