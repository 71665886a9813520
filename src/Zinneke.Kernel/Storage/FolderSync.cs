using System.Runtime.InteropServices;

namespace Zinneke.Kernel;

/// <summary>Makes names in a folder survive a power cut: syncing a file does not sync the name that leads to it. .NET cannot open a folder, so the C library is asked.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The system refuses.</exception>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS keeps names in its own journal.
        }
        var descriptor = Open(folder, ReadOnly);
        var failed = descriptor < 0 || Fsync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeErrorMessage();
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }
        if (failed)
        {
            throw new IOException($"{folder} cannot be synced: {error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
