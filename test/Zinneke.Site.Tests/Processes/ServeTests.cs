using System.Net;

namespace Zinneke.Site.Tests.Processes;

/// <summary>Starting and stopping the program (kernel.md K1, K4, K36).</summary>
public sealed class ServeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-process-").FullName;

    [Fact]
    public async Task It_answers_stops_when_asked_and_starts_again()
    {
        for (var round = 0; round < 2; round++)
        {
            var (server, address) = await ServerProcess.ServeAsync(folder, "sqlite");
            await using (server)
            {
                using var client = new HttpClient { BaseAddress = address };
                (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
                (await server.StopAsync()).ShouldBe(0, server.Said);
            }
        }
    }

    [Fact]
    public async Task It_starts_again_after_a_sudden_death()
    {
        var (first, _) = await ServerProcess.ServeAsync(folder, "sqlite");
        await using (first)
        {
            await first.KillAsync();
        }
        var (second, address) = await ServerProcess.ServeAsync(folder, "sqlite");
        await using (second)
        {
            using var client = new HttpClient { BaseAddress = address };
            (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused()
    {
        var (first, _) = await ServerProcess.ServeAsync(folder, "sqlite");
        await using (first)
        {
            var (exitCode, said) = await ServerProcess.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--data", folder);
            exitCode.ShouldBe(2, said);
            said.ShouldContain("in use by another server");
        }
    }

    [Fact]
    public async Task Nothing_is_written_outside_the_folder()
    {
        var (server, _) = await ServerProcess.ServeAsync(folder, "sqlite");
        await using (server)
        {
            await server.StopAsync();
            Directory.EnumerateFileSystemEntries(server.Home).ShouldBeEmpty("everything lies in the folder of the installation (kernel.md K36)");
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
