namespace Zinneke.Kernel;

/// <summary>What a backup says of itself: the first entry of its file.</summary>
/// <param name="Format">Of the file: <see cref="Known"/>.</param>
/// <param name="At">When it was begun.</param>
/// <param name="Store"><c>sqlite</c> or <c>postgres</c>: what it can be restored to.</param>
/// <param name="Head">The log reached at least this far.</param>
/// <param name="Migrations">The schema, by the names of the migrations that made it.</param>
/// <param name="HasFiles">Whether photos and documents are in it; they are not when a schema was about to change, which does not touch them.</param>
public sealed record BackupManifest(int Format, DateTimeOffset At, string Store, long Head, IReadOnlyList<string> Migrations, bool HasFiles)
{
    public const int Known = 1;

    internal const string Entry = "manifest.json";

    /// <summary>The database: a file of SQLite, or what pg_dump wrote in its custom format.</summary>
    internal const string Database = "database";

    /// <summary>The last entry, empty: without it the archive was cut off.</summary>
    internal const string End = "end";

    internal const string Keys = "keys/";
    internal const string Files = "files/";
}
