using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Whether the log and the tables say the same of every report (as <c>reports verify</c>), and every row belongs to a report and every photo to a file.</summary>
internal sealed class ReportsCheck(Database database, VerifyReports verify) : Check
{
    private const int ShownMax = 20;

    public override string Name => "reports.report";

    public override async Task<long> RunAsync(Action<string, string> wrong, Action<long> looked, CancellationToken cancellation)
    {
        var verified = await verify.RunAsync(looked, cancellation);
        foreach (var one in verified.First)
        {
            wrong(one.Report, $"{one.Field}: the log says {one.Log ?? "nothing"}, the table {one.Table ?? "nothing"}");
        }
        await using var store = database.Open();
        var reports = store.Set<Report>().AsNoTracking();
        async Task OrphansAsync(string what, IQueryable<Guid> owners)
        {
            foreach (var gone in await owners.Distinct().Where(id => !reports.Any(report => report.Id == id)).Take(ShownMax).ToListAsync(cancellation))
            {
                wrong($"report {gone}", $"is not there and has {what}");
            }
        }
        await OrphansAsync("words", store.Set<ReportWordsRow>().AsNoTracking().Select(row => row.ReportId));
        await OrphansAsync("a contact", store.Set<ReportContact>().AsNoTracking().Select(row => row.ReportId));
        await OrphansAsync("a history", store.Set<ReportEntry>().AsNoTracking().Select(row => row.ReportId));
        await OrphansAsync("photos", store.Set<ReportPhoto>().AsNoTracking().Select(row => row.ReportId));
        foreach (var photo in await store.Set<ReportPhoto>().AsNoTracking().Where(photo => !store.Set<StoredFile>().Any(file => file.Id == photo.FileId)).Select(photo => photo.Id).Take(ShownMax).ToListAsync(cancellation))
        {
            wrong($"photo {photo}", "its file is not there");
        }
        return verified.Reports;
    }
}
