namespace Zinneke.Kernel;

/// <summary>Takes a file of bodies: those it names are added or changed, others stay. All or nothing.</summary>
public sealed class ImportBodies(Writer writer)
{
    /// <param name="file">Name for the summary.</param>
    public async Task<ImportSummary> RunAsync(Stream stream, string file, Actor actor, CancellationToken cancellation)
    {
        var faults = new Faults();
        var read = await JsonTree.ReadAsync(stream, faults, cancellation) is { } tree ? BodiesFile.Read(tree, faults) : [];
        if (!faults.None)
        {
            return ImportSummary.Refuse(Body.Catalogue, file, read.Count, faults);
        }
        var outcome = await writer.DoAsync<ImportSummary>(actor, async unit =>
        {
            var current = await CatalogueRow.CurrentAsync(unit.Store, Body.Catalogue, cancellation);
            var before = current is null ? [] : BodiesFile.Parse(current.Text);
            var after = before.Where(b => !read.Any(r => r.Id == b.Id)).Concat(read).OrderBy(b => b.Id, StringComparer.Ordinal).ToList();
            unit.Put(current, Body.Catalogue, JsonWriting.Line(w => BodiesFile.Write(w, after)), after.Count);
            return ImportSummary.Compare(Body.Catalogue, file, Lines(before), Lines(read));
        }, cancellation);
        return outcome.Ok ? outcome.Value : throw new BadInputException($"{file}: {outcome.Refusal!.Code}");
    }

    private static Dictionary<string, string> Lines(IEnumerable<Body> bodies) =>
        bodies.ToDictionary(b => b.Id, b => JsonWriting.Line(w => BodiesFile.WriteBody(w, b)), StringComparer.Ordinal);
}
