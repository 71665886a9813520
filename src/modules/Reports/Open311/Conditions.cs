using System.Globalization;
using System.Text;

namespace Zinneke.Reports;

/// <summary>What rows have to be, as SQL with a placeholder for each value.</summary>
internal sealed class Conditions
{
    private readonly StringBuilder sql = new();
    private readonly List<object?> values = [];

    /// <param name="condition">With <c>{0}</c>, <c>{1}</c> ... for the values.</param>
    public Conditions(string condition, params object[] values) => Append(condition, values);

    public IReadOnlyList<object?> Values => values;

    public void And(string condition, params object[] values)
    {
        sql.Append(" AND ");
        Append(condition, values);
    }

    /// <param name="some">At least one.</param>
    public void AndAnyOf(string column, IEnumerable<object> some) => AndIn(column, "IN", some);

    /// <summary>What everybody may see whole: as <see cref="FindServiceRequests.ShownBy"/>.</summary>
    /// <param name="area">Only in this municipality; null for all.</param>
    public void AndShown(RoutingSnapshot map, string? area)
    {
        And("r.visibility = {0} AND r.state <> {1}", ReportWords.Word(Visibility.Public), ReportWords.Word(ReportState.Withdrawn));
        if (map.Categories.All.Where(category => category.ProfessionalOnly).Select(category => category.Code).ToList() is { Count: > 0 } closed)
        {
            AndIn("r.category", "NOT IN", closed);
        }
        if (area is not null)
        {
            And("r.area = {0}", area);
        }
    }

    public override string ToString() => sql.ToString();

    private void AndIn(string column, string operation, IEnumerable<object> some)
    {
        object[] all = [.. some];
        And($"{column} {operation} ({string.Join(", ", all.Select((_, i) => $"{{{i}}}"))})", all);
    }

    private void Append(string condition, object[] added)
    {
        sql.AppendFormat(CultureInfo.InvariantCulture, condition, [.. added.Select((_, i) => (object)$"${values.Count + i + 1}")]);
        values.AddRange(added);
    }
}
