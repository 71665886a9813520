using System.Globalization;
using CsvHelper;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Counts the rows that are refused and, when somebody wants them, writes them with what is wrong, so that they can be mended and imported by themselves.</summary>
/// <param name="path">A CSV file: line, field, found, expected, then the columns of the row. Null to count only.</param>
internal sealed class HistoryRejects(string? path) : IDisposable
{
    private readonly string? beside = path is null ? null : path + ".new";
    private readonly List<Fault> waiting = [];
    private CsvWriter? csv;

    public long Count { get; private set; }

    public void Add(Fault fault) => waiting.Add(fault);

    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public void Begin(CsvRows rows)
    {
        if (beside is null)
        {
            return;
        }
        try
        {
            csv = CsvWriter.Create(new FileStream(beside, FileMode.Create), new CsvWriterOptions { NewLine = "\n", Separator = ',' });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"option --rejects: cannot write {path}: {fault.Message}", fault);
        }
        csv.WriteRecord((string[])["line", "field", "found", "expected", .. rows.Columns]);
    }

    /// <summary>The row, and those before it whose shape was wrong, are looked at.</summary>
    public void EndRow(CsvRows rows)
    {
        if (waiting.Count == 0)
        {
            return;
        }
        foreach (var row in waiting.GroupBy(fault => fault.Line))
        {
            Count++;
            string Of(Func<Fault, string> what) => string.Join("; ", row.Select(what).Distinct());
            var columns = row.Key == rows.Line ? rows.Columns.Select(column => rows[column]) : rows.Columns.Select(_ => "");
            csv?.WriteRecord((string[])[row.Key.ToString(CultureInfo.InvariantCulture), Of(fault => fault.Field), Of(fault => fault.Found), Of(fault => fault.Expected), .. columns]);
        }
        waiting.Clear();
    }

    /// <summary>The file is whole and takes its name.</summary>
    public void Keep()
    {
        csv?.Dispose();
        csv = null;
        if (beside is not null)
        {
            File.Move(beside, path!, overwrite: true);
        }
    }

    public void Dispose()
    {
        csv?.Dispose();
        if (beside is not null && File.Exists(beside))
        {
            File.Delete(beside);
        }
    }
}
