using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A request as its row says it; photos, and what it is merged into, lie elsewhere.</summary>
internal sealed record RequestRow(Guid Id, ServiceRequest Request, bool HasPhotos, bool IsMerged);

/// <summary>A page of the list of Open311, read past EF: a thousand requests are asked for at once.</summary>
internal static class RequestPage
{
    /// <summary>Newest first by (requested_datetime, id), without what only extensions show.</summary>
    public static async Task<List<RequestRow>> ReadAsync(Store store, RoutingSnapshot map, GeoQuery query, CancellationToken cancellation)
    {
        var found = new Conditions("r.created_at >= {0} AND r.created_at <= {1}", query.From, query.To);
        found.AndShown(map, query.Area);
        if (query.Codes.Count > 0)
        {
            found.AndAnyOf("r.category", query.Codes);
        }
        if (query.Open is { } open)
        {
            found.AndAnyOf("r.state", (open ? ReportWords.OpenStates : ReportWords.ClosedStates).Select(ReportWords.Word));
        }
        if (query.Box is [var west, var south, var east, var north])
        {
            found.And("r.lon >= {0} AND r.lon <= {1} AND r.lat >= {2} AND r.lat <= {3}", west, east, south, north);
        }
        if (query.UpdatedAfter is { } after)
        {
            found.And("coalesce(r.ended_at, r.updated_at) > {0}", after);
        }
        if (query.UpdatedBefore is { } before)
        {
            found.And("coalesce(r.ended_at, r.updated_at) < {0}", before);
        }
        await store.Database.OpenConnectionAsync(cancellation);
        await using var rows = await StoredRows.OpenAsync(store.Database.GetDbConnection(), $$"""
            SELECT r.id, r.number, r.category, r.state, CASE WHEN w.hidden THEN NULL ELSE w.description END, r.holder, r.area, r.created_at, coalesce(r.ended_at, r.updated_at), r.due_at,
                CASE WHEN w.hidden THEN NULL ELSE w.address END, r.lon, r.lat,
                (SELECT CAST(e.text AS text) FROM reports_entries e
                    WHERE e.report_id = r.id AND NOT e.internal AND e.acting_body IS NOT NULL AND e.text <> '{}' ORDER BY e.at DESC, e.id DESC LIMIT 1),
                EXISTS (SELECT 1 FROM reports_photos p WHERE p.report_id = r.id AND NOT p.hidden), r.merged_into IS NOT NULL
            FROM reports_reports r LEFT JOIN reports_words w ON w.report_id = r.id
            WHERE {{found}}
            ORDER BY r.created_at DESC, r.number DESC LIMIT {{query.PageSize}} OFFSET {{(query.Page - 1L) * query.PageSize}}
            """, found.Values, cancellation);
        var (page, words) = (new List<RequestRow>(), new KnownWords());
        while (await rows.ReadAsync(cancellation))
        {
            page.Add(Read(rows, words));
        }
        return page;
    }

    private static RequestRow Read(StoredRows row, KnownWords words) => new(
        row.Id(0),
        new ServiceRequest(
            row.Text(1)!, words.Of(row.Utf8(2)), ReportWords.Parse<ReportState>(words.Of(row.Utf8(3)))!.Value, row.Text(4) ?? "", words.OfOrNull(row, 5), words.OfOrNull(row, 6), row.Long(7), row.Long(8),
            row.LongOrNull(9), row.Text(10), row.DoubleOrNull(11), row.DoubleOrNull(12))
        {
            Said = row.IsNull(13) ? Text.Empty : JsonSerializer.Deserialize<Text>(row.Utf8(13), Json.Options)!,
        },
        row.Bool(14), row.Bool(15));
}

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

    public void AndAnyOf(string column, IEnumerable<string> words) => AndIn(column, "IN", words);

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

    private void AndIn(string column, string operation, IEnumerable<string> words)
    {
        object[] all = [.. words];
        And($"{column} {operation} ({string.Join(", ", all.Select((_, i) => $"{{{i}}}"))})", all);
    }

    private void Append(string condition, object[] added)
    {
        sql.AppendFormat(CultureInfo.InvariantCulture, condition, [.. added.Select((_, i) => (object)$"${values.Count + i + 1}")]);
        values.AddRange(added);
    }
}
