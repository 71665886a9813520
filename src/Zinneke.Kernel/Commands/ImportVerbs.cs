namespace Zinneke.Kernel;

/// <summary>Makes the verbs <c>import KIND FILE... [--options]</c> (K5, K40): each file is taken whole or not at all, and its summary is printed.</summary>
public static class ImportVerbs
{
    private static readonly Setting<IReadOnlyList<string>> Files = Setting.List("file", "Files to import; - is standard input, .gz is unpacked.") with { Required = true, Many = true };

    private static readonly Setting<string?> Kind = Setting.Words("kind", "Kind of the areas that say none themselves.");

    private static readonly Setting<bool> Replace = Setting.Flag("replace", "Removes the areas of the same kinds that the file does not name.");

    /// <summary>A verb that imports one kind.</summary>
    /// <param name="take">Imports one file.</param>
    public static Command Of(string kind, string help, string example, Func<Call, IServiceProvider, Stream, string, Task<ImportSummary>> take, params Setting[] options) => new("import", kind, help, example)
    {
        Arguments = [Files],
        Options = options,
        Run = async call =>
        {
            var services = await call.OpenStoreAsync();
            var summaries = new List<ImportSummary>();
            foreach (var file in call.Get(Files))
            {
                await using var stream = Call.Open(file);
                summaries.Add(await take(call, services, stream, file));
                if (summaries[^1].Refused > 0)
                {
                    call.Progress.Say($"{file}: {summaries[^1].Refusals[0]}");
                }
            }
            await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
            return (summaries.Count == 1 ? Result.Of(summaries[0]) : Result.Of(summaries)) with { ExitCode = summaries.Any(s => s.Refused > 0) ? 2 : 0 };
        },
    };

    internal static Command Areas { get; } = Of(
        "areas", "Imports boundaries from GeoJSON.", "import areas brussels-19.geojson --data var",
        (call, services, stream, file) => call.Service<ImportAreas>().RunAsync(stream, file, call.Get(Kind), call.Get(Replace), Actor.System, call.Stop), Kind, Replace);

    internal static Command Bodies { get; } = Of(
        "bodies", "Imports bodies: municipalities, region, operators.", "import bodies bodies.json --data var",
        (call, services, stream, file) => call.Service<ImportBodies>().RunAsync(stream, file, Actor.System, call.Stop));
}
