using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Instants as people read them: in the installation's zone and the reader's culture, in words.</summary>
public sealed class Dates(TimeZoneInfo zone, TimeProvider time)
{
    /// <summary>The instant on the clocks of the city.</summary>
    /// <param name="micros">Microseconds since 1970 (UTC).</param>
    public DateTimeOffset Local(long micros) => TimeZoneInfo.ConvertTime(Instants.FromMicros(micros), zone);

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);

    /// <summary>Nights between an instant and now, on the clocks of the city: 0 is today, 1 is yesterday.</summary>
    public int DaysSince(long micros) => Today.DayNumber - DateOnly.FromDateTime(Local(micros).DateTime).DayNumber;

    /// <summary>vendredi 27 novembre 2026; the year is left out when it is this one.</summary>
    public string Day(long micros) => Day(DateOnly.FromDateTime(Local(micros).DateTime));

    /// <inheritdoc cref="Day(long)"/>
    public string Day(DateOnly date)
    {
        var culture = CultureInfo.CurrentCulture;
        // French says "1er".
        var dayOfMonth = date.Day == 1 && culture.TwoLetterISOLanguageName == "fr" ? "1'er'" : culture.TwoLetterISOLanguageName == "de" ? "d'.'" : "d";
        var pattern = culture.TwoLetterISOLanguageName == "de" ? $"dddd, {dayOfMonth} MMMM" : $"dddd {dayOfMonth} MMMM";
        return date.ToString(date.Year == Today.Year ? pattern : pattern + " yyyy", culture);
    }

    /// <summary>14:05; in French 14 h 05, in German 14:05 Uhr.</summary>
    public string Hour(long micros)
    {
        var local = Local(micros);
        return CultureInfo.CurrentUICulture.TwoLetterISOLanguageName switch
        {
            "fr" => local.ToString("H'\u00a0h\u00a0'mm", CultureInfo.InvariantCulture),
            "de" => local.ToString("H:mm'\u00a0Uhr'", CultureInfo.InvariantCulture),
            "nl" => local.ToString("H.mm'\u00a0uur'", CultureInfo.InvariantCulture),
            _ => local.ToString("HH:mm", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>27/11/2026 for tables: short, with the year.</summary>
    public string Short(long micros) => Local(micros).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>For the attribute <c>datetime</c>.</summary>
    public string Machine(long micros) => Local(micros).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
