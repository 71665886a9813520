using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Whether every stored file is there and still holds what its name says, and every rendition is there.</summary>
internal sealed class FilesCheck(Database database, FileStore files) : Check
{
    private const int PageSize = 500;
    private const string Unreadable = "";
    private static readonly string[] Variants = ["large", "medium", "thumb"];

    public override string Name => "kernel.files";

    public override async Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var (last, count) = (Guid.Empty, 0L);
        while (await store.Set<StoredFile>().AsNoTracking().Where(file => file.Id.CompareTo(last) > 0).OrderBy(file => file.Id).Take(PageSize).ToListAsync(cancellation) is { Count: > 0 } page)
        {
            foreach (var (at, file) in page.Index())
            {
                looked(count + at);
                if (await FaultAsync(file, cancellation) is { } fault && await IsStillAsync(store, file, cancellation))
                {
                    wrong($"file {file.Id}", fault);
                }
            }
            (last, count) = (page[^1].Id, count + page.Count);
        }
        return count;
    }

    private async Task<string?> FaultAsync(StoredFile file, CancellationToken cancellation)
    {
        if (!file.OriginalGone && await HashAsync(files.PathOf(file.Hash, file.Ending), cancellation) is var hash && hash != file.Hash)
        {
            return hash switch
            {
                null => $"{file.Hash}{file.Ending} is missing",
                Unreadable => $"{file.Hash}{file.Ending} cannot be read",
                _ => $"{file.Hash}{file.Ending} holds something else than its name says",
            };
        }
        return file.Picture is { } picture && Variants.FirstOrDefault(variant => !files.Has(picture, DrawFiles.EndingOf(variant))) is { } missing ? $"{picture}{DrawFiles.EndingOf(missing)} is missing" : null;
    }

    /// <summary>A file that was forgotten or drawn anew while it was looked at is no fault.</summary>
    private static Task<bool> IsStillAsync(Store store, StoredFile file, CancellationToken cancellation) =>
        store.Set<StoredFile>().AnyAsync(now => now.Id == file.Id && now.OriginalGone == file.OriginalGone && now.Picture == file.Picture, cancellation);

    /// <returns>Null when it is missing.</returns>
    private static async Task<string?> HashAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var content = new FileStream(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException)
        {
            return Unreadable; // A failing disk is what one looks for: the others are looked at all the same.
        }
    }
}
