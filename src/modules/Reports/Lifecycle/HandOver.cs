namespace Zinneke.Reports;

/// <summary>Who takes a report that moves on (reports.md 4.2).</summary>
/// <param name="Coordinator">Takes what nobody takes; cannot reject.</param>
/// <param name="IsActive">Whether a body exists and takes reports.</param>
/// <param name="AlternativesOf">Bodies that routing named besides the chosen one, best first.</param>
/// <param name="HopsMax">After so many changes of holder every further move goes to the coordinator.</param>
public sealed record HandOver(string Coordinator, Func<string, bool> IsActive, Func<Report, IReadOnlyList<string>> AlternativesOf, int HopsMax = 3)
{
    /// <summary>The coordinator when the report has moved too often, else null.</summary>
    public string? AfterTooManyHops(int hops) => hops >= HopsMax ? Coordinator : null;

    /// <summary>Where a rejected report goes: the body proposed, else the next alternative, else the previous holder, each unless it rejected already; else the coordinator.</summary>
    public string AfterRejection(Report report, string? suggested)
    {
        if (AfterTooManyHops(report.Hops) is { } coordinator)
        {
            return coordinator;
        }
        var rejected = report.RejectedBy.Split(' ');
        bool Takes(string? body) => body is not null && body != report.Holder && !rejected.Contains(body) && IsActive(body);
        return Takes(suggested)
            ? suggested!
            : AlternativesOf(report).FirstOrDefault(Takes) ?? (Takes(report.PreviousHolder) ? report.PreviousHolder! : Coordinator);
    }
}
