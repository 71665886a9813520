using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>What goes wrong around the program and not in it: told in one line that says what to do, never as a bug (K3).</summary>
internal static class Mishap
{
    private const int CannotOpen = 14, ReadOnly = 8, Broken = 10, Full = 13, NotADatabase = 26;

    /// <summary>ENOSPC, as the runtime gives it on Linux.</summary>
    internal const int NoSpace = 28;

    /// <returns>The line; null for what is a bug.</returns>
    public static string? Of(Exception fault) => fault switch
    {
        AddressInUseException => "another program listens there already: stop it, or choose another address with --urls",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "the system does not allow to listen there: ports below 1024 need a right of their own; choose another address with --urls",
        IOException { InnerException: AddressInUseException or SocketException } => $"{fault.Message.TrimEnd('.')}: {Of(fault.InnerException!) ?? fault.InnerException!.Message}",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "this machine has no such address: choose another with --urls",
        PostgresException { SqlState: ['2', '8', ..] or "3D000" } refused => $"PostgreSQL refuses the connection: {refused.MessageText}; check --store",
        PostgresException { SqlState: ['5', '3' or '7', ..] } unwell => $"PostgreSQL cannot go on: {unwell.MessageText}",
        PostgresException => null,
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => $"PostgreSQL cannot be reached: {fault.InnerException.Message}; check --store, and that the server runs",
        SqliteException { SqliteErrorCode: CannotOpen or ReadOnly or NotADatabase } closed => $"the database in the folder of --data cannot be opened: {closed.Message}",
        SqliteException { SqliteErrorCode: Full } or IOException { HResult: NoSpace } => "the disk is full: make room in the folder of --data",
        SqliteException { SqliteErrorCode: Broken } failing => $"the database in the folder of --data cannot be read or written ({failing.Message}): look whether the disk is full, or failing",
        UnauthorizedAccessException => fault.Message,
        { InnerException: { } inner } => Of(inner),
        _ => null,
    };
}
