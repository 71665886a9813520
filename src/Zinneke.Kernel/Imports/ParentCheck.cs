namespace Zinneke.Kernel;

/// <summary>Checks records that name their parent: every id once, every parent there, no cycle, not too deep.</summary>
public static class ParentCheck
{
    /// <param name="records">Id, parent and the place in the file of each record.</param>
    /// <param name="idField">The member that holds the id, for faults.</param>
    /// <param name="depthMax">Levels at most, the root being 1.</param>
    public static void Run(IReadOnlyList<(string Id, string? Parent, JsonFields At)> records, string idField, int depthMax = 8)
    {
        var parents = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (id, parent, at) in records)
        {
            if (id.Length > 0 && !parents.TryAdd(id, parent))
            {
                at.Fault(idField, "each once in the file");
            }
        }
        foreach (var (id, parent, at) in records)
        {
            if (parent is not null && !parents.ContainsKey(parent))
            {
                at.Fault("parent", $"one of the file's, or null");
                continue;
            }
            var depth = 1;
            for (var above = parent; above is not null && above != id && depth <= parents.Count; depth++)
            {
                above = parents.GetValueOrDefault(above);
                if (above == id)
                {
                    at.Fault("parent", "no cycle: this is its own ancestor");
                }
            }
            if (parent == id)
            {
                at.Fault("parent", "no cycle: this is its own parent");
            }
            else if (depth > depthMax && depth <= parents.Count)
            {
                at.Fault("parent", $"at most {depthMax} levels");
            }
        }
    }
}
