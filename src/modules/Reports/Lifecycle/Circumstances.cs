using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a decision about a report needs to know of the world.</summary>
/// <param name="Now">UTC microseconds.</param>
/// <param name="Sla">Promised time of a category for a holder; null when nothing is promised.</param>
/// <param name="Calendar">Working days of a body.</param>
/// <param name="HandOver">Who takes it next.</param>
/// <param name="ReopenDaysMax">How long after the end it may be reopened.</param>
/// <param name="ConfirmDays">How long after it was solved it is closed by itself.</param>
internal sealed record Circumstances(
    long Now, Func<string, string, Sla?> Sla, Func<string, WorkCalendar> Calendar, HandOver HandOver, int ReopenDaysMax = 90, int ConfirmDays = 14)
{
    /// <summary>Whether a report shows neither words nor photos to the public, by its category or its place.</summary>
    public Func<Report, bool> IsPrivate { get; init; } = _ => false;

    /// <summary>Anybody may say that it is not solved; otherwise only its reporter and those who work on it.</summary>
    public bool ReopenByAll { get; init; } = true;

    /// <summary>Working days within which a body accepts or rejects what it is given.</summary>
    public Func<string, int> AcceptanceWorkDays { get; init; } = _ => Body.AcceptanceWorkDaysDefault;

    /// <summary>Those of a decision that looks at nothing but the report.</summary>
    /// <param name="now">UTC microseconds.</param>
    public static Circumstances Alone(long now) => new(now, (_, _) => null, _ => new WorkCalendar(TimeZoneInfo.Utc), new HandOver("", _ => false, _ => []));
}
