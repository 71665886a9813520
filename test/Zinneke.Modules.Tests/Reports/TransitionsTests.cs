using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class TransitionsTests
{
    private static readonly Dictionary<string, Who> Hats = new()
    {
        ["resident"] = Who.Anyone, ["anyone"] = Who.Anyone, ["staff"] = Who.Staff, ["key"] = Who.Key, ["import"] = Who.Import, ["system"] = Who.System,
        ["staff of holder"] = Who.HolderStaff, ["staff of holder or of its parent"] = Who.HolderStaff | Who.HolderParentStaff, ["coordinator"] = Who.Coordinator,
        ["partner"] = Who.Partner, ["crew"] = Who.Crew, ["reporter"] = Who.Reporter, ["reporter within 30 minutes"] = Who.ReporterSoon,
    };

    private static readonly Dictionary<string, Needed> Needs = new()
    {
        ["category"] = Needed.Category, ["location"] = Needed.Location, ["body"] = Needed.Body, ["reason"] = Needed.Reason, ["reference"] = Needed.Reference,
        ["plannedFrom"] = Needed.PlannedFrom, ["target"] = Needed.Target, ["text or canned answer"] = Needed.Answer, ["text or photo or canned answer"] = Needed.AnswerOrPhoto,
    };

    [ReferenceFact("reports/transitions.csv")]
    public void The_table_is_the_published_one_row_by_row()
    {
        var rows = File.ReadAllLines(ReferenceData.At("reports/transitions.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        rows.Count.ShouldBe(Transitions.All.Count);
        foreach (var (cells, row) in rows.Zip(Transitions.All))
        {
            ReportWords.Word(row.Action).ShouldBe(cells[0]);
            row.From.Select(ReportWords.Word).ShouldBe(Split(cells[1]));
            ReportWords.Word(row.To).ShouldBe(cells[2]);
            row.Who.ShouldBe(Split(cells[3]).Aggregate(Who.None, (all, word) => all | Hats[word]), cells[0]);
            row.Needed.ShouldBe(Split(cells[4]).Aggregate(Needed.Nothing, (all, word) => all | Needs[word]), cells[0]);
        }
    }

    private static string[] Split(string cell) => cell.Split(';', StringSplitOptions.RemoveEmptyEntries);
}
