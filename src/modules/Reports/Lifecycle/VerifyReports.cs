using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Something that the log and the tables say differently.</summary>
/// <param name="Report">Number of the report, or its id when there is no row; of a follower its name.</param>
/// <param name="Field">What differs: a member of the standing, <c>version</c>, <c>row</c>, <c>events</c>.</param>
internal sealed record Mismatch(string Report, string Field, string? Log, string? Table);

/// <param name="First">The first <see cref="VerifyReports.ShownMax"/> mismatches.</param>
internal sealed record Verified(long Events, long Reports, long Mismatches, IReadOnlyList<Mismatch> First);

/// <summary>
/// Replays the log and sets it against the tables: each report's events are numbered without a gap, and the last one says where it stands, as the row does. Then what
/// followers keep is derived anew beside what they have stored. Runs beside a server: what seems to differ is looked at again.
/// </summary>
internal sealed class VerifyReports(Database database, Log log, LogTail tail, FollowerCheck followers)
{
    public const int ShownMax = 100;
    private const int BatchMax = 10_000, PageSize = 2_000, LooksMax = 5;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(300);

    public async Task<Verified> RunAsync(Action<long>? progress, CancellationToken cancellation)
    {
        await database.SealAsync(tail, cancellation);
        var (events, replayed) = await ReplayAsync(progress, cancellation);
        var (reports, suspects) = await CompareAsync(replayed, cancellation);
        var wrong = new List<Mismatch>();
        foreach (var suspect in suspects)
        {
            wrong.AddRange(await LookAgainAsync(suspect, cancellation));
        }
        wrong.AddRange((await followers.RunAsync(cancellation)).Where(follower => follower.Wrong is not null).Select(follower => new Mismatch(follower.Name, "follower", null, follower.Wrong)));
        return new Verified(events, reports, wrong.Count, [.. wrong.Take(ShownMax)]);
    }

    /// <summary>Where each report stands by its last event, as a fingerprint; version -1 where its events have a gap.</summary>
    private async Task<(long Events, Dictionary<Guid, Replayed> Reports)> ReplayAsync(Action<long>? progress, CancellationToken cancellation)
    {
        var reports = new Dictionary<Guid, Replayed>();
        var count = 0L;
        var position = 0L;
        while (await log.ReadAsync(position, BatchMax, cancellation) is { Count: > 0 } events)
        {
            foreach (var happened in events.Where(OfReport))
            {
                var id = Guid.Parse(happened.Subject.Id);
                var before = reports.GetValueOrDefault(id);
                reports[id] = new Replayed(before.Version + 1 == happened.SubjectVersion ? happened.SubjectVersion : -1, Fingerprint(happened.Read<AnyEvent>().After));
                count++;
            }
            position = events[^1].Position;
            progress?.Invoke(position);
        }
        return (count, reports);
    }

    private async Task<(long Reports, List<Guid> Suspects)> CompareAsync(Dictionary<Guid, Replayed> replayed, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var suspects = new List<Guid>();
        var (count, last) = (0L, Guid.Empty);
        while (await store.Set<Report>().AsNoTracking().Where(report => report.Id.CompareTo(last) > 0).OrderBy(report => report.Id).Take(PageSize).ToListAsync(cancellation) is { Count: > 0 } page)
        {
            foreach (var report in page)
            {
                if (!replayed.Remove(report.Id, out var said) || said != new Replayed(report.Version, Fingerprint(report.Standing())))
                {
                    suspects.Add(report.Id);
                }
            }
            count += page.Count;
            last = page[^1].Id;
        }
        suspects.AddRange(replayed.Keys);
        return (count, suspects);
    }

    /// <summary>What differs of one report; a change under way is waited for.</summary>
    private async Task<List<Mismatch>> LookAgainAsync(Guid id, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            await using var store = database.Open();
            var report = await store.Set<Report>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellation);
            await database.SealAsync(tail, cancellation);
            var events = (await log.OfAsync(new Subject("report", id), cancellation)).Where(OfReport).ToList();
            var differing = Compare(id, report, events).ToList();
            if (differing.Count == 0 || look == LooksMax)
            {
                return differing;
            }
            await Task.Delay(LookAgainAfter, cancellation);
        }
    }

    private static IEnumerable<Mismatch> Compare(Guid id, Report? report, List<Event> events)
    {
        var name = report?.Number ?? id.ToString();
        if (report is null || events.Count == 0)
        {
            yield return report is null ? new Mismatch(name, "row", "there", null) : new Mismatch(name, "events", null, "there");
            yield break;
        }
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].SubjectVersion != i + 1)
            {
                yield return new Mismatch(name, "events", $"version {events[i].SubjectVersion}", $"version {i + 1}");
            }
        }
        if (report.Version != events[^1].SubjectVersion)
        {
            yield return new Mismatch(name, "version", $"{events[^1].SubjectVersion}", $"{report.Version}");
        }
        var (said, stands) = (JsonSerializer.SerializeToElement(events[^1].Read<AnyEvent>().After, Json.Options), JsonSerializer.SerializeToElement(report.Standing(), Json.Options));
        foreach (var member in stands.EnumerateObject().Where(member => said.GetProperty(member.Name).GetRawText() != member.Value.GetRawText()))
        {
            yield return new Mismatch(name, member.Name, said.GetProperty(member.Name).ToString(), member.Value.ToString());
        }
    }

    private static bool OfReport(Event happened) => happened.Subject.Kind == "report" && happened.Type.StartsWith("reports.report.", StringComparison.Ordinal);

    private static UInt128 Fingerprint(Standing standing) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(standing, Json.Options)));

    private readonly record struct Replayed(long Version, UInt128 Standing);

    /// <summary>What every event of a report has.</summary>
    private sealed record AnyEvent(Standing After);
}
