using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Zinneke.Bench.Reports;

/// <summary>The program as a server on a free port of this machine, without quotas. Its end is a kill.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private readonly Task reading;

    private ServedProgram(Process process, Uri address)
    {
        (Process, Address) = (process, address);
        reading = process.StandardOutput.ReadToEndAsync(); // A full pipe would hold the server up.
    }

    public Process Process { get; }

    public Uri Address { get; }

    /// <summary>Starts it, and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It is not after a minute.</exception>
    public static async Task<ServedProgram> StartAsync(string folder, string store, params string[] more)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] arguments = ["serve", "--data", folder, "--store", store, "--urls", address.ToString().TrimEnd('/'), "--quota", "off", .. more];
        var served = new ServedProgram(ProgramProcess.Start(arguments), address);
        using var http = new HttpClient { BaseAddress = address };
        for (var look = 0; look < 600; look++)
        {
            try
            {
                using var ready = await http.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                {
                    return served;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100);
        }
        await served.DisposeAsync();
        throw new InvalidOperationException("the program did not start within a minute");
    }

    public async ValueTask DisposeAsync()
    {
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        await reading;
        Process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
