namespace Zinneke.Kernel;

/// <summary>The system's clock shifted so that it stood at a given instant when it was made; it runs on from there. Timers are the system's.</summary>
public sealed class RunningClock(DateTimeOffset start, TimeProvider system) : TimeProvider
{
    private readonly TimeSpan shift = start - system.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => system.GetUtcNow() + shift;

    public override long TimestampFrequency => system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => system.CreateTimer(callback, state, dueTime, period);
}
