using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How long a report keeps what it holds of people (reports.md 4.4): the only place that says so.</summary>
internal sealed class Periods(Settings settings)
{
    private static Setting<int> ContactMonths { get; } =
        Setting.Number("reports.contactMonths", "Months after a report has ended until the contact of its reporter is erased.", 6, 0, 120);

    private static Setting<int> ArchiveMonths { get; } =
        Setting.Number("reports.archiveMonths", "Months after a report has ended until it is archived: only what is public stays.", 24, 1, 1200);

    private static Setting<int> OriginalDays { get; } =
        Setting.Number("reports.originalDays", "Days after a report has ended until its photos in full size are deleted.", 30, 0, 3650);

    private static Setting<int> DeviceDays { get; } =
        Setting.Number("reports.deviceDays", "Days for which it is kept, as a keyed hash, from which network address or device somebody sent, supported or flagged a report.", 30, 0, 3650);

    private static Setting<int> DraftDays { get; } =
        Setting.Number("reports.draftDays", "Days in which a subscription by e-mail is confirmed, or forgotten.", 7, 1, 365);

    public static IReadOnlyList<Setting> All { get; } = [ContactMonths, ArchiveMonths, OriginalDays, DeviceDays, DraftDays];

    /// <summary>How long one has to confirm what was asked for by e-mail.</summary>
    public TimeSpan DraftLife => TimeSpan.FromDays(settings.Get(DraftDays));

    /// <summary>What ended before this instant (UTC microseconds) holds no contact at an instant; nothing that is archived does.</summary>
    public long Contact(long at) => MonthsBefore(at, Math.Min(settings.Get(ContactMonths), settings.Get(ArchiveMonths)));

    /// <summary>What ended before this instant is archived at an instant.</summary>
    public long Archive(long at) => MonthsBefore(at, settings.Get(ArchiveMonths));

    /// <summary>What ended before this instant has no photo in full size at an instant.</summary>
    public long Original(long at) => at - TimeSpan.FromDays(settings.Get(OriginalDays)).ToMicros();

    /// <summary>Network addresses and devices of before this instant are gone at an instant.</summary>
    public long Device(long at) => at - TimeSpan.FromDays(settings.Get(DeviceDays)).ToMicros();

    /// <summary>What was asked for before this instant and is not confirmed is gone at an instant.</summary>
    public long Draft(long at) => at - DraftLife.ToMicros();

    private static long MonthsBefore(long at, int months) => Instants.FromMicros(at).AddMonths(-months).ToMicros();
}
