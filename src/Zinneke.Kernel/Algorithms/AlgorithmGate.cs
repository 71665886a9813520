using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>What a declared function found.</summary>
/// <param name="Outcome">A code for the log: an id, a state; never words or anything about a person.</param>
/// <param name="Confidence">0 to 1, when the function says how sure it is.</param>
public sealed record Verdict<T>(T Value, string Outcome, double? Confidence = null);

/// <summary>An algorithm took part in what became of a subject.</summary>
/// <param name="Input">Keyed hash of what it looked at: shows later whether it was this, and tells nobody what it was.</param>
/// <param name="ShownTo">Who is shown the outcome.</param>
[EventType("kernel.algorithm.ran")]
public sealed record AlgorithmRan(string Algorithm, string ModelVersion, string Input, string Outcome, double? Confidence, IReadOnlyList<string> ShownTo);

/// <summary>The register did not let an algorithm decide: people do.</summary>
[EventType("kernel.algorithm.refused")]
public sealed record AlgorithmRefused(string Algorithm, string ModelVersion, string Reason);

/// <summary>
/// The one door to declared functions (strategy.md R3): runs one only when its entry in the register allows it now, and writes down that it ran. The entry lies in memory,
/// and what is written goes with the change it belongs to, so the door costs no query and no further write to disk.
/// </summary>
public sealed class AlgorithmGate(AlgorithmRegister register, Keys keys, ILogger<AlgorithmGate> logger)
{
    private const int HashLength = 16;
    private readonly ConcurrentDictionary<string, string> warned = new(StringComparer.Ordinal);

    /// <summary>Lets the algorithm decide, and logs that it ran, or that it was refused, with the change that the unit makes.</summary>
    /// <param name="subject">What is decided about.</param>
    /// <param name="subjectVersion">The Version that the subject has after this unit.</param>
    /// <param name="input">What it looks at; written as JSON, only a keyed hash of it is kept.</param>
    /// <returns>Null when it may not run: the case goes to people, and <paramref name="decide"/> was not called.</returns>
    public T? Run<T>(Algorithm algorithm, Unit unit, Subject subject, long subjectVersion, object input, Func<Verdict<T>> decide)
        where T : class
    {
        if (Refuses(algorithm) is { } reason)
        {
            unit.Publish(subject, subjectVersion, new AlgorithmRefused(algorithm.Key, algorithm.ModelVersion, reason));
            return null;
        }
        var verdict = decide();
        unit.Publish(subject, subjectVersion, new AlgorithmRan(algorithm.Key, algorithm.ModelVersion, HashOf(input), verdict.Outcome, verdict.Confidence, algorithm.ShownTo));
        return verdict.Value;
    }

    /// <summary>Says what would come out, for somebody to look at: decides nothing, so nothing is logged.</summary>
    /// <returns>Null when the algorithm may not run.</returns>
    public T? Try<T>(Algorithm algorithm, Func<Verdict<T>> decide)
        where T : class => Refuses(algorithm) is null ? decide().Value : null;

    /// <summary>Whether it may run now: asked by work that looks again and again at what waits, so that the log does not hold a refusal of each case each time.</summary>
    public bool Allows(Algorithm algorithm) => Refuses(algorithm) is null;

    /// <summary>The hash under which <see cref="AlgorithmRan.Input"/> keeps an input.</summary>
    public string HashOf(object input) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("algorithm input"), JsonSerializer.SerializeToUtf8Bytes(input, input.GetType(), Json.Options)).AsSpan(0, HashLength));

    private string? Refuses(Algorithm algorithm)
    {
        var reason = register.RefusalOf(algorithm.Key);
        if (reason is null)
        {
            warned.TryRemove(algorithm.Key, out _);
        }
        else if (!warned.TryGetValue(algorithm.Key, out var before) || before != reason)
        {
            warned[algorithm.Key] = reason;
            logger.LogWarning("The register does not let {Algorithm} run ({Reason}): its cases go to people. See docs/operating.md", algorithm.Key, reason);
        }
        return reason;
    }
}
