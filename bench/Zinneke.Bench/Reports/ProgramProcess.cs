using System.Diagnostics;
using System.Text.Json;

namespace Zinneke.Bench.Reports;

/// <summary>The program itself in a process of its own, as an operator runs it.</summary>
internal static class ProgramProcess
{
    public static Process Start(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        // A published measurement has one list of what it depends on, and the program's is in it: among other things where the native libraries lie.
        foreach (var argument in (string[])["exec", "--depsfile", In("Zinneke.Bench.deps.json"), "--runtimeconfig", In("Zinneke.runtimeconfig.json"), In("Zinneke.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static string In(string file) => Path.Combine(AppContext.BaseDirectory, file);

    /// <summary>Runs a verb to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<JsonElement> VerbAsync(params string[] arguments)
    {
        using var verb = Start(arguments);
        var output = await verb.StandardOutput.ReadToEndAsync();
        await verb.WaitForExitAsync();
        return verb.ExitCode == 0
            ? output.Length == 0 ? default : JsonDocument.Parse(output).RootElement
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {verb.ExitCode}: {output}");
    }

    /// <summary>The log and the tables say the same.</summary>
    /// <returns>How many reports there are.</returns>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public static async Task<long> VerifyAsync(string folder, string store)
    {
        var verified = await VerbAsync("reports", "verify", "--data", folder, "--store", store);
        return verified.GetProperty("mismatches").GetInt64() == 0 ? verified.GetProperty("reports").GetInt64() : throw new InvalidOperationException(verified.ToString());
    }
}
