using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Adds days on which a body, or every body, is closed beside the public holidays, from a CSV with the columns date and code.</summary>
internal sealed class ImportHolidays(Writer writer)
{
    private const string Kind = "holidays";

    /// <param name="body">Id of the body; null for all active ones.</param>
    public async Task<ImportSummary> RunAsync(Stream stream, string file, string? body, Actor actor, CancellationToken cancellation)
    {
        var faults = new Faults();
        var dates = Read(stream, faults);
        if (!faults.None)
        {
            return ImportSummary.Refuse(Kind, file, dates.Count, faults);
        }
        var outcome = await writer.DoAsync<ImportSummary>(actor, async unit =>
        {
            var current = await CatalogueRow.CurrentAsync(unit.Store, Body.Catalogue, cancellation);
            var bodies = current is null ? [] : BodiesFile.Parse(current.Text);
            if (body is not null && !bodies.Any(b => b.Id == body))
            {
                return Refusal.Invalid("reports.unknownBody", "body", body);
            }
            long added = 0;
            List<Body> after = [.. bodies.Select(one =>
            {
                if (body is null ? !one.Active : one.Id != body)
                {
                    return one;
                }
                var fresh = dates.Where(d => !BelgianHolidays.Includes(d) && !one.ClosingDays.Contains(d)).ToList();
                added = Math.Max(added, fresh.Count);
                return fresh.Count == 0 ? one : one with { ClosingDays = [.. one.ClosingDays.Concat(fresh).Order()] };
            })];
            unit.Put(current, Body.Catalogue, JsonWriting.Line(w => BodiesFile.Write(w, after)), after.Count);
            return new ImportSummary(Kind, file, dates.Count, added, 0, dates.Count - added, 0, []);
        }, cancellation);
        return outcome.Ok ? outcome.Value : throw new BadInputException($"{file}: body: found \"{body}\", expected the id of a body");
    }

    private static HashSet<DateOnly> Read(Stream stream, Faults faults)
    {
        using var rows = new CsvRows(stream, faults, "date", "code");
        var dates = new HashSet<DateOnly>();
        while (rows.Read())
        {
            if (rows.Date("date", out var date))
            {
                dates.Add(date);
            }
        }
        return dates;
    }
}
