using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Why a report is in somebody's list.</summary>
public enum MineBy
{
    Sent,
    Followed,
    Supported,
}

/// <summary>One report of somebody's list.</summary>
/// <param name="Address">Null when the public does not see it and it is not their own.</param>
public sealed record MineRow(Report Report, MineBy By, string? Address);

/// <summary>A page of somebody's list, the newest first.</summary>
/// <param name="Total">Of all pages.</param>
/// <param name="Next">Where the next page begins.</param>
public sealed record MinePage(IReadOnlyList<MineRow> Rows, int Total, Guid? Next);

/// <summary>What somebody follows beside reports.</summary>
/// <param name="PaceToken">Opens the page where one chooses how often, or stops.</param>
public sealed record MinePlace(Text Name, string PaceToken);

/// <summary>The reports that a person sent, follows and supports (R14); their data as JSON; and how to have it erased.</summary>
internal sealed class MyReports(Store store, SupportReport supports, FollowReports follow, Mails mails, Writer writer, IEnumerable<PersonalData> parts)
{
    private const int PageSize = 20;

    /// <summary>How to reach somebody: what is erased here. What staff keep for their work goes with the account.</summary>
    private static readonly string[] Reachable = ["reports.contact", "reports.subscriptions", "reports.mine"];

    /// <param name="after">Id of the last report of the page before.</param>
    public async Task<MinePage> PageAsync(Person person, Guid? after, CancellationToken cancellation)
    {
        var all = await AllAsync(person, cancellation);
        // Ids hold the time at which they were made: the newest first.
        var sorted = all.Keys.ToList();
        sorted.Sort((a, b) => ReportPlace.Compare(b, a));
        var page = sorted.Where(id => after is not { } last || ReportPlace.Compare(id, last) < 0).Take(PageSize + 1).ToList();
        var shown = page.Take(PageSize).ToList();
        var rows = await store.Set<Report>().AsNoTracking().Where(report => shown.Contains(report.Id))
            .GroupJoin(store.Set<ReportWordsRow>().AsNoTracking(), report => report.Id, words => words.ReportId, (report, words) => new { report, words })
            .SelectMany(both => both.words.DefaultIfEmpty(), (both, words) => new { both.report, words!.Address, Hidden = words != null && words.Hidden }).ToListAsync(cancellation);
        return new MinePage(
            [
                .. rows.OrderBy(row => shown.IndexOf(row.report.Id)).Select(row => new MineRow(
                    row.report, all[row.report.Id], all[row.report.Id] == MineBy.Sent || (row.report.Visibility == Visibility.Public && !row.Hidden) ? row.Address : null)),
            ],
            all.Count, page.Count > PageSize ? shown[^1] : null);
    }

    /// <summary>Areas and circles that the address follows by mail.</summary>
    public async Task<IReadOnlyList<MinePlace>> PlacesAsync(Person person, CancellationToken cancellation)
    {
        var places = await store.Set<Subscription>().AsNoTracking().Where(s => person.Email != null && s.Email == person.Email && s.ConfirmedAt != null && s.ReportId == null).OrderBy(s => s.AskedAt).ToListAsync(cancellation);
        return [.. places.Select(place => new MinePlace(follow.NameOf(place.Followed, null), mails.PaceToken(place.Email, place.About)))];
    }

    /// <summary>Everything that this module holds about the person, by the part that holds it.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<object>>> ExportAsync(Person person, CancellationToken cancellation)
    {
        var all = new SortedDictionary<string, IReadOnlyList<object>>(StringComparer.Ordinal);
        foreach (var part in parts.Where(part => part.Key.StartsWith("reports.", StringComparison.Ordinal)))
        {
            all[part.Key] = await part.ExportAsync(store, person, cancellation);
        }
        return all;
    }

    /// <summary>Erases how to reach the person from every report, what they follow, and links that wait; the reports stay.</summary>
    /// <returns>How many records were erased.</returns>
    public async Task<Outcome<int>> EraseAsync(Person person, Actor actor, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var part in parts.Where(part => Reachable.Contains(part.Key)))
        {
            if (!(await writer.DoAsync<int>(actor, async unit => await part.EraseAsync(unit, person, cancellation), cancellation)).Is(out var erased, out var refusal))
            {
                return refusal;
            }
            count += erased;
        }
        return count;
    }

    /// <summary>Of a report that somebody both sent and follows the first counts. Those of others are there as long as everybody may see them.</summary>
    private async Task<Dictionary<Guid, MineBy>> AllAsync(Person person, CancellationToken cancellation)
    {
        var all = new Dictionary<Guid, MineBy>();
        foreach (var id in await ContactData.Of(store, person).Select(contact => contact.ReportId).ToListAsync(cancellation))
        {
            all[id] = MineBy.Sent;
        }
        var followed = store.Set<Subscription>().Where(s => person.Email != null && s.Email == person.Email && s.ConfirmedAt != null && s.ReportId != null).Select(s => s.ReportId!.Value);
        await AddAsync(followed, MineBy.Followed);
        if (person.Account is { } account)
        {
            var by = supports.HashOf(SupportReport.NameOf(new Actor(account)));
            await AddAsync(store.Set<ReportSupport>().Where(s => s.By == by).Select(s => s.ReportId), MineBy.Supported);
        }
        return all;

        async Task AddAsync(IQueryable<Guid> ids, MineBy why)
        {
            var open = await store.Set<Report>().Where(r => ids.Contains(r.Id) && (r.Visibility == Visibility.Public || r.Visibility == Visibility.Private) && r.State != ReportState.Withdrawn).Select(r => r.Id).ToListAsync(cancellation);
            foreach (var id in open)
            {
                all.TryAdd(id, why);
            }
        }
    }
}
