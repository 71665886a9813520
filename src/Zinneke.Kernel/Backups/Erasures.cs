using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>Something of a person that is erased for good, also when a backup of before is restored: contributed by who erases it.</summary>
/// <param name="Kind">Of its subject in the log: <c>account</c>.</param>
/// <param name="IsSaidBy">Whether an event of such a subject says that it was erased.</param>
/// <param name="Again">Erases it; false when there was nothing left to erase.</param>
public sealed record Erasable(string Kind, Func<Event, bool> IsSaidBy, Func<IServiceProvider, string, CancellationToken, Task<Outcome<bool>>> Again);

/// <summary>One line of the list.</summary>
/// <param name="Id">Of the subject; says nothing about the person.</param>
public sealed record ErasureLine(DateTimeOffset At, string Kind, string Id);

/// <summary>
/// The list of what was erased, <c>DIR/backups/erasures.jsonl</c>: beside the backups and not in them, so that it knows what was erased since. It holds ids only. A line may come twice, when the process died
/// between writing it and remembering that it had.
/// </summary>
public sealed class ErasureList(DataFolder folder)
{
    public string Path => System.IO.Path.Combine(folder.Backups, "erasures.jsonl");

    /// <summary>Adds lines; they are on disk when this returns.</summary>
    public void Add(IEnumerable<ErasureLine> lines)
    {
        using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
            {
                file.WriteByte((byte)'\n'); // A line that was cut off, by a full disk or a kill, stays by itself.
            }
        }
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(file, line, Json.Options);
            file.WriteByte((byte)'\n');
        }
        file.Flush(flushToDisk: true);
    }

    /// <summary>Keeps the lists with which a restore was asked for, until all of it is erased again: a restore that is interrupted is finished by the next start.</summary>
    public void Await(IReadOnlyList<ErasureLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }
        var beside = Awaited + ".new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            foreach (var line in lines)
            {
                JsonSerializer.Serialize(file, line, Json.Options);
                file.WriteByte((byte)'\n');
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, Awaited, overwrite: true);
        FolderSync.Sync(folder.Backups);
    }

    /// <summary>What is still to be erased again after a restore.</summary>
    public async Task<IReadOnlyList<ErasureLine>> AwaitedAsync(CancellationToken cancellation) => File.Exists(Awaited) ? await ReadAsync(Awaited, cancellation) : [];

    public void Finish() => File.Delete(Awaited);

    private string Awaited => System.IO.Path.Combine(folder.Backups, "erasures-to-repeat.jsonl");

    private static StreamReader Open(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Each subject once, oldest first.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or a line is none, by its number.</exception>
    public static async Task<IReadOnlyList<ErasureLine>> ReadAsync(string path, CancellationToken cancellation)
    {
        var lines = new List<ErasureLine>();
        using var file = Open(path);
        for (var number = 1; await file.ReadLineAsync(cancellation) is { } text; number++)
        {
            if (text.Length == 0)
            {
                continue;
            }
            try
            {
                lines.Add(JsonSerializer.Deserialize<ErasureLine>(text, Json.Options) is { Kind.Length: > 0 } line && Guid.TryParse(line.Id, out _) ? line : throw new JsonException());
            }
            catch (JsonException) when (!text.EndsWith('}'))
            {
                // Cut off; what it was to say comes again in a later line.
            }
            catch (JsonException malformed)
            {
                throw new BadInputException($$"""{{path}} line {{number}}: found {{Fault.Shorten(text)}}, expected {"at","kind","id"}""", malformed);
            }
        }
        return [.. lines.DistinctBy(line => (line.Kind, line.Id))];
    }
}

/// <summary>Writes each erasure into the list as the log tells of it.</summary>
internal sealed class KeepErasures(ErasureList list, IEnumerable<Erasable> kinds) : TableFollower
{
    private readonly Erasable[] kinds = [.. kinds];

    public override string Name => "kernel.erasures";

    /// <summary>The list outlives the database on purpose: nothing is derived anew.</summary>
    public override bool Rebuildable => false;

    public override Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        ErasureLine[] lines = [.. events.Where(e => Array.Exists(kinds, kind => kind.Kind == e.Subject.Kind && kind.IsSaidBy(e))).Select(e => new ErasureLine(Instants.FromMicros(e.At), e.Subject.Kind, e.Subject.Id))];
        if (lines.Length > 0)
        {
            list.Add(lines);
        }
        return Task.CompletedTask;
    }
}

/// <summary>Erases once more what had been erased when the backup that was restored still held it.</summary>
public sealed class EraseAgain(ErasureList list, IEnumerable<Erasable> kinds, IServiceProvider services, ILogger<EraseAgain> logger)
{
    private readonly Dictionary<string, Erasable> kinds = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>Goes through what a restore has left to erase, and keeps it in the installation's own list, so that the next restore knows of it too.</summary>
    /// <returns>How many were erased now; those that could not be, with why.</returns>
    public async Task<(int Erased, IReadOnlyList<string> Left)> RunAsync(CancellationToken cancellation)
    {
        var lines = await list.AwaitedAsync(cancellation);
        if (lines.Count == 0)
        {
            return (0, []);
        }
        var (erased, left) = (0, new List<string>());
        foreach (var line in lines)
        {
            if (!kinds.TryGetValue(line.Kind, out var kind))
            {
                left.Add($"{line.Kind}:{line.Id}: this program erases nothing of this kind");
            }
            else if ((await kind.Again(services, line.Id, cancellation)).Is(out var had, out var refusal))
            {
                erased += had ? 1 : 0;
            }
            else
            {
                left.Add($"{line.Kind}:{line.Id}: {refusal.Code}");
                logger.LogError("What was erased could not be erased again after a restore: {Kind} {Code}", line.Kind, refusal.Code);
            }
        }
        var known = File.Exists(list.Path) ? (await ErasureList.ReadAsync(list.Path, cancellation)).Select(line => (line.Kind, line.Id)).ToHashSet() : [];
        list.Add(lines.Where(line => !known.Contains((line.Kind, line.Id))));
        list.Finish();
        return (erased, left);
    }
}
