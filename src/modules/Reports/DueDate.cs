using System.Text.Json.Serialization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>In what a promised time is counted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlaUnit>))]
public enum SlaUnit
{
    [JsonStringEnumMemberName("hours")] Hours,
    [JsonStringEnumMemberName("days")] Days,
    [JsonStringEnumMemberName("workdays")] Workdays,
}

/// <summary>The time within which a problem should be solved.</summary>
/// <param name="Value">1 to 3,660 of <paramref name="Unit"/>.</param>
public readonly record struct Sla(int Value, SlaUnit Unit)
{
    public const int ValueMax = 3660;
}

/// <summary>A time in which the clock of a report stood still, in UTC microseconds.</summary>
internal readonly record struct Pause(long From, long To);

/// <summary>
/// When something is due. Hours are elapsed time; days and working days end at 23:59:59 local, counted on local dates and converted once, so that a change of clocks
/// moves nothing.
/// </summary>
internal static class DueDate
{
    /// <summary>The due instant (UTC microseconds) of something begun at <paramref name="start"/>, moved by the pauses since.</summary>
    public static long Of(long start, Sla sla, WorkCalendar calendar, IEnumerable<Pause>? pauses = null)
    {
        var due = sla.Unit switch
        {
            SlaUnit.Hours => start + (sla.Value * TimeSpan.MicrosecondsPerHour),
            SlaUnit.Days => calendar.EndOf(calendar.DateOf(start).AddDays(sla.Value)),
            _ => calendar.EndOf(calendar.AddWorkDays(calendar.DateOf(start), sla.Value)),
        };
        foreach (var pause in pauses ?? [])
        {
            due = Moved(due, sla.Unit, pause, calendar);
        }
        return due;
    }

    /// <summary>A due instant moved by one pause: by its length, or by the dates or working days in (its first date, its last date].</summary>
    public static long Moved(long due, SlaUnit unit, Pause pause, WorkCalendar calendar)
    {
        var (from, to) = (calendar.DateOf(pause.From), calendar.DateOf(pause.To));
        return unit switch
        {
            SlaUnit.Hours => due + (pause.To - pause.From),
            SlaUnit.Days => calendar.EndOf(calendar.DateOf(due).AddDays(to.DayNumber - from.DayNumber)),
            // The due date is the v-th working day already, so that n working days further is the (v + n)-th.
            _ => calendar.EndOf(calendar.AddWorkDays(calendar.DateOf(due), calendar.WorkDaysBetween(from, to))),
        };
    }
}
