using System.Text.Json.Serialization;

namespace Zinneke.Kernel;

/// <summary>What an import did, printed as JSON (K40).</summary>
/// <param name="Kind">The kind of import: <c>areas</c>, <c>bodies</c>, ...</param>
/// <param name="File">The file as it was named, <c>-</c> for standard input.</param>
/// <param name="Read">Records in the file.</param>
/// <param name="Refused">Records that were not taken; nothing at all was changed when it is above 0, unless the person asked for less.</param>
/// <param name="Refusals">The first <see cref="Faults.ShownMax"/>.</param>
public sealed record ImportSummary(string Kind, string File, long Read, long Added, long Changed, long Unchanged, long Refused, IReadOnlyList<Fault> Refusals)
{
    /// <summary>Somebody asked for the good records of a file that has others, so that refusals are no failure.</summary>
    [JsonIgnore]
    public bool SkipsBad { get; init; }

    /// <summary>The file was refused whole.</summary>
    [JsonIgnore]
    public bool IsRefused => Refused > 0 && !SkipsBad;

    /// <summary>A file that was checked whole and refused whole.</summary>
    public static ImportSummary Refuse(string kind, string file, long read, Faults faults) => new(kind, file, read, 0, 0, 0, faults.Count, faults.First);
}
