extern alias host;

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>One run of a verb of reports as it is typed: exit code, standard output, standard error.</summary>
internal sealed record VerbRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<VerbRun> Of(params string[] args)
    {
        var parts = Installation.Parts([new KernelModule()]);
        parts.AddSingleton(new WordList("reports", typeof(ReportsModule), "Reports"));
        foreach (var verb in new[] { DueVerb.Verb, RouteVerb.Verb, GenerateVerb.Verb, DuplicatesVerb.Verb, CrewRouteVerb.Verb })
        {
            parts.AddSingleton(verb);
        }
        return await RunAsync(parts, args);
    }

    /// <summary>A verb of the whole program, on the installation of a test.</summary>
    public static Task<VerbRun> On(TestStore store, params string[] args) => On(store, _ => { }, args);

    /// <param name="add">What the test added to its installation.</param>
    public static Task<VerbRun> On(TestStore store, Action<IServiceCollection> add, params string[] args)
    {
        var parts = host::Zinneke.Modules.Parts();
        add(parts);
        return RunAsync(parts, [.. args, "--data", store.Folder, "--store", store.Get<Settings>().Get(KernelSettings.Store)]);
    }

    /// <summary>A verb of the whole program, on an installation that no test has made.</summary>
    public static Task<VerbRun> In(string folder, string store, params string[] args) => RunAsync(host::Zinneke.Modules.Parts(), [.. args, "--data", folder, "--store", store]);

    private static async Task<VerbRun> RunAsync(IServiceCollection parts, string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(parts, args, new Shell(output, error, new Dictionary<string, string>()) { Yaml = "none.yaml" }, CancellationToken.None);
        return new VerbRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>A file that is deleted with the folder of the test run.</summary>
    public static string FileOf(string name, string text)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("zinneke-verb-").FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
