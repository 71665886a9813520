using System.Globalization;

namespace Zinneke.Reports;

/// <summary>A day as forms and addresses write it, from 1900 to 2200: far from where no clock of any zone can follow.</summary>
internal static class TypedDay
{
    private static readonly DateOnly First = new(1900, 1, 1), Last = new(2200, 12, 31);

    /// <param name="typed"><c>2026-07-21</c></param>
    /// <returns>Null for anything else.</returns>
    public static DateOnly? Read(string? typed) =>
        DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= First && day <= Last ? day : null;

    /// <summary>True of an instant that lies on such a day.</summary>
    public static bool Holds(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime) is var day && day >= First && day <= Last;
}
