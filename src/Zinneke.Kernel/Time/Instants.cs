namespace Zinneke.Kernel;

/// <summary>Instants as they are stored and sent: microseconds since 1970-01-01T00:00:00Z, from year 1 to 9999.</summary>
public static class Instants
{
    /// <summary>Now, in microseconds since 1970.</summary>
    public static long NowMicros(this TimeProvider time) => time.GetUtcNow().ToMicros();

    public static long ToMicros(this DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>Microseconds in a span.</summary>
    public static long ToMicros(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
