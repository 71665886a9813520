using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How often a report moves on before somebody has to have it, how long and by whom what has ended may be contradicted, and when it becomes public: as the installation says.</summary>
/// <param name="HopsMax">After so many changes of holder every further move goes to the coordinating body.</param>
/// <param name="ReopenDays">So long after its end a report can be reopened.</param>
/// <param name="ConfirmDays">So long after it was solved a report that nobody contradicts is closed by itself; counted from when it is solved.</param>
internal sealed record Terms(int HopsMax = 3, int ReopenDays = 90, int ConfirmDays = 14)
{
    private const string After = "after", Before = "before", Anyone = "anyone", Reporter = "reporter";

    /// <summary>Anybody may say that it is not solved; otherwise only its reporter and those who work on it.</summary>
    public bool ReopenByAll { get; init; } = true;

    /// <summary>New reports are public only once their holder has looked at them; otherwise those of bodies that say so.</summary>
    public bool LooksFirst { get; init; }

    private static Setting<int> Hops { get; } =
        Setting.Number("reports.hopsMax", "Changes of holder after which every further move of a report goes to the coordinating body.", 3, 1, 100);

    private static Setting<int> Reopening { get; } =
        Setting.Number("reports.reopenDays", "Days after the end of a report in which anybody can say that it is not solved.", 90, 0, 3650);

    private static Setting<int> Confirming { get; } =
        Setting.Number("reports.confirmDays", "Days after which a solved report that nobody contradicts is closed by itself.", 14, 1, 365);

    private static Setting<string> Reopeners { get; } =
        Setting.Choice("reports.reopenBy", "Who can say that a report is not solved: anyone, or only its reporter and those who work on it.", Anyone, Anyone, Reporter);

    private static Setting<string> Moderation { get; } =
        Setting.Choice("reports.moderation", "Whether new reports are public at once and looked at after, or before they are public; with after, single bodies may say that theirs are looked at before.", After, After, Before);

    public static IReadOnlyList<Setting> All { get; } = [Hops, Reopening, Confirming, Reopeners, Moderation];

    public static Terms Of(Settings settings) => new(settings.Get(Hops), settings.Get(Reopening), settings.Get(Confirming))
    {
        ReopenByAll = settings.Get(Reopeners) == Anyone,
        LooksFirst = settings.Get(Moderation) == Before,
    };
}
