using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// The first reports of a device wait for staff to look, like those with a word of the list, and are public all the same (R30). None as shipped: most people report once, and where nearly all waits
/// nothing is looked at; a city under attack sets a number.
/// </summary>
internal static class FirstReports
{
    public static Setting<int> Setting { get; } =
        Kernel.Setting.Number("reports.firstReports", "How many first reports of each device, within the days that devices are known, wait for staff to look; they are public meanwhile.", 0, 0, 100);

    /// <summary>Whether a report that is being sent is one of them. A device without a number has none before; what comes by a key without naming a device is the key's.</summary>
    /// <param name="wanted">Of <see cref="Setting"/>.</param>
    public static async Task<bool> IsOneAsync(Store store, SentFrom? from, int wanted, CancellationToken cancellation) =>
        wanted > 0 && from is { IsKnown: true }
        && (from.Device is not { } device || await store.Set<ReportSender>().Where(sender => sender.Device == device).Take(wanted).CountAsync(cancellation) < wanted);
}
