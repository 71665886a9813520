using CsvHelper;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A file of history: CSV with the columns that <c>import reports</c> reads.</summary>
internal static class HistoryFile
{
    private static readonly string[] Columns = ["external_id", "created_at", "closed_at", "updated_at", "state", "category", "description", "lon", "lat", "channel", "lang"];

    public static async Task WriteAsync(Stream stream, IEnumerable<HistoricReport> reports, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        foreach (var column in Columns)
        {
            csv.WriteField(column);
        }
        await csv.EndRecordAsync(stop);
        foreach (var report in reports)
        {
            csv.WriteField(report.ExternalId);
            csv.WriteField(Instants.Write(report.CreatedAt));
            csv.WriteField(report.ClosedAt is { } closed ? Instants.Write(closed) : "");
            csv.WriteField(Instants.Write(report.UpdatedAt));
            csv.WriteField(ReportWords.Word(report.State));
            csv.WriteField(report.Category);
            csv.WriteField(report.Description);
            csv.WriteField(report.Point.Lon, "F6");
            csv.WriteField(report.Point.Lat, "F6");
            csv.WriteField(report.Channel);
            csv.WriteField(report.Language);
            await csv.EndRecordAsync(stop);
        }
    }
}
