using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports verify</c>: whether the log and the tables say the same.</summary>
internal static class VerifyVerb
{
    public static Command Verb { get; } = new("reports", "verify", "Replays the log against the tables, and what followers keep against what is derived anew; ends with 3 when they differ.", "reports verify --data var")
    {
        Run = async call =>
        {
            await call.OpenExistingStoreAsync();
            await using var alone = await call.AloneAsync("verify"); // What followers keep is derived anew in one place: two at once would disturb each other.
            var verified = await call.Service<VerifyReports>().RunAsync(position => call.Progress.At("events", position), call.Stop);
            return verified.Mismatches == 0 ? Result.Of(verified) : Result.NoAnswer(verified);
        },
    };
}
