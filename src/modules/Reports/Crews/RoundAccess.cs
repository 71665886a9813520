using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Who works with the rounds of a body: whoever acts on its reports or repairs, by a role of exactly this body, as with the reports themselves (R22).</summary>
internal static class RoundAccess
{
    private static readonly string[] Working = [ReportPermissions.Act, ReportPermissions.Repair];

    /// <summary>Bodies whose rounds the caller sees; null for all.</summary>
    public static IReadOnlyList<string>? BodiesOf(Caller caller)
    {
        var reaches = Working.SelectMany(caller.ReachesOf).ToList();
        return reaches.Exists(reach => reach.Body is null) ? null : [.. reaches.Select(reach => reach.Body!).Distinct(StringComparer.Ordinal)];
    }

    public static bool MaySee(Caller caller, string body) => BodiesOf(caller) is not { } bodies || bodies.Contains(body);

    /// <summary>Whether the caller works on this report, within the categories and areas that a role is limited to.</summary>
    public static bool WorksOn(Caller caller, Report report) => Working.Any(right => caller.CanAsStaff(right, new Where(report.Holder, report.Category, report.Area)));

    /// <summary>The round, as far as there is one for the caller: 404 for that of another body as for none.</summary>
    public static async Task<Outcome<Round>> FindAsync(Store store, Guid id, Caller caller, bool tracked, CancellationToken cancellation)
    {
        var rounds = tracked ? store.Set<Round>() : store.Set<Round>().AsNoTracking();
        return await rounds.FirstOrDefaultAsync(round => round.Id == id, cancellation) is { } found && MaySee(caller, found.Body)
            ? found
            : new Refusal(RefusalKind.NotFound, "reports.unknownRound");
    }
}
