using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Testing.Kernel;

public class WorkCalendarTests
{
    private static readonly WorkCalendar Brussels = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    [ReferenceFact("reports/holidays-be.csv")]
    public void Holidays_are_the_published_ones()
    {
        var published = File.ReadLines(ReferenceData.At("reports/holidays-be.csv")).Skip(1).Select(line => line.Split(',')).Select(fields => $"{fields[0]} {fields[1]}").Order(StringComparer.Ordinal);
        var computed = Enumerable.Range(2013, 23).SelectMany(BelgianHolidays.Of).Select(day => $"{day.Date:yyyy-MM-dd} {day.Code}").Order(StringComparer.Ordinal);
        computed.ShouldBe(published);
    }

    [Theory]
    [InlineData("Europe/Brussels", "2026-11-22", "2026-11-22T00:00:00+01:00")]
    [InlineData("Europe/Brussels", "2026-03-29", "2026-03-29T00:00:00+01:00")]
    [InlineData("America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00")] // Midnight is skipped.
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00")] // Comes twice.
    public void A_day_begins_at_its_first_instant(string zone, string day, string expected)
    {
        var (date, clocks) = (DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var start = Instants.StartOf(date, clocks);
        start.ShouldBe(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture).ToMicros());
        (Instants.DayOf(start, clocks), Instants.DayOf(start - 1, clocks)).ShouldBe((date, date.AddDays(-1)));
    }

    [Fact]
    public void A_date_is_a_holiday_exactly_when_its_year_lists_it()
    {
        foreach (var year in Enumerable.Range(1900, 300))
        {
            var listed = BelgianHolidays.Of(year).Select(day => day.Date).ToHashSet();
            for (var date = new DateOnly(year, 1, 1); date.Year == year; date = date.AddDays(1))
            {
                BelgianHolidays.Includes(date).ShouldBe(listed.Contains(date), date.ToString("O"));
            }
        }
    }

    // Dates of Easter at the ends of its range and in the exceptional years of the algorithm: Meeus, Astronomical Algorithms, chapter 8.
    [Theory]
    [InlineData(1818, 3, 22)]
    [InlineData(1886, 4, 25)]
    [InlineData(1943, 4, 25)]
    [InlineData(1954, 4, 18)]
    [InlineData(1991, 3, 31)]
    [InlineData(2000, 4, 23)]
    [InlineData(2038, 4, 25)]
    public void Easter(int year, int month, int day) => BelgianHolidays.EasterSunday(year).ShouldBe(new DateOnly(year, month, day));

    [Fact]
    public void Good_friday_is_worked_and_easter_monday_is_not()
    {
        Brussels.IsWorkDay(new DateOnly(2026, 4, 3)).ShouldBeTrue();
        Brussels.IsWorkDay(new DateOnly(2026, 4, 6)).ShouldBeFalse();
        Brussels.WorkDaysBetween(new DateOnly(2026, 4, 2), new DateOnly(2026, 4, 7)).ShouldBe(2);
        Brussels.WorkDaysBetween(new DateOnly(2026, 4, 7), new DateOnly(2026, 4, 2)).ShouldBe(0);
    }

    [Fact]
    public void Counting_forward_and_between_agree()
    {
        var start = new DateOnly(2024, 12, 20);
        for (var count = 1; count < 300; count++)
        {
            var end = Brussels.AddWorkDays(start, count);
            Brussels.IsWorkDay(end).ShouldBeTrue();
            Brussels.WorkDaysBetween(start, end).ShouldBe(count);
        }
    }

    [Theory]
    [InlineData("2026-03-29", "02:30:00", "2026-03-29T03:30:00+02:00")] // skipped by the change to summer time
    [InlineData("2026-10-25", "02:30:00", "2026-10-25T02:30:00+01:00")] // comes twice
    [InlineData("2026-10-25", "23:59:59", "2026-10-25T23:59:59+01:00")]
    [InlineData("2026-03-29", "00:00:00", "2026-03-29T00:00:00+01:00")]
    public void Local_times_around_the_change_of_clocks(string date, string time, string expected)
    {
        var instant = Brussels.At(DateOnly.Parse(date, CultureInfo.InvariantCulture), TimeOnly.Parse(time, CultureInfo.InvariantCulture));
        Brussels.LocalAt(instant).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Fact]
    public void A_body_that_never_opens_has_no_working_day()
    {
        var closed = new WorkCalendar(Brussels.Zone, Enumerable.Range(0, 1000).Select(day => new DateOnly(2026, 1, 1).AddDays(day)));
        Should.Throw<InvalidOperationException>(() => closed.AddWorkDays(new DateOnly(2026, 1, 1), 1));
    }
}
