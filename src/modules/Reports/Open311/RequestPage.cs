using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A page of the list of Open311, read past EF into the bytes of its answer: a thousand requests are asked for at once.</summary>
internal static class RequestPage
{
    private static readonly string[] Columns =
    [
        "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
        "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
    ];

    /// <summary>Newest first by (requested_datetime, id), as <see cref="FindServiceRequests.ListAsync"/> gives them, without what only extensions show.</summary>
    /// <returns>Null where that has to be asked: ids are named, extensions wanted, or a photo is not for everybody.</returns>
    public static async Task<GeoRows?> ReadAsync(Store store, GeoRequest call, GeoQuery query, ServiceRequestWriter writer, Words words, CancellationToken cancellation)
    {
        if (query is not { Ids.Count: 0, Extensions: false })
        {
            return null;
        }
        await store.Database.OpenConnectionAsync(cancellation);
        try
        {
            return await ReadOpenAsync(store, call, query, writer, words, cancellation);
        }
        finally
        {
            await store.Database.CloseConnectionAsync(); // Whoever reads the answer slowly holds none.
        }
    }

    private static async Task<GeoRows?> ReadOpenAsync(Store store, GeoRequest call, GeoQuery query, ServiceRequestWriter writer, Words words, CancellationToken cancellation)
    {
        var found = Narrowed(call.Map, query);
        await using var rows = await StoredRows.OpenAsync(store.Database.GetDbConnection(), $$"""
            SELECT r.number, r.state, r.category, CASE WHEN w.hidden THEN NULL ELSE w.description END, r.holder, r.area, r.created_at, coalesce(r.ended_at, r.updated_at), r.due_at,
                CASE WHEN w.hidden THEN NULL ELSE w.address END, r.lat, r.lon,
                (SELECT CAST(e.text AS text) FROM reports_entries e
                    WHERE e.report_id = r.id AND NOT e.internal AND e.acting_body IS NOT NULL AND e.text <> '{}' ORDER BY e.at DESC, e.id DESC LIMIT 1),
                (SELECT CASE WHEN f.visibility = {{(int)FileVisibility.Public}} THEN f.picture ELSE '' END FROM reports_photos p JOIN stored_files f ON f.id = p.file_id
                    WHERE p.report_id = r.id AND NOT p.hidden AND f.state = {{(int)RenditionState.Ready}} ORDER BY p.after, p."order" LIMIT 1),
                (SELECT t.number FROM reports_reports t WHERE t.id = r.merged_into AND t.visibility = r.visibility AND t.state <> '{{ReportWords.Word(ReportState.Withdrawn)}}')
            FROM reports_reports r LEFT JOIN reports_words w ON w.report_id = r.id
            WHERE {{found}}
            ORDER BY r.created_at DESC, r.number DESC LIMIT {{query.PageSize}} OFFSET {{(query.Page - 1L) * query.PageSize}}
            """, found.Values, cancellation);
        var to = GeoRows.Of(call.Format == GeoFormat.Json ? "json" : "xml", Columns);
        var names = new RequestNames(call.Map, call.Language);
        while (await rows.ReadAsync(cancellation))
        {
            if (!rows.IsNull(13) && rows.Utf8(13).IsEmpty)
            {
                to.Dispose();
                return null;
            }
            Write(rows, to, names, writer, words);
        }
        return to;
    }

    private static Conditions Narrowed(RoutingSnapshot map, GeoQuery query)
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
        return found;
    }

    private static void Write(StoredRows row, GeoRows to, RequestNames names, ServiceRequestWriter writer, Words words)
    {
        Span<byte> instant = stackalloc byte[Instants.WrittenLength];
        to.BeginRow();
        to.Text(0, row.Utf8(0));
        to.Text(1, names.StatusOf(row.Utf8(1)));
        var (said, target) = (row.IsNull(12) ? Text.Empty : JsonSerializer.Deserialize<Text>(row.Utf8(12), Json.Options)!, row.Text(14));
        to.Text(2, target is null && said.IsEmpty ? names.OfState(row.Utf8(1), words) : Encoding.UTF8.GetBytes(writer.NotesOf(target, said)));
        to.Text(3, names.OfCategory(row.Utf8(2)));
        to.Text(4, row.Utf8(2));
        to.TextOrNull(5, row.IsNull(3), row.Utf8(3));
        to.TextOrNull(6, row.IsNull(4), names.OfBody(row.Utf8(4)));
        to.Null(7);
        to.Text(8, names.Local(row.Long(6), instant));
        to.Text(9, names.Local(row.Long(7), instant));
        to.TextOrNull(10, row.IsNull(8), names.LocalOrNone(row, 8, instant));
        to.TextOrNull(11, row.IsNull(9), row.Utf8(9));
        to.Null(12);
        Say(13, ServiceRequestWriter.ZipOf(names.AreaOf(row, 5), row.Text(9)));
        to.NumberOrNull(14, row.DoubleOrNull(10));
        to.NumberOrNull(15, row.DoubleOrNull(11));
        Say(16, row.IsNull(13) ? null : writer.AddressOf($"/files/{row.Text(13)}/large.jpg"));
        to.EndRow();

        void Say(int column, string? words) => to.TextOrNull(column, words is null, words is null ? default : Encoding.UTF8.GetBytes(words));
    }
}
