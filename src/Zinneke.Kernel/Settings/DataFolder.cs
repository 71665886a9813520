using System.Globalization;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>The folder that holds everything an installation writes (K36). Made with its subfolders when missing.</summary>
public sealed class DataFolder
{
    private const int TakeAttempts = 10;
    private static readonly TimeSpan TakeAgainAfter = TimeSpan.FromMilliseconds(100);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="BadInputException">The folder cannot be made or written.</exception>
    public DataFolder(string root)
    {
        Root = Path.GetFullPath(root);
        try
        {
            Make(Root); // Whoever else has an account on the machine reads neither reports nor mails nor the database.
            foreach (var folder in new[] { Files, Mail, Journal, Snapshots, Backups })
            {
                Directory.CreateDirectory(folder);
            }
            Make(Keys);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"setting {KernelSettings.Data.Name}: cannot write in {Root}: {fault.Message}", fault);
        }
    }

    /// <summary>The work of taking a backup or restoring one: while somebody is at it no file is deleted.</summary>
    public const string Backup = "backup";

    public string Root { get; }

    /// <summary>The embedded store.</summary>
    public string Database => Path.Combine(Root, "zinneke.db");

    /// <summary>Stored files, named by content hash.</summary>
    public string Files => Path.Combine(Root, "files");

    public string Mail => Path.Combine(Root, "mail");

    /// <summary>Durable queues without a broker.</summary>
    public string Journal => Path.Combine(Root, "journal");

    /// <summary>Timetables and street graphs.</summary>
    public string Snapshots => Path.Combine(Root, "snapshots");

    public string Backups => Path.Combine(Root, "backups");

    /// <summary>Secrets, readable by the owner only.</summary>
    public string Keys => Path.Combine(Root, "keys");

    private string ServerLock => Path.Combine(Root, "zinneke.lock");

    /// <summary>Whether a server holds the folder at this moment.</summary>
    public bool IsTaken => IsLocked(ServerLock);

    /// <summary>Takes the folder for one server; held until disposed, and let go by the system when the process dies.</summary>
    /// <exception cref="BadInputException">Another server holds it.</exception>
    public IDisposable Take()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Hold(ServerLock);
            }
            catch (IOException fault) when (attempt < TakeAttempts && fault.HResult != Mishap.NoSpace)
            {
                Thread.Sleep(TakeAgainAfter); // A verb that looks whether a server is there holds the file for a moment.
            }
            catch (IOException fault) when (fault.HResult != Mishap.NoSpace)
            {
                throw new BadInputException($"{Root} is in use by another server ({ServerLock} is locked)", fault);
            }
        }
    }

    /// <summary>Takes a piece of work that only one process does at a time; held until disposed, and let go by the system when the process dies.</summary>
    /// <param name="work">A word that is a file name: <c>verify</c>.</param>
    /// <exception cref="BadInputException">Another process is at it.</exception>
    public IAsyncDisposable Take(string work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Hold(LockOf(work));
            }
            catch (IOException fault) when (attempt < TakeAttempts && fault.HResult != Mishap.NoSpace)
            {
                Thread.Sleep(TakeAgainAfter); // Who looks whether somebody is at it holds the file for a moment.
            }
            catch (IOException fault) when (fault.HResult != Mishap.NoSpace)
            {
                throw new BadInputException($"another process is at this already ({work} in {Root}): wait until it has ended", fault);
            }
        }
    }

    /// <summary>Whether a process is at a piece of work at this moment.</summary>
    public bool IsHeld(string work) => IsLocked(LockOf(work));

    /// <summary>Gives the embedded store another name, so that nobody starts it by mistake once it has been moved.</summary>
    /// <returns>Its path from now on.</returns>
    public string SetDatabaseAside(DateTimeOffset now)
    {
        var aside = Path.Combine(Root, "zinneke.moved-" + now.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture) + ".db");
        File.Move(Database, aside);
        foreach (var ending in (string[])["-wal", "-shm"])
        {
            if (File.Exists(Database + ending))
            {
                File.Move(Database + ending, aside + ending); // What the last connection has not written back yet belongs to it.
            }
        }
        return aside;
    }

    /// <summary>That of a backup lies with the files, which several nodes share: none of them deletes one meanwhile.</summary>
    private string LockOf(string work) => Path.Combine(work == Backup ? Files : Journal, work + ".lock");

    private static bool IsLocked(string path)
    {
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, 1);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream Hold(string path)
    {
        var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        held.SetLength(0);
        held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        held.Flush();
        return held;
    }

    /// <summary>Reads a secret of this folder, making it on first use; two processes that both make it agree on one.</summary>
    /// <param name="name">File name in <c>keys/</c>.</param>
    /// <param name="make">Gives the bytes of a new secret.</param>
    public byte[] Key(string name, Func<byte[]> make)
    {
        var path = Path.Combine(Keys, name);
        if (!File.Exists(path))
        {
            var fresh = Path.Combine(Keys, $"{name}.{Environment.ProcessId}.new");
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(make());
                stream.Flush(flushToDisk: true);
            }
            try
            {
                File.Move(fresh, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(fresh);
            }
        }
        return File.ReadAllBytes(path);
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
