using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What an import of history is to do with lines that are wrong.</summary>
/// <param name="Rejects">File to write them to; null for none.</param>
/// <param name="SkipBad">Take the good lines all the same.</param>
internal sealed record HistoryOptions(HistoryMap Map, string? Rejects = null, bool SkipBad = false)
{
    public bool TakesGoodLines => SkipBad || Rejects is not null;
}

/// <summary>
/// Takes the history of another system (reports.md section 6, R44). The file is read once: every line is checked, routed and put into a draft; then it is decided, and the
/// draft is applied slice by slice. A line is known again by its source and number: the same facts change nothing, other facts replace the report, unless somebody has
/// worked on it here since. Each report gets one event, so that the log stays the whole truth.
/// </summary>
internal sealed class ImportReports(Database database, Writer writer, DataFolder folder, RouteReport routing, AlgorithmRegister register, Settings settings, TimeProvider time, Ids ids, ILogger<ImportReports> log)
    : SlicedImport<ImportedReport>(database, writer, folder, ids, log)
{
    private readonly Ids ids = ids;
    private readonly Database database = database;

    public override string Kind => "reports";

    protected override int SliceLength => 500;

    /// <param name="file">Name for the summary.</param>
    /// <exception cref="BadInputException">Numbers that the file gives were handed out in the meantime.</exception>
    public async Task<(ImportSummary Summary, long Kept)> RunAsync(Stream stream, string file, HistoryOptions options, Actor actor, Progress? progress, CancellationToken cancellation)
    {
        await FinishAsync(cancellation);
        await using var store = database.Open();
        await register.LoadAsync(store, cancellation); // A verb runs no followers.
        var router = await RoutingMap.ReadAsync(store, settings, time, cancellation);
        using var rejects = new HistoryRejects(options.Rejects);
        var faults = new Faults(rejects.Add);
        using var rows = new CsvRows(stream, faults, ReferenceEquals(options.Map, HistoryMap.Plain) ? ',' : null, [.. options.Map.Required]);
        using var draft = Begin();
        var numbers = await HistoryNumbers.ReadAsync(store, options.Map, options.Map.Columns.TryGetValue("number", out var column) && rows.Has(column.Theirs), cancellation);
        rejects.Begin(rows);
        var reader = new HistoryReader(rows, faults, options.Map, router, routing, numbers, settings.Get(KernelSettings.Languages)[0]);
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Read() is { } report)
            {
                draft.Add(report);
            }
            rejects.EndRow(rows);
            progress?.At("lines checked", rows.Count);
        }
        rejects.EndRow(rows);
        var summary = new ImportSummary(Kind, file, rows.Count, 0, 0, 0, rejects.Count, faults.First);
        if (rows.Broken || (rejects.Count > 0 && !options.TakesGoodLines))
        {
            return (summary, 0);
        }
        rejects.Keep();
        var applied = await ApplyAsync(draft, file, actor, unit => numbers.ReserveAsync(unit, cancellation), count => progress?.At("reports stored", count, draft.Count), cancellation);
        if (!applied.Is(out var done, out var refusal))
        {
            throw new BadInputException($"{file}: {refusal.Code}: numbers that it gives were handed out while it was read; import it again");
        }
        return (summary with { Added = done.Added, Changed = done.Changed, Unchanged = done.Unchanged, SkipsBad = options.TakesGoodLines }, done.Kept);
    }

    protected override async Task<SliceCount> ApplyAsync(Unit unit, IReadOnlyList<ImportedReport> slice, CancellationToken cancellation)
    {
        var held = await HeldAsync(unit.Store, slice, cancellation);
        var fresh = new List<ImportedReport>();
        var count = default(SliceCount);
        foreach (var past in slice)
        {
            if (!held.TryGetValue(past.ExternalId, out var there))
            {
                fresh.Add(past);
            }
            else if (there.Hash.AsSpan().SequenceEqual(past.Hash))
            {
                count += new SliceCount(0, 0, 1);
            }
            else if (there.Version != there.ImportedVersion)
            {
                count += new SliceCount(0, 0, 1, Kept: 1);
            }
            else
            {
                await ReplaceAsync(unit, past, there, cancellation);
                count += new SliceCount(0, 1, 0);
            }
        }
        await AddAsync(unit, fresh, cancellation);
        return count + new SliceCount(fresh.Count, 0, 0);
    }

    private static async Task<Dictionary<string, Held>> HeldAsync(Store store, IReadOnlyList<ImportedReport> slice, CancellationToken cancellation)
    {
        var (source, externalIds) = (slice[0].Source, slice.Select(past => past.ExternalId).ToList());
        // As one parameter: hundreds of them would be looked up by name one after another.
        return await store.Set<ReportOrigin>().AsNoTracking().Where(origin => origin.Source == source && EF.Parameter(externalIds).Contains(origin.ExternalId))
            .Join(store.Set<Report>().AsNoTracking(), origin => origin.ReportId, report => report.Id,
                (origin, report) => new Held(report.Id, origin.ExternalId, report.Number, report.ClientId, report.ContentHash, report.Version, origin.ReportVersion))
            .ToDictionaryAsync(one => one.ExternalId, StringComparer.Ordinal, cancellation);
    }

    private async Task AddAsync(Unit unit, List<ImportedReport> fresh, CancellationToken cancellation)
    {
        var (reports, words, entries, origins) = (new List<Report>(fresh.Count), new List<ReportWordsRow>(fresh.Count), new List<ReportEntry>(2 * fresh.Count), new List<ReportOrigin>(fresh.Count));
        foreach (var past in fresh)
        {
            var number = past.Number ?? Numbers.Format(past.Year, (await Numbers.BlockAsync(unit, past.Year, cancellation)).Next++);
            var report = Report.OfHistory(past, ids.Next(), number, ids.Next(), version: 1);
            reports.Add(report);
            words.Add(WordsOf(past, report));
            entries.AddRange(EntriesOf(report, unit.Actor));
            origins.Add(new ReportOrigin { ReportId = report.Id, Source = past.Source, ExternalId = past.ExternalId, ReportVersion = 1 });
            Publish(unit, past, report, 1);
        }
        unit.AddMany(reports);
        unit.AddMany(words);
        unit.AddMany(entries);
        unit.AddMany(origins);
    }

    private async Task ReplaceAsync(Unit unit, ImportedReport past, Held there, CancellationToken cancellation)
    {
        var report = Report.OfHistory(past, there.Id, there.Number, there.ClientId, there.Version);
        unit.Store.Update(report);
        if (await unit.Store.Set<ReportWordsRow>().FindAsync([there.Id], cancellation) is { } words)
        {
            unit.Store.Remove(words);
        }
        unit.Store.RemoveRange(await unit.Store.Set<ReportEntry>().Where(entry => entry.ReportId == there.Id).ToListAsync(cancellation));
        unit.AddMany([WordsOf(past, report)]);
        unit.AddMany([.. EntriesOf(report, unit.Actor)]);
        (await unit.Store.Set<ReportOrigin>().SingleAsync(origin => origin.ReportId == there.Id, cancellation)).ReportVersion = there.Version + 1;
        Publish(unit, past, report, there.Version + 1);
    }

    private static void Publish(Unit unit, ImportedReport past, Report report, long version) =>
        unit.Publish(new Subject("report", report.Id), version, new ReportImported(report.Standing(), past.Source, past.Channel, past.Language), report.Holder);

    private static ReportWordsRow WordsOf(ImportedReport past, Report report) => new() { ReportId = report.Id, Description = past.Description, Address = past.Address };

    /// <summary>What the file tells of its history: that it came, and what was last done to it.</summary>
    private IEnumerable<ReportEntry> EntriesOf(Report report, Actor actor)
    {
        yield return Entry("submit", report.CreatedAt, ReportState.Submitted);
        var last = report.State switch
        {
            ReportState.Accepted => "accept",
            ReportState.Planned => "plan",
            ReportState.InProgress => "start",
            ReportState.OnHold => "hold",
            ReportState.Resolved or ReportState.Closed => "resolve",
            ReportState.Declined => "decline",
            ReportState.Withdrawn => "withdraw",
            _ => null,
        };
        if (last is not null)
        {
            yield return Entry(last, report.EndedAt ?? report.UpdatedAt, report.State);
        }
        ReportEntry Entry(string action, long at, ReportState state) =>
            new() { Id = ids.Next(), ReportId = report.Id, At = at, Actor = actor.Id, Action = action, State = state, Body = report.Holder, ActingBody = action is "submit" or "withdraw" ? null : report.Holder };
    }

    /// <summary>What is stored of a line that came before.</summary>
    private sealed record Held(Guid Id, string ExternalId, string Number, Guid ClientId, byte[] Hash, long Version, long ImportedVersion);
}
