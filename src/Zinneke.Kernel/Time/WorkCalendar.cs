using System.Collections.Frozen;

namespace Zinneke.Kernel;

/// <summary>
/// The one calendar of working days: which local dates are worked in a zone. Monday to Friday (or the week a body says), without the holidays of Belgium and without
/// the closing days that a body adds. Immutable and thread-safe.
/// </summary>
public sealed class WorkCalendar
{
    /// <summary>How far a working day is looked for: a body that is closed longer than this has no calendar.</summary>
    private const int SearchDaysMax = 400;

    /// <summary>Monday to Friday.</summary>
    public static IReadOnlyList<DayOfWeek> UsualWeek { get; } = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private readonly FrozenSet<DateOnly> closingDays;
    private readonly byte week;

    /// <param name="zone">Where dates begin and end.</param>
    /// <param name="closingDays">Further days without work.</param>
    /// <param name="week">Days of the week that are worked; Monday to Friday when null. At least one.</param>
    public WorkCalendar(TimeZoneInfo zone, IEnumerable<DateOnly>? closingDays = null, IEnumerable<DayOfWeek>? week = null)
    {
        Zone = zone;
        this.closingDays = (closingDays ?? []).ToFrozenSet();
        foreach (var day in week ?? UsualWeek)
        {
            this.week |= (byte)(1 << (int)day);
        }
        ArgumentOutOfRangeException.ThrowIfZero(this.week, nameof(week));
    }

    public TimeZoneInfo Zone { get; }

    public bool IsWorkDay(DateOnly date) =>
        (week & (1 << (int)date.DayOfWeek)) != 0 && !BelgianHolidays.Includes(date) && !closingDays.Contains(date);

    /// <summary>The n-th working day strictly after a date; the date itself when <paramref name="count"/> is 0.</summary>
    /// <exception cref="InvalidOperationException">There is no working day within 400 days.</exception>
    public DateOnly AddWorkDays(DateOnly date, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (var idle = 0; count > 0; idle++)
        {
            date = date.AddDays(1);
            if (IsWorkDay(date))
            {
                count--;
                idle = 0;
            }
            else if (idle > SearchDaysMax)
            {
                throw new InvalidOperationException($"no working day in the {SearchDaysMax} days before {date:O}");
            }
        }
        return date;
    }

    /// <summary>How many working days lie in (<paramref name="after"/>, <paramref name="through"/>]; 0 when the range is empty.</summary>
    public int WorkDaysBetween(DateOnly after, DateOnly through)
    {
        var count = 0;
        while (after < through)
        {
            after = after.AddDays(1);
            count += IsWorkDay(after) ? 1 : 0;
        }
        return count;
    }

    /// <summary>The local date at an instant (UTC microseconds).</summary>
    public DateOnly DateOf(long instant) => DateOnly.FromDateTime(LocalAt(instant).DateTime);

    /// <summary>The instant (UTC microseconds) with its local offset, as people read it.</summary>
    public DateTimeOffset LocalAt(long instant) => TimeZoneInfo.ConvertTime(Instants.FromMicros(instant), Zone);

    /// <summary>23:59:59 local on a date, as UTC microseconds.</summary>
    public long EndOf(DateOnly date) => At(date, new TimeOnly(23, 59, 59));

    /// <summary>A local time on a date, as UTC microseconds. A time that the change of clocks skips is moved on by what is skipped; of one that comes twice the second counts.</summary>
    public long At(DateOnly date, TimeOnly time)
    {
        var local = date.ToDateTime(time);
        if (Zone.IsInvalidTime(local))
        {
            // The offset before the gap applied to a time inside the gap lands as far behind it.
            return new DateTimeOffset(local, Zone.GetUtcOffset(local.AddDays(-1))).ToMicros();
        }
        return new DateTimeOffset(local, Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Min() : Zone.GetUtcOffset(local)).ToMicros();
    }
}
