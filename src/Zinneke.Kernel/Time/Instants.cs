using System.Globalization;

namespace Zinneke.Kernel;

/// <summary>Instants as they are stored and sent: microseconds since 1970-01-01T00:00:00Z, from year 1 to 9999.</summary>
public static class Instants
{
    /// <summary>RFC 3339 with the offset of the zone, to the second: how instants are printed for people and files.</summary>
    private const string WithOffset = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <summary>Bytes of an instant as it is written.</summary>
    public const int WrittenLength = 25;

    /// <summary>Now, in microseconds since 1970.</summary>
    public static long NowMicros(this TimeProvider time) => time.GetUtcNow().ToMicros();

    public static long ToMicros(this DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>The first instant of a day on the clocks of a zone, UTC microseconds: midnight, or where the clocks skip it the end of the gap.</summary>
    public static long StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15); // Zones change their clocks by multiples of that.
        }
        return new DateTimeOffset(midnight, zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight)).ToMicros();
    }

    /// <summary>The date on the clocks of a zone.</summary>
    /// <param name="micros">UTC microseconds.</param>
    public static DateOnly DayOf(long micros, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(FromMicros(micros), zone).DateTime);

    /// <summary>Microseconds in a span.</summary>
    public static long ToMicros(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Reads a date and time of ISO 8601 that says its zone (<c>Z</c> or an offset); one without a zone is refused.</summary>
    public static bool TryRead(string text, out long micros)
    {
        // "K" reads a zone, but is satisfied with none: the zone is looked for by hand.
        if (HasZone(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AllowLeadingWhite | DateTimeStyles.AllowTrailingWhite, out var instant))
        {
            micros = instant.ToMicros();
            return true;
        }
        micros = 0;
        return false;
    }

    /// <summary><c>2026-07-21T10:00:00+02:00</c></summary>
    public static string Write(DateTimeOffset local) => local.ToString(WithOffset, CultureInfo.InvariantCulture);

    /// <summary>The same as UTF-8, for what is written by the million.</summary>
    /// <param name="utf8"><see cref="WrittenLength"/> long.</param>
    public static void Write(DateTimeOffset local, Span<byte> utf8)
    {
        var (time, offset) = (local.DateTime, local.Offset);
        "0000-00-00T00:00:00+00:00"u8.CopyTo(utf8);
        Two(utf8, time.Year / 100);
        Two(utf8[2..], time.Year % 100);
        Two(utf8[5..], time.Month);
        Two(utf8[8..], time.Day);
        Two(utf8[11..], time.Hour);
        Two(utf8[14..], time.Minute);
        Two(utf8[17..], time.Second);
        utf8[19] = (byte)(offset < TimeSpan.Zero ? '-' : '+');
        Two(utf8[20..], Math.Abs(offset.Hours));
        Two(utf8[23..], Math.Abs(offset.Minutes));
    }

    private static void Two(Span<byte> utf8, int number) => (utf8[0], utf8[1]) = ((byte)('0' + number / 10), (byte)('0' + number % 10));

    private static bool HasZone(string text)
    {
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return time >= 8 && text.AsSpan(time).IndexOfAny('Z', '+', '-') > 0;
    }
}
