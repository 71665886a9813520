using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Which entries of the audit trail are asked for; null for all.</summary>
public sealed record AuditQuery
{
    /// <summary>Who did it: an account, a key, or one of the two of <see cref="Kernel.Actor"/>.</summary>
    public Guid? Actor { get; init; }

    /// <summary>Kind of subject.</summary>
    public string? Kind { get; init; }

    /// <summary>Id of the subject.</summary>
    public string? Subject { get; init; }

    /// <summary>Of the event, such as <c>kernel.key.made</c>.</summary>
    public string? Type { get; init; }

    public string? Body { get; init; }

    /// <summary>From this instant on, UTC microseconds.</summary>
    public long? From { get; init; }

    /// <summary>Before this instant, UTC microseconds.</summary>
    public long? Before { get; init; }

    /// <summary>Names of the query.</summary>
    public static IReadOnlyList<string> Names { get; } = ["actor", "kind", "subject", "type", "body", "from", "to"];

    /// <summary>Reads everything but the person, whom only the database knows.</summary>
    /// <param name="zone">In which days are days: <c>to</c> is the last.</param>
    /// <returns>422 with every value that cannot be.</returns>
    public static Outcome<AuditQuery> Of(IQueryCollection query, TimeZoneInfo zone)
    {
        if (Refusal.OfNul(query) is { } nul)
        {
            return nul;
        }
        var faults = new List<Refusal>();
        string? Given(string name) => query[name].ToString().Trim() is { Length: > 0 } value ? value : null;
        DateOnly? Day(string name)
        {
            if (Given(name) is not { } text)
            {
                return null;
            }
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200)
            {
                return day;
            }
            faults.Add(Refusal.Invalid("kernel.badDay", name));
            return null;
        }
        var (from, to) = (Day("from"), Day("to"));
        return faults.Count > 0 ? Refusal.Of(faults) : new AuditQuery
        {
            Kind = Given("kind"), Subject = Given("subject"), Type = Given("type"), Body = Given("body"),
            From = from is { } first ? Instants.StartOf(first, zone) : null, Before = to is { } last ? Instants.StartOf(last.AddDays(1), zone) : null,
        };
    }
}

/// <summary>Where a page of the trail ended: the next begins before it.</summary>
public sealed record AuditPlace(long At, long Position);
