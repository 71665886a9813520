using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class AuditReportTests
{
    [Fact]
    public void Every_event_of_a_report_has_a_word_of_its_own_in_the_trail()
    {
        var words = typeof(ReportEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ReportEvent)) && type != typeof(ReportNoted))
            .Select(type => (type.Name, Word: AuditReport.Actions.GetValueOrDefault(EventTypeAttribute.Of(type).Name))).ToList();
        words.Count.ShouldBeGreaterThan(15);
        words.ShouldAllBe(one => one.Word != null);
        words.Select(one => one.Word).Distinct().Count().ShouldBe(words.Count);
    }
}
