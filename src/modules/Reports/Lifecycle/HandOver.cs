namespace Zinneke.Reports;

/// <summary>Who takes a report that moves on (reports.md 4.2).</summary>
/// <param name="Coordinator">Takes what nobody takes; cannot reject.</param>
/// <param name="IsActive">Whether a body exists and takes reports.</param>
/// <param name="AlternativesOf">Bodies that routing named besides the chosen one, best first.</param>
/// <param name="HopsMax">After so many changes of holder every further move goes to the coordinator.</param>
internal sealed record HandOver(string Coordinator, Func<string, bool> IsActive, Func<Report, IReadOnlyList<string>> AlternativesOf, int HopsMax = 3)
{
    /// <summary>Where a report goes that is handed on: to the body named; to the coordinator when it has moved too often, unless the coordinator itself hands it on.</summary>
    public string AfterMove(Report report, string to, Who who) =>
        AfterTooManyHops(report.Hops) is { } coordinator && report.Holder != coordinator && !who.HasFlag(Who.Coordinator) ? coordinator : to;

    /// <summary>False for the coordinator, and for a body that got the report from the coordinator after too many moves: somebody has to have it.</summary>
    public bool MayReject(Report report) => report.Holder != Coordinator && !(report.Hops > HopsMax && report.PreviousHolder == Coordinator);

    /// <summary>The coordinator when the report has moved too often, else null.</summary>
    private string? AfterTooManyHops(int hops) => hops >= HopsMax ? Coordinator : null;

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
