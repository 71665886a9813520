using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports retention</c>: what has been kept for long enough, and goes.</summary>
internal static class RetentionVerb
{
    private static readonly Setting<DateTimeOffset?> At = Setting.Instant("at", "Instant at which it is looked; by default now. What is over then goes, also when it lies ahead.");
    private static readonly Setting<bool> DryRun = Setting.Flag("dryRun", "Only says what would go.");

    public static Command Verb { get; } = new(
        "reports", "retention", "Lets go of contacts, photos in full size and network addresses that were kept for long enough, and archives old reports.", "reports retention --at 2026-01-01T00:00:00+01:00 --dry-run --data var")
    {
        Options = [At, DryRun],
        Run = async call =>
        {
            await call.OpenExistingStoreAsync();
            var at = call.Get(At)?.ToMicros() ?? call.Service<TimeProvider>().NowMicros();
            var retain = call.Service<RetainReports>();
            var kinds = await retain.LookAsync(at, call.Stop);
            var dry = call.Get(DryRun);
            if (!dry)
            {
                var gone = await retain.RunAsync(at, call.Stop);
                kinds = [.. kinds.Select(kind => kind with { Count = gone[kind.Kind] })];
            }
            return Result.Of(new { at = Instants.FromMicros(at), dryRun = dry, kinds });
        },
    };
}
