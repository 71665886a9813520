using System.Runtime.InteropServices;

namespace Zinneke.Kernel;

/// <summary>
/// The calls of SQLite that read the values of a row (https://sqlite.org/c3ref/column_blob.html), without the layers above: counting who holds the statement at each value takes
/// longer than the value. The caller keeps the statement alive.
/// </summary>
internal static partial class SqliteColumns
{
    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    public static partial int Type(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static partial long Long(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double")]
    public static partial double Double(nint statement, int column);

    /// <summary>Of a blob or a text as they lie in the store, until the next step; empty for null.</summary>
    public static unsafe ReadOnlySpan<byte> Bytes(nint statement, int column) => new((void*)Blob(statement, column), Length(statement, column));

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    private static partial nint Blob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    private static partial int Length(nint statement, int column);
}
