using System.Globalization;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class DueDateTests
{
    private static readonly WorkCalendar Brussels = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    [ReferenceFact("reports/sla-cases.csv")]
    public void Every_reference_case_is_exact()
    {
        var lines = File.ReadAllLines(ReferenceData.At("reports/sla-cases.csv"));
        lines.Length.ShouldBe(81);
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split(',');
            var sla = new Sla(int.Parse(fields[2]), Enum.Parse<SlaUnit>(fields[3], ignoreCase: true));
            var pauses = fields[4].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pause => pause.Split('/')).Select(ends => new Pause(Micros(ends[0]), Micros(ends[1])));
            var due = Brussels.LocalAt(DueDate.Of(Micros(fields[1]), sla, Brussels, pauses));
            due.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture).ShouldBe(fields[5], fields[0]);
        }
    }

    [Fact]
    public void Two_pauses_count_as_their_sum()
    {
        var start = Micros("2026-03-23T10:00:00+01:00");
        var pauses = new[] { new Pause(Micros("2026-03-24T10:00:00+01:00"), Micros("2026-03-26T10:00:00+01:00")), new Pause(Micros("2026-03-27T23:00:00+01:00"), Micros("2026-03-30T01:00:00+02:00")) };
        Local(DueDate.Of(start, new Sla(3, SlaUnit.Workdays), Brussels, pauses)).ShouldBe("2026-03-31T23:59:59+02:00");
        Local(DueDate.Of(start, new Sla(3, SlaUnit.Days), Brussels, pauses)).ShouldBe("2026-03-31T23:59:59+02:00");
        Local(DueDate.Of(start, new Sla(48, SlaUnit.Hours), Brussels, pauses)).ShouldBe("2026-03-29T12:00:00+02:00");
    }

    [Fact]
    public void A_body_that_closes_a_day_gets_a_day_more()
    {
        var closed = new WorkCalendar(Brussels.Zone, [new DateOnly(2026, 7, 20)]);
        var start = Micros("2026-07-17T12:00:00+02:00");
        Local(DueDate.Of(start, new Sla(1, SlaUnit.Workdays), Brussels)).ShouldBe("2026-07-20T23:59:59+02:00");
        Local(DueDate.Of(start, new Sla(1, SlaUnit.Workdays), closed)).ShouldBe("2026-07-22T23:59:59+02:00", "21 July is the national day");
    }

    private static long Micros(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToMicros();

    private static string Local(long micros) => Brussels.LocalAt(micros).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
