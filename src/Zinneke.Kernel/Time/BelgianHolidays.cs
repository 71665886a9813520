namespace Zinneke.Kernel;

/// <summary>The ten public holidays of Belgium (calendar <c>BE</c>), computed for any year of the Gregorian calendar. A holiday on a weekend is not replaced.</summary>
/// <remarks>Royal decree of 18 April 1974 on public holidays, article 1. Good Friday is a working day.</remarks>
public static class BelgianHolidays
{
    /// <summary>The holidays of one year in the order of the year, each with its code.</summary>
    public static IReadOnlyList<(DateOnly Date, string Code)> Of(int year)
    {
        var easter = EasterSunday(year);
        (DateOnly Date, string Code)[] days =
        [
            (new(year, 1, 1), "new-year"),
            (easter.AddDays(1), "easter-monday"),
            (new(year, 5, 1), "labour-day"),
            (easter.AddDays(39), "ascension"),
            (easter.AddDays(50), "whit-monday"),
            (new(year, 7, 21), "national-day"),
            (new(year, 8, 15), "assumption"),
            (new(year, 11, 1), "all-saints"),
            (new(year, 11, 11), "armistice"),
            (new(year, 12, 25), "christmas"),
        ];
        // Ascension can fall on 30 April, before Labour Day.
        return [.. days.OrderBy(day => day.Date)];
    }

    public static bool Includes(DateOnly date)
    {
        switch (date.Month, date.Day)
        {
            case (1, 1) or (5, 1) or (7, 21) or (8, 15) or (11, 1) or (11, 11) or (12, 25):
                return true;
            case ( < 3 or > 6, _):
                return false;
        }
        return date.DayNumber - EasterSunday(date.Year).DayNumber is 1 or 39 or 50;
    }

    /// <summary>Easter Sunday of a year of the Gregorian calendar.</summary>
    /// <remarks>The anonymous Gregorian algorithm: Nature, 20 April 1876; Meeus, Astronomical Algorithms, chapter 8. Names as there.</remarks>
    public static DateOnly EasterSunday(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
        var h = ((19 * a) + b - d - g + 15) % 30;
        int i = c / 4, k = c % 4;
        var l = (32 + (2 * e) + (2 * i) - h - k) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var sum = h + l - (7 * m) + 114;
        return new DateOnly(year, sum / 31, (sum % 31) + 1);
    }
}
