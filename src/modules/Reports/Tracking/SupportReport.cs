using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>"Me too": counts one more person for whom the problem exists.</summary>
internal sealed class SupportReport(Writer writer, Keys keys)
{
    /// <summary>Begins what is kept of a network address, which is kept for a time only.</summary>
    public const string ByNetwork = "net-";

    /// <summary>Who somebody is to the count: the account or key, else the network address of the household.</summary>
    public static string NameOf(HttpContext http, Caller caller) => caller.IsAnonymous ? $"net:{http.Household()}" : NameOf(caller.Actor);

    public static string NameOf(Actor actor) => $"actor:{actor.Id:N}";

    /// <summary>What is kept of who somebody is to the count.</summary>
    public string HashOf(string by) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.For("reports.support"), Encoding.UTF8.GetBytes(by)).AsSpan(0, 16));

    /// <param name="by">Account, key or network address. Only a hash of it is kept, under a key of this installation: network addresses are few enough to try them all. It is the same for every report, so that who supports two that turn out to be one is one.</param>
    /// <param name="ifMatch">Refuses versions that the caller does not mean.</param>
    /// <param name="commit">Puts it on disk; the writer, unless it is said.</param>
    public Task<Outcome<SupportCount>> RunAsync(
        string key, string by, Actor actor, CancellationToken cancellation, Func<long, Refusal?>? ifMatch = null, Commit<SupportCount>? commit = null) => (commit ?? writer.DoAsync)(actor, async unit =>
    {
        if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report || !FindReportsApi.IsOpenToAll(report))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        report = await ReadReport.PublicStandInAsync(unit.Store, report, tracked: true, cancellation);
        if (ifMatch?.Invoke(report.Version) is { } stale)
        {
            return stale;
        }
        var hash = HashOf(by);
        hash = by.StartsWith("net:", StringComparison.Ordinal) ? ByNetwork + hash : hash;
        if (await unit.Store.Set<ReportSupport>().AnyAsync(s => s.By == hash && (s.ReportId == report.Id || unit.Store.Set<Report>().Any(m => m.Id == s.ReportId && m.MergedInto == report.Id)), cancellation))
        {
            return new SupportCount(report.Id, report.Supporters);
        }
        var before = ReportFacts.Of(report);
        unit.Store.Add(new ReportSupport { ReportId = report.Id, By = hash, At = unit.Now });
        report.SupportCount++;
        report.Touch(unit.Now);
        ReportEntry.Add(unit, report, "support");
        unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), "support", null), report.Holder, new Audit(before, ReportFacts.Of(report)));
        return new SupportCount(report.Id, report.Supporters);
    }, cancellation);
}

internal sealed record SupportCount(Guid Id, [property: System.Text.Json.Serialization.JsonPropertyName("supportCount")] int Count);
