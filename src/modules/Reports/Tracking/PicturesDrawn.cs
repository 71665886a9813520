using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Moves the last change of a report when one of its photos has been drawn, so that who asks for what has changed since (<c>updatedSince</c>) hears of the picture. Past the row's Version: nobody
/// did anything, and whoever was about to act on the report still sees what they saw.
/// </summary>
internal sealed class PicturesDrawn : TableFollower
{
    public override string Name => "reports.pictures";

    /// <summary>When it was, only the clock of then knows.</summary>
    public override bool Rebuildable => false;

    public override async Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation)
    {
        if (await ReportsOfAsync(unit.Store, events, cancellation) is not { Count: > 0 } drawn)
        {
            return;
        }
        var now = unit.Now;
        unit.Then((connection, transaction) =>
        {
            foreach (var id in drawn.Values.Distinct())
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "UPDATE reports_reports SET updated_at = CASE WHEN updated_at < @now THEN @now ELSE updated_at + 1 END WHERE id = @id";
                command.Add("now", now);
                command.Add("id", id);
                command.ExecuteNonQuery();
            }
        });
    }

    /// <summary>The reports whose photos some events say are drawn, by file.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> ReportsOfAsync(Store store, IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        List<Guid> files = [.. events.Where(happened => happened.Is<FileDrawn>()).Select(happened => Guid.Parse(happened.Subject.Id))];
        return files.Count == 0 ? new Dictionary<Guid, Guid>()
            : await store.Set<ReportPhoto>().AsNoTracking().Where(photo => files.Contains(photo.FileId)).Select(photo => new { photo.FileId, photo.ReportId }).ToDictionaryAsync(photo => photo.FileId, photo => photo.ReportId, cancellation);
    }
}
