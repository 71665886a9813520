namespace Zinneke.Testing;

/// <summary>A clock that stands still until a test moves it. Begins on Monday 2026-05-04T08:00:00Z, 10 o'clock in Brussels. Timers run on real time.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long utcTicks = new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref utcTicks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref utcTicks, by.Ticks);

    public void Set(DateTimeOffset instant) => Interlocked.Exchange(ref utcTicks, instant.UtcTicks);
}
