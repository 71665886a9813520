namespace Zinneke.Kernel;

/// <summary>A photo that was stripped, can be decoded, and lies beside the stored files until it is kept; disposing it before deletes it.</summary>
public sealed class IncomingPhoto : IAsyncDisposable
{
    /// <summary>Checks that may run at once: one core stays free for answering. Drawing, which nobody waits for, runs one by one elsewhere.</summary>
    private static readonly SemaphoreSlim FreeCores = new(Math.Max(1, Environment.ProcessorCount - 1));

    private readonly IncomingFile file;

    private IncomingPhoto(IncomingFile file, StrippedPhoto about)
    {
        this.file = file;
        About = about;
    }

    public StrippedPhoto About { get; }

    /// <summary>Takes a photo from anywhere: an upload, an import, a fetched address.</summary>
    /// <returns>The photo; else the refusals of <see cref="StripPhoto"/>, and <c>kernel.photoBroken</c> for what looks right but cannot be decoded.</returns>
    public static async Task<Outcome<IncomingPhoto>> ReadAsync(Stream source, FileStore files, PhotoLimits? limits = null, CancellationToken cancel = default)
    {
        var file = files.Begin();
        var taken = false;
        try
        {
            var outcome = await StripPhoto.ToAsync(source, file.Stream, limits, cancel);
            if (!outcome.Is(out var about, out var refusal))
            {
                return refusal;
            }
            await file.Stream.FlushAsync(cancel);
            if (await TryDecodeAsync(file.Path, cancel) is { } undecodable)
            {
                return undecodable;
            }
            taken = true;
            return new IncomingPhoto(file, about);
        }
        finally
        {
            if (!taken)
            {
                await file.DisposeAsync();
            }
        }
    }

    /// <summary>Moves the photo into the store, on disk when this returns. Do so before the use case that adds its <see cref="StoredFile"/>: bytes without a row are swept, a row without bytes is a loss.</summary>
    public async Task<KeptPhoto> KeepAsync(CancellationToken cancel = default) => new(await file.KeepAsync(StoredFile.EndingOf(About.Format), cancel), About);

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private static async Task<Refusal?> TryDecodeAsync(string path, CancellationToken cancel)
    {
        await FreeCores.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => DrawRenditions.TryDecode(path), cancel);
        }
        finally
        {
            FreeCores.Release();
        }
    }
}
