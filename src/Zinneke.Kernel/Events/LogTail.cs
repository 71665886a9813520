namespace Zinneke.Kernel;

/// <summary>Knows, in this process, how far the log is sealed, and wakes those who wait for more.</summary>
public sealed class LogTail
{
    private readonly Lock gate = new();
    private TaskCompletionSource grown = NewSignal();
    private TaskCompletionSource poked = NewSignal();
    private long head;

    /// <summary>The last sealed position that this process has heard of.</summary>
    public long Head => Interlocked.Read(ref head);

    /// <summary>Tells that the log now reaches to this position.</summary>
    internal void Advance(long position)
    {
        TaskCompletionSource woken;
        lock (gate)
        {
            if (position <= head)
            {
                return;
            }
            head = position;
            woken = grown;
            grown = NewSignal();
        }
        woken.SetResult();
    }

    /// <summary>Tells the sealer that there is something to seal.</summary>
    internal void Poke()
    {
        TaskCompletionSource woken;
        lock (gate)
        {
            woken = poked;
            poked = NewSignal();
        }
        woken.SetResult();
    }

    /// <summary>Completes when the log is beyond the position, or after the time.</summary>
    public async Task WaitBeyondAsync(long position, TimeSpan most, CancellationToken cancellation)
    {
        Task signal;
        lock (gate)
        {
            if (head > position)
            {
                return;
            }
            signal = grown.Task;
        }
        await WaitEitherAsync(signal, most, cancellation);
    }

    /// <summary>Completes with the next poke. Taken before sealing, so that a poke during the sealing is not missed.</summary>
    internal Task NextPoke
    {
        get
        {
            lock (gate)
            {
                return poked.Task;
            }
        }
    }

    internal static async Task WaitEitherAsync(Task signal, TimeSpan most, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(signal, Task.Delay(most, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
