using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Zinneke.Site.Tests.Processes;

/// <summary>The program as its own process, as people start it: for what only a real process shows, such as signals and sudden death.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private static readonly TimeSpan StartMost = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => this.process = process;

    /// <summary>Its home and working folder: empty at the start.</summary>
    public string Home => process.StartInfo.WorkingDirectory;

    /// <summary>Everything it said on standard error.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Starts <c>serve</c> on a free port and waits until it is ready for requests.</summary>
    public static async Task<(ServerProcess Server, Uri Address)> ServeAsync(string folder, string store, params string[] more)
    {
        var server = Start(["serve", "--urls", "http://127.0.0.1:0", "--data", folder, "--store", store, .. more]);
        var ended = server.process.WaitForExitAsync();
        if (await Task.WhenAny(server.address.Task, ended, Task.Delay(StartMost)) != server.address.Task)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"the server did not start:\n{server.Said}");
        }
        var address = await server.address.Task;
        await ReadyAsync(address);
        return (server, address);
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        await using var run = Start(arguments);
        await run.process.WaitForExitAsync().WaitAsync(StartMost);
        return (run.process.ExitCode, run.Said);
    }

    /// <summary>Asks it to stop, as an init system does, and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = Signal(process.Id, Sigterm);
        await process.WaitForExitAsync().WaitAsync(StartMost);
        return process.ExitCode;
    }

    /// <summary>Ends it at once, without a word: SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }
        Directory.Delete(Home, recursive: true);
        process.Dispose();
    }

    private static async Task ReadyAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var limit = new CancellationTokenSource(StartMost);
        while ((await client.GetAsync("/health/ready", limit.Token)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private static ServerProcess Start(string[] arguments)
    {
        var home = Directory.CreateTempSubdirectory("zinneke-home-").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = home };
        start.Environment["HOME"] = home;
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("ZINNEKE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Zinneke.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        var server = new ServerProcess(new Process { StartInfo = start });
        server.process.ErrorDataReceived += (_, line) => server.Hear(line.Data);
        server.process.OutputDataReceived += (_, line) => server.Hear(line.Data);
        server.process.Start();
        server.process.BeginErrorReadLine();
        server.process.BeginOutputReadLine();
        return server;
    }

    private void Hear(string? line)
    {
        const string listens = "Zinneke listens on ";
        if (line is null)
        {
            return;
        }
        lock (said)
        {
            said.AppendLine(line);
        }
        if (line.StartsWith(listens, StringComparison.Ordinal))
        {
            address.TrySetResult(new Uri(line[listens.Length..]));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
