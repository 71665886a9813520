using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Makes the verbs <c>import KIND FILE... [--options]</c> (K5, K40): each file is taken whole or not at all, and its summary is printed; and <c>export KIND</c>, which gives it back.</summary>
public static class ImportVerbs
{
    private static readonly Setting<IReadOnlyList<string>> Files = Setting.List("file", "Files to import; - is standard input, .gz is unpacked.") with { Required = true, Many = true };

    /// <summary>Registers an importer with its verbs.</summary>
    public static IServiceCollection AddImport<T>(this IServiceCollection services, ImportKind kind)
        where T : Importer
    {
        services.AddSingleton<T>();
        services.AddSingleton<Importer>(p => p.GetRequiredService<T>());
        services.AddSingleton(Of(kind.Word, kind.Help, kind.Example, (call, _, stream, file) => call.Service<T>().RunAsync(stream, file, Actor.System, call.Stop, OptionsOf(call, kind.Options)), [.. kind.Options]));
        services.AddSingleton(new Command("export", kind.Word, "Writes what is in force, as a file that imports to the same state.", $"export {kind.Word} --out {kind.Word}.{kind.Ending} --data var")
        {
            Options = kind.ExportOptions,
            Run = call => ExportAsync<T>(call, kind),
        });
        return services;
    }

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
                await using var opened = Call.Open(file);
                var size = opened is FileStream plain ? plain.Length : 0;
                await using var stream = new WatchedStream(opened, read => call.Progress.At($"bytes of {Path.GetFileName(file)}", read, size));
                summaries.Add(await take(call, services, stream, file));
                if (summaries[^1].Refused > 0)
                {
                    call.Progress.Say($"{file}: {summaries[^1].Refusals[0]}");
                }
            }
            await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
            return (summaries.Count == 1 ? Result.Of(summaries[0]) : Result.Of(summaries)) with { ExitCode = summaries.Exists(s => s.IsRefused) ? 2 : 0 };
        },
    };

    private static async Task<Result> ExportAsync<T>(Call call, ImportKind kind)
        where T : Importer
    {
        await call.OpenExistingStoreAsync();
        await using var store = call.Service<Database>().Open();
        var file = new MemoryStream(); // Written out when this has returned, so nothing disposes of it.
        return await call.Service<T>().ExportWholeAsync(store, file, OptionsOf(call, kind.ExportOptions), call.Stop)
            ? Result.Stream((stream, stop) => stream.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), stop).AsTask())
            : throw new BadInputException($"export: no {kind.Word} were imported yet");
    }

    private static ImportOptions OptionsOf(Call call, IReadOnlyList<Setting> options) => new(options.ToDictionary(option => option.Name, call.Given, StringComparer.Ordinal));
}
