using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary><c>verify</c>: whether an installation holds what it should (K30).</summary>
internal static class VerifyInstallation
{
    public static Command Verb { get; } = new(
        null, "verify", "Looks whether the log, the files, the tables and what belongs together are whole; changes nothing, and ends with 3 when something is wrong.", "verify --data var")
    {
        Run = RunAsync,
    };

    private static async Task<Result> RunAsync(Call call)
    {
        var services = await call.OpenExistingStoreAsync();
        await using var alone = await call.AloneAsync("verify");
        await call.Service<Database>().SealAsync(call.Service<LogTail>(), call.Stop);
        var verified = await Verification.RunAsync(services, call.Progress, call.Stop);
        return verified.Wrong == 0 ? Result.Of(verified) : Result.NoAnswer(verified);
    }
}

/// <summary>What every contributed <see cref="Check"/> found.</summary>
/// <param name="Looked">How many things each looked at.</param>
/// <param name="Faults">The first hundred.</param>
internal sealed record Verification(IReadOnlyDictionary<string, long> Looked, long Wrong, IReadOnlyList<VerifiedFault> Faults)
{
    private const int ShownMax = 100;

    public static async Task<Verification> RunAsync(IServiceProvider services, Progress progress, CancellationToken cancellation)
    {
        var (faults, wrong) = (new List<VerifiedFault>(), 0L);
        var looked = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var check in services.GetServices<Check>())
        {
            progress.Say($"looks at {check.Name}");
            looked[check.Name] = await check.RunAsync(
                (about, what) =>
                {
                    wrong++;
                    if (faults.Count < ShownMax)
                    {
                        faults.Add(new VerifiedFault(check.Name, about, what));
                    }
                },
                done => progress.At(check.Name, done), cancellation);
        }
        return new Verification(looked, wrong, faults);
    }
}

/// <summary>Something that is wrong.</summary>
internal sealed record VerifiedFault(string Check, string About, string Wrong);
