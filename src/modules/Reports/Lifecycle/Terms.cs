using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How often a report moves on before somebody has to have it, and how long what has ended may be contradicted: as the installation says.</summary>
/// <param name="HopsMax">After so many changes of holder every further move goes to the coordinating body.</param>
/// <param name="ReopenDays">So long after its end a report can be reopened.</param>
/// <param name="ConfirmDays">So long after it was solved a report that nobody contradicts is closed by itself; counted from when it is solved.</param>
internal sealed record Terms(int HopsMax = 3, int ReopenDays = 90, int ConfirmDays = 14)
{
    private static Setting<int> Hops { get; } =
        Setting.Number("reports.hopsMax", "Changes of holder after which every further move of a report goes to the coordinating body.", 3, 1, 100);

    private static Setting<int> Reopening { get; } =
        Setting.Number("reports.reopenDays", "Days after the end of a report in which anybody can say that it is not solved.", 90, 0, 3650);

    private static Setting<int> Confirming { get; } =
        Setting.Number("reports.confirmDays", "Days after which a solved report that nobody contradicts is closed by itself.", 14, 1, 365);

    public static IReadOnlyList<Setting> All { get; } = [Hops, Reopening, Confirming];

    public static Terms Of(Settings settings) => new(settings.Get(Hops), settings.Get(Reopening), settings.Get(Confirming));
}
