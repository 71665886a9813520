using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports due</c>: when cases are due, without a store.</summary>
internal static class DueVerb
{
    private static readonly Setting<string?> Cases = Setting.Words("cases", "CSV with the columns id, start, value, unit (hours, days, workdays), pauses (from/to;from/to).") with { Required = true };

    private static readonly Setting<string?> Holidays = Setting.Words("holidays", "CSV with the columns date, code: days closed beside the public holidays.");

    public static Command Verb { get; } = new("reports", "due", "Computes when cases are due, on working days of Belgium.", "reports due cases.csv --holidays closing-days.csv")
    {
        Arguments = [Cases],
        Options = [Holidays],
        Run = call => Task.FromResult(Run(call)),
    };

    private static Result Run(Call call)
    {
        var closed = call.Get(Holidays) is { } holidays ? ReadHolidays(holidays) : [];
        var calendar = new WorkCalendar(call.Get(KernelSettings.TimeZone), closed);
        return Result.Of(new { results = Read(call.Get(Cases)!, calendar) });
    }

    private static List<DateOnly> ReadHolidays(string file)
    {
        var faults = new Faults();
        var dates = new List<DateOnly>();
        using (var rows = new CsvRows(Call.Open(file), faults, "date"))
        {
            while (rows.Read())
            {
                if (rows.Date("date", out var date))
                {
                    dates.Add(date);
                }
            }
        }
        faults.ThrowIfAny(file);
        return dates;
    }

    private static List<Case> Read(string file, WorkCalendar calendar)
    {
        var faults = new Faults();
        var results = new List<Case>();
        using (var rows = new CsvRows(Call.Open(file), faults, "id", "start", "value", "unit"))
        {
            while (rows.Read())
            {
                if (rows.Text("id", out var id) & rows.Instant("start", out var start) & rows.Int("value", 1, Sla.ValueMax, out var value) & Unit(rows, out var unit) & Pauses(rows, out var pauses))
                {
                    results.Add(new Case(id, Instants.Write(calendar.LocalAt(DueDate.Of(start, new Sla(value, unit), calendar, pauses)))));
                }
            }
        }
        faults.ThrowIfAny(file);
        return results;
    }

    private static bool Unit(CsvRows row, out SlaUnit unit)
    {
        if (ReportWords.Parse<SlaUnit>(row["unit"]) is { } known)
        {
            unit = known;
            return true;
        }
        unit = default;
        row.Fault("unit", "hours, days or workdays");
        return false;
    }

    private static bool Pauses(CsvRows row, out List<Pause> pauses)
    {
        pauses = [];
        foreach (var pause in row["pauses"].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (pause.Split('/') is not [var from, var to] || !Instants.TryRead(from, out var start) || !Instants.TryRead(to, out var end) || end < start)
            {
                row.Fault("pauses", "instants with zone, from/to;from/to, each to not before its from");
                return false;
            }
            pauses.Add(new Pause(start, end));
        }
        return true;
    }

    private sealed record Case(string Id, string Due);
}
