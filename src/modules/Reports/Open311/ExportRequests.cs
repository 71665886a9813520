using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Streams what Open311 shows of all reports, oldest first: nothing private, no category for professionals. Read past EF in slices by the time of sending, two at once, each written into memory
/// and then sent: however long the history is, it takes some megabytes, and no query holds up the store for long.
/// </summary>
internal sealed class ExportRequests(Database database, RoutingMap routing)
{
    private const int SlicesAtOnce = 2;

    public static IReadOnlyList<string> Columns { get; } =
    [
        "service_request_id", "requested_datetime", "updated_datetime", "closed_date", "status_description", "status_notes", "source", "service_name", "service_subtype", "description",
        "agency_responsible", "address", "lat", "long",
    ];

    /// <summary>Rows that a slice is cut at.</summary>
    internal int SliceRows { get; init; } = 2000;

    /// <param name="format"><c>csv</c>, <c>json</c> or <c>xml</c>.</param>
    /// <param name="from">Sent at this instant or later, UTC microseconds.</param>
    /// <param name="to">Sent before it.</param>
    /// <param name="area">Only in this municipality; null for all.</param>
    public async Task WriteAsync(Stream stream, string format, long from, long to, string? area, string language, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        var spare = new Stack<GeoRows>(Enumerable.Range(0, SlicesAtOnce).Select(_ => GeoRows.Of(format, Columns)));
        GeoRows[] lent = [.. spare];
        var reading = new Queue<Task<GeoRows>>();
        try
        {
            await WriteAsync(stream, lent[0], from, to, spare, reading, (rows, start, end) => ReadAsync(rows, map, start, end, area, language, cancellation), cancellation);
        }
        finally
        {
            await ((Task)Task.WhenAll(reading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Nobody writes into what is given back.
            Array.ForEach(lent, rows => rows.Dispose());
        }
    }

    /// <summary>The same of requests of the sandbox, which lie in memory.</summary>
    public static async Task WriteAsync(Stream stream, string format, IReadOnlyList<ServiceRequest> requests, RoutingSnapshot map, string language, CancellationToken cancellation)
    {
        using var rows = GeoRows.Of(format, Columns);
        var calendar = map.CalendarOf(null);
        foreach (var request in requests)
        {
            var isOpen = request.State.IsOpen();
            string?[] words =
            [
                request.Id, Instants.Write(calendar.LocalAt(request.RequestedAt)), Instants.Write(calendar.LocalAt(request.UpdatedAt)), isOpen ? null : Instants.Write(calendar.LocalAt(request.UpdatedAt)),
                isOpen ? "open" : "closed", ReportWords.Word(request.State), request.Channel, map.Categories.Find(request.Code)?.Names.In(language) ?? request.Code, request.Code, request.Description,
                request.Body is { } body ? map.Find(body)?.Names.In(language) ?? body : null, request.Address,
            ];
            rows.BeginRow();
            for (var column = 0; column < words.Length; column++)
            {
                rows.TextOrNull(column, words[column] is null, Encoding.UTF8.GetBytes(words[column] ?? ""));
            }
            rows.NumberOrNull(words.Length, request.Lat);
            rows.NumberOrNull(words.Length + 1, request.Lon);
            rows.EndRow();
        }
        await stream.WriteAsync(rows.Whole(), cancellation);
    }

    private async Task WriteAsync(
        Stream stream, GeoRows form, long from, long to, Stack<GeoRows> spare, Queue<Task<GeoRows>> reading, Func<GeoRows, long, long, Task<GeoRows>> read, CancellationToken cancellation)
    {
        await stream.WriteAsync(form.Before, cancellation);
        var (begin, any) = ((long?)from, false);
        while (begin is not null || reading.Count > 0)
        {
            while (begin is { } start && spare.TryPop(out var rows))
            {
                var end = await EndOfSliceAsync(start, to, cancellation);
                reading.Enqueue(Task.Run(() => read(rows, start, end), cancellation));
                begin = end < to ? end : null;
            }
            var done = await reading.Dequeue();
            if (!done.Written.IsEmpty)
            {
                await stream.WriteAsync(any ? form.Between : default, cancellation);
                await stream.WriteAsync(done.Written, cancellation);
                any = true;
            }
            done.Clear();
            spare.Push(done);
        }
        await stream.WriteAsync(form.After, cancellation);
    }

    /// <summary>The instant before which some thousand reports were sent since the beginning: more only where as many were sent at the same one.</summary>
    private async Task<long> EndOfSliceAsync(long begin, long to, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        async Task<long?> FirstAsync(string sql, params object?[] values)
        {
            await using var rows = await StoredRows.OpenAsync(connection, sql, values, cancellation);
            return await rows.ReadAsync(cancellation) ? rows.Long(0) : null;
        }
        var end = await FirstAsync($"SELECT created_at FROM reports_reports WHERE created_at >= $1 AND created_at < $2 ORDER BY created_at LIMIT 1 OFFSET {SliceRows}", begin, to);
        return end > begin ? end.Value : end is null ? to : await FirstAsync("SELECT created_at FROM reports_reports WHERE created_at > $1 AND created_at < $2 ORDER BY created_at LIMIT 1", begin, to) ?? to;
    }

    private async Task<GeoRows> ReadAsync(GeoRows to, RoutingSnapshot map, long begin, long end, string? area, string language, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        var found = new Conditions("r.created_at >= {0} AND r.created_at < {1}", begin, end);
        found.AndShown(map, area);
        await using var rows = await StoredRows.OpenAsync(connection, $"""
            SELECT r.number, r.created_at, r.updated_at, r.ended_at, r.state, r.channel, r.category, CASE WHEN w.hidden THEN NULL ELSE w.description END, r.holder,
                CASE WHEN w.hidden THEN NULL ELSE w.address END, r.lat, r.lon
            FROM reports_reports r LEFT JOIN reports_words w ON w.report_id = r.id
            WHERE {found}
            ORDER BY r.created_at, r.id
            """, found.Values, cancellation);
        var names = new RequestNames(map, language);
        while (await rows.ReadAsync(cancellation))
        {
            Write(rows, to, names);
        }
        return to;
    }

    private static void Write(StoredRows row, GeoRows to, RequestNames names)
    {
        Span<byte> instant = stackalloc byte[Instants.WrittenLength];
        to.BeginRow();
        to.Text(0, row.Utf8(0));
        to.Text(1, names.Local(row.Long(1), instant));
        to.Text(2, names.Local(row.Long(2), instant));
        to.TextOrNull(3, row.IsNull(3), names.LocalOrNone(row, 3, instant));
        to.Text(4, names.StatusOf(row.Utf8(4)));
        to.Text(5, row.Utf8(4));
        to.Text(6, row.Utf8(5));
        to.Text(7, names.OfCategory(row.Utf8(6)));
        to.Text(8, row.Utf8(6));
        to.TextOrNull(9, row.IsNull(7), row.Utf8(7));
        to.TextOrNull(10, row.IsNull(8), names.OfBody(row.Utf8(8)));
        to.TextOrNull(11, row.IsNull(9), row.Utf8(9));
        to.NumberOrNull(12, row.DoubleOrNull(10));
        to.NumberOrNull(13, row.DoubleOrNull(11));
        to.EndRow();
    }
}
