using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Zinneke.Testing.Durability;

/// <summary>The program itself in a process of its own, so that it can be killed.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private readonly Process process;

    private RealServer(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    public static async Task<RealServer> StartAsync(string folder, string store, int port, params string[] more)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var process = Start(["serve", "--data", folder, "--store", store, "--urls", address.ToString().TrimEnd('/'), "--quota", "off", .. more]);
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(2) };
        var until = Stopwatch.StartNew();
        while (until.Elapsed < StartMax && !process.HasExited)
        {
            try
            {
                using var ready = await client.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                {
                    return new RealServer(process, address);
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                // It is still starting.
            }
            await Task.Delay(50);
        }
        process.Kill();
        throw new InvalidOperationException($"the server did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<string> VerbAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {process.ExitCode}: {await errors}");
    }

    /// <summary>Begins a verb and does not wait for it.</summary>
    public static Process BeginVerb(params string[] arguments) => Start(arguments);

    /// <summary>kill -9: no handler runs, no buffer is flushed.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }
        process.Dispose();
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Zinneke.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        return process;
    }
}
