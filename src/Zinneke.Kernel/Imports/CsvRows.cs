using System.Globalization;
using System.Text.Unicode;
using CsvHelper;

namespace Zinneke.Kernel;

/// <summary>
/// Reads a CSV file (RFC 4180, UTF-8, first line names the columns) row after row with constant memory. Columns are found by name; those not asked for are ignored.
/// What is wrong goes to the given faults with line and column.
/// </summary>
public sealed class CsvRows : IDisposable
{
    public const int RowBytesMax = 1 << 20;
    public const int ColumnsMax = 1_000;

    private readonly CsvReader reader;
    private readonly Faults faults;
    private readonly Dictionary<string, int> columns = new(StringComparer.OrdinalIgnoreCase);
    private bool usable;

    /// <param name="stream">UTF-8 with or without a byte order mark; closed with this.</param>
    /// <param name="required">Columns that must be there.</param>
    public CsvRows(Stream stream, Faults faults, params ReadOnlySpan<string> required) : this(stream, faults, ',', required) { }

    /// <param name="separator">Between fields; null to find out which of <c>, ; | tab</c> the file uses.</param>
    public CsvRows(Stream stream, Faults faults, char? separator, params ReadOnlySpan<string> required)
    {
        this.faults = faults;
        reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = separator,
            MaxRecordSize = RowBytesMax,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = Malformed,
        });
        ReadHeader(required);
    }

    /// <summary>The columns of the file in their order.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>1-based line where the current row begins.</summary>
    public int Line => (int)reader.LineNumber;

    /// <summary>Rows read so far, faulty ones included.</summary>
    public long Count { get; private set; }

    /// <summary>The file could not be read to its end: its header is wrong, or a row does not end.</summary>
    public bool Broken { get; private set; }

    public bool Has(string column) => columns.ContainsKey(column);

    /// <summary>A field of the current row; empty when the file has no such column.</summary>
    public string this[string column] => columns.TryGetValue(column, out var index) ? reader.GetString(index) : "";

    /// <summary>Goes to the next row whose shape is right; rows of another shape are faults. False at the end or when the header was wrong.</summary>
    public bool Read()
    {
        while (usable)
        {
            try
            {
                if (!reader.Read())
                {
                    return false;
                }
            }
            catch (CsvFormatException fault)
            {
                Broken = true;
                faults.Add((int)fault.LineNumber, "", "a row that does not end", $"rows of at most {RowBytesMax >> 20} MiB, quotes in pairs");
                return false;
            }
            Count++;
            if (!Utf8.IsValid(reader.RawRecord))
            {
                faults.Add(Line, "", "bytes that are no UTF-8", "a file in UTF-8");
            }
            else if (reader.RawRecord.Contains((byte)0))
            {
                faults.Add(Line, Columns.FirstOrDefault(column => this[column.Trim()].Contains('\0', StringComparison.Ordinal)) ?? "", "the sign U+0000", "text without it, because PostgreSQL cannot keep it");
            }
            else
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A fault of the current row.</summary>
    public void Fault(string column, string expected) => faults.Add(Line, column, Has(column) ? $"\"{this[column]}\"" : "nothing", expected);

    /// <summary>A required text; a fault and false when it is empty.</summary>
    public bool Text(string column, out string value)
    {
        value = this[column];
        return value.Length > 0 || Faulty(column, "a value");
    }

    /// <summary>A required number with a decimal point, within a range.</summary>
    public bool Number(string column, double min, double max, out double value) =>
        (double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max)
        || Faulty(column, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));

    /// <summary>A required whole number within a range.</summary>
    public bool Int(string column, int min, int max, out int value) =>
        (int.TryParse(this[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max)
        || Faulty(column, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));

    /// <summary>A required date such as <c>2026-07-21</c>.</summary>
    public bool Date(string column, out DateOnly value) =>
        DateOnly.TryParseExact(this[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value) || Faulty(column, "a date such as 2026-07-21");

    /// <summary>A required instant with its zone, as UTC microseconds.</summary>
    public bool Instant(string column, out long value) => Instants.TryRead(this[column], out value) || Faulty(column, "a date and time with zone such as 2026-07-21T10:00:00+02:00");

    public void Dispose() => reader.Dispose();

    private void ReadHeader(ReadOnlySpan<string> required)
    {
        var before = faults.Count;
        try
        {
            reader.ReadHeader();
            Columns = [.. reader.Headers];
        }
        catch (CsvFormatException)
        {
            // Named below: whatever stands there is no header.
        }
        if (Columns.Count is 0 or > ColumnsMax)
        {
            faults.Add(1, "", $"{Columns.Count} columns", $"a first line that names the columns, at most {ColumnsMax}");
            Broken = true;
            return;
        }
        for (var i = 0; i < Columns.Count; i++)
        {
            if (!columns.TryAdd(Columns[i].Trim(), i))
            {
                faults.Add(1, Columns[i], "a second time", "each column once");
            }
        }
        foreach (var column in required)
        {
            if (!Has(column))
            {
                faults.Add(1, column, "nothing", $"a column {column}; the file has {string.Join(", ", Columns)}");
            }
        }
        usable = faults.Count == before;
        Broken = !usable;
    }

    private void Malformed(CsvMalformedRecord record)
    {
        Count++;
        Broken |= record.Reason == CsvMalformedReason.UnterminatedQuote; // It has swallowed all that follows.
        var (found, expected) = record.Reason switch
        {
            CsvMalformedReason.FieldCountMismatch => ("another number of fields", $"{Columns.Count} fields"),
            CsvMalformedReason.UnterminatedQuote => ("a row that does not end", "quotes in pairs"),
            _ => (record.RawRecord, "quotes in pairs, doubled inside a quoted field (RFC 4180)"),
        };
        faults.Add((int)record.LineNumber, "", found, expected);
    }

    private bool Faulty(string column, string expected)
    {
        Fault(column, expected);
        return false;
    }
}
