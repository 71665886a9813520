using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How much one client may send and do, as the installation says (reports.md 5.4). A client is a network address - of IPv6 a /64 -, an account or a key; reports are counted by device too.</summary>
internal static class Limits
{
    private const int Max = 1_000_000;

    public static Setting<int> SendPerHour { get; } = Setting.Number("reports.sendPerHour", "Reports that one client, or one device, may send in an hour.", 20, 1, Max);

    public static Setting<int> SendPerDay { get; } = Setting.Number("reports.sendPerDay", "Reports that one client, or one device, may send in a day.", 100, 1, Max);

    public static Setting<int> ActPerHour { get; } = Setting.Number("reports.actPerHour", "Supports, answers, flags and other acts on reports of one client in an hour.", 60, 1, Max);

    public static Setting<int> ActPerDay { get; } = Setting.Number("reports.actPerDay", "Supports, answers, flags and other acts on reports of one client in a day.", 300, 1, Max);

    public static Setting<int> PhotosPerHour { get; } = Setting.Number("reports.photosPerHour", "Times that one client may add photos to reports in an hour.", 30, 1, Max);

    public static Setting<int> PhotosPerDay { get; } = Setting.Number("reports.photosPerDay", "Times that one client may add photos to reports in a day.", 120, 1, Max);

    public static IReadOnlyList<Setting> All { get; } = [SendPerHour, SendPerDay, ActPerHour, ActPerDay, PhotosPerHour, PhotosPerDay];
}
