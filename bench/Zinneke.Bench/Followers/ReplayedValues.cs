using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Bench.Followers;

/// <summary>Something got a value: the event that the measurement fills the log with.</summary>
[EventType("bench.subject.changed")]
internal sealed record SubjectChanged(long Value);

/// <summary>The newest value of a subject.</summary>
internal sealed class SubjectRow
{
    public int Generation { get; init; }

    public required string Subject { get; init; }

    public long Value { get; set; }
}

/// <summary>Derives one row for each subject from every event of the log, one after another: the hardest that a follower can be asked, which cannot load what it derives from tables.</summary>
internal sealed class ReplayedValues : TableFollower
{
    private const int ClearMax = 1000;

    public static TableMap Tables { get; } = new("bench", Assembly.GetExecutingAssembly(), model => model.Entity<SubjectRow>(t => t.ToTable("bench_subjects").HasKey(row => new { row.Generation, row.Subject })));

    public override string Name => "bench.values";

    public override IReadOnlyList<Type> Derives => [typeof(SubjectRow)];

    public static Subject SubjectOf(long n) => new("bench", n.ToString("D8", CultureInfo.InvariantCulture));

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        var newest = events.Where(e => e.Is<SubjectChanged>()).GroupBy(e => e.Subject.Id).ToDictionary(group => group.Key, group => group.Last().Read<SubjectChanged>().Value, StringComparer.Ordinal);
        var ids = newest.Keys.ToArray();
        foreach (var row in await unit.Store.Set<SubjectRow>().Where(row => row.Generation == generation && ids.Contains(row.Subject)).ToListAsync(cancellation))
        {
            row.Value = newest[row.Subject];
            newest.Remove(row.Subject);
        }
        unit.AddMany([.. newest.Select(one => new SubjectRow { Generation = generation, Subject = one.Key, Value = one.Value })]);
    }

    public override async Task<bool> ClearAsync(Unit unit, int generation, CancellationToken cancellation)
    {
        var some = await unit.Store.Set<SubjectRow>().Where(row => row.Generation == generation).Take(ClearMax).ToListAsync(cancellation);
        unit.Store.RemoveRange(some);
        return some.Count > 0;
    }
}
