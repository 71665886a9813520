namespace Zinneke.Kernel;

/// <summary>What an import did, printed as JSON (K40).</summary>
/// <param name="Kind">The kind of import: <c>areas</c>, <c>bodies</c>, ...</param>
/// <param name="File">The file as it was named, <c>-</c> for standard input.</param>
/// <param name="Read">Records in the file.</param>
/// <param name="Refused">Records that were not taken; nothing at all was changed when it is above 0, unless the person asked for less.</param>
/// <param name="Refusals">The first <see cref="Faults.ShownMax"/>.</param>
public sealed record ImportSummary(string Kind, string File, long Read, long Added, long Changed, long Unchanged, long Refused, IReadOnlyList<Fault> Refusals)
{
    /// <summary>A file that was checked whole and refused whole.</summary>
    public static ImportSummary Refuse(string kind, string file, long read, Faults faults) => new(kind, file, read, 0, 0, 0, faults.Count, faults.First);

    /// <summary>What importing a whole set of records does: those whose text differs are changed.</summary>
    /// <param name="before">What is held, as text by natural key.</param>
    /// <param name="after">What the file says, as text by natural key.</param>
    public static ImportSummary Compare(string kind, string file, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        long added = 0, changed = 0;
        foreach (var (key, text) in after)
        {
            if (!before.TryGetValue(key, out var held))
            {
                added++;
            }
            else if (held != text)
            {
                changed++;
            }
        }
        return new ImportSummary(kind, file, after.Count, added, changed, after.Count - added - changed, 0, []);
    }
}
