using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary><c>verify</c>: whether an installation holds what it should (K30). Asks every contributed <see cref="Check"/>.</summary>
internal static class VerifyInstallation
{
    private const int ShownMax = 100;

    public static Command Verb { get; } = new(
        null, "verify", "Looks whether the log, the files, the tables and what belongs together are whole; changes nothing, and ends with 3 when something is wrong.", "verify --data var")
    {
        Run = RunAsync,
    };

    private static async Task<Result> RunAsync(Call call)
    {
        var services = await call.OpenStoreAsync();
        await using var alone = await call.AloneAsync("verify");
        await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
        var (faults, wrong) = (new List<VerifiedFault>(), 0L);
        var looked = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var check in services.GetServices<Check>())
        {
            call.Progress.Say($"looks at {check.Name}");
            looked[check.Name] = await check.RunAsync(
                (about, what) =>
                {
                    wrong++;
                    if (faults.Count < ShownMax)
                    {
                        faults.Add(new VerifiedFault(check.Name, about, what));
                    }
                },
                call.Stop);
        }
        var verified = new { looked, wrong, faults };
        return wrong == 0 ? Result.Of(verified) : Result.NoAnswer(verified);
    }

    private sealed record VerifiedFault(string Check, string About, string Wrong);
}
