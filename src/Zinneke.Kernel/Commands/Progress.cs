using System.Globalization;

namespace Zinneke.Kernel;

/// <summary>Says on standard error how far a verb is: a bar that redraws itself on a terminal, otherwise a line every three seconds. Not for several threads.</summary>
public sealed class Progress(TextWriter error, bool terminal, TimeProvider time)
{
    private const int Width = 32;
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(100);
    private long last = time.GetTimestamp();
    private bool drawn;

    /// <summary>How far the work is; cheap enough to call for every record.</summary>
    /// <param name="what">What is counted: <c>reports</c>.</param>
    /// <param name="done">Records or bytes so far.</param>
    /// <param name="total">All of them, or 0 when nobody knows.</param>
    public void At(string what, long done, long total = 0)
    {
        if (time.GetElapsedTime(last) < (terminal ? BarEvery : LineEvery))
        {
            return;
        }
        last = time.GetTimestamp();
        var count = done.ToString("N0", CultureInfo.InvariantCulture);
        if (!terminal)
        {
            error.WriteLine(total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{what}: {count} of {total:N0}") : $"{what}: {count}");
            return;
        }
        var filled = total > 0 ? (int)Math.Clamp(Width * ((double)done / total), 0, Width) : 0;
        error.Write(total > 0 ? $"\r[{new string('#', filled)}{new string('.', Width - filled)}] {what} {count}  " : $"\r{what} {count}  ");
        drawn = true;
    }

    /// <summary>A message of its own line.</summary>
    public void Say(string message)
    {
        Clear();
        error.WriteLine(message);
    }

    internal void Clear()
    {
        if (drawn)
        {
            error.Write("\r" + new string(' ', Width + 40) + "\r");
            drawn = false;
        }
    }
}
