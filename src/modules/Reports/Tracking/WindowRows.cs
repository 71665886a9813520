using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Reports of a window as the API lists them, read past EF into the bytes of the answer: a map asks for a hundred at each move. Fields are those of a row of <see cref="ReportJson.Of"/>.
/// </summary>
internal sealed class WindowRows(StoredRows rows, RoutingSnapshot map, string language)
{
    private const string Columns = """
        r.id, r.number, r.state, coalesce(r.archived_from, r.state), r.version, r.category, r.lon, r.lat, CASE WHEN w.hidden THEN NULL ELSE w.address END, r.area,
        r.language, r.channel, CASE WHEN w.hidden THEN '' ELSE coalesce(w.description, '') END, r.holder, r.holder_since, r.escalated_to, r.created_at, r.updated_at, r.due_at, r.holder_due_at,
        r.planned_from, r.planned_to, r.ended_at, r.hops, r.reopen_count, r.support_count + r.members_support_count, r.reference, r.merged_into
        """;

    private readonly KnownWords codes = new();
    private readonly Dictionary<string, byte[]> categories = new(StringComparer.Ordinal), bodies = new(StringComparer.Ordinal);
    private WorkCalendar calendar = map.CalendarOf(null);

    /// <param name="ids">What lies in the window, as the index has it; the tables say what still fits.</param>
    /// <param name="next">Cursor of the page behind it; null for none.</param>
    /// <returns>Null when one of them is merged: of its target more has to be asked.</returns>
    public static async Task<RentedBytes?> ReadAsync(Store store, ReportQuery query, IReadOnlyList<Guid> ids, string? next, RoutingSnapshot map, string language, CancellationToken cancellation)
    {
        await store.Database.OpenConnectionAsync(cancellation);
        try
        {
            var fits = Narrowed(query, ids);
            await using var rows = await StoredRows.OpenAsync(
                store.Database.GetDbConnection(), $"SELECT {Columns} FROM reports_reports r LEFT JOIN reports_words w ON w.report_id = r.id WHERE {fits} ORDER BY r.created_at DESC, r.id DESC", fits.Values, cancellation);
            return await new WindowRows(rows, map, language).WrittenAsync(next, cancellation);
        }
        finally
        {
            await store.Database.CloseConnectionAsync(); // Whoever reads the answer slowly holds none.
        }
    }

    private static Conditions Narrowed(ReportQuery query, IReadOnlyList<Guid> ids)
    {
        var fits = new Conditions("r.visibility = {0} AND r.state <> {1}", ReportWords.Word(Visibility.Public), ReportWords.Word(ReportState.Withdrawn));
        fits.AndAnyOf("r.id", ids.Select(id => (object)id));
        if (query.States.Count > 0)
        {
            fits.AndAnyOf("r.state", query.States.Select(ReportWords.Word));
        }
        if (query.Box is [var west, var south, var east, var north])
        {
            fits.And("r.lon >= {0} AND r.lon <= {1} AND r.lat >= {2} AND r.lat <= {3}", west, east, south, north);
        }
        if (query.Category is { } category)
        {
            fits.And("(r.category = {0} OR substr(r.category, 1, {1}) = {2})", category, category.Length + 1, category + "-");
        }
        if (query.Body is { } body)
        {
            fits.And("r.holder = {0}", body);
        }
        if (query.Area is { } area)
        {
            fits.And("r.area = {0}", area);
        }
        if (query.CreatedFrom is { } from)
        {
            fits.And("r.created_at >= {0}", from);
        }
        if (query.CreatedTo is { } to)
        {
            fits.And("r.created_at < {0}", to);
        }
        return fits;
    }

    private async Task<RentedBytes?> WrittenAsync(string? next, CancellationToken cancellation)
    {
        var bytes = new RentedBytes();
        try
        {
            await using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = Json.Options.Encoder, SkipValidation = true });
            json.WriteStartObject();
            json.WriteStartArray("reports"u8);
            while (await rows.ReadAsync(cancellation))
            {
                if (!rows.IsNull(27))
                {
                    json.Reset();
                    bytes.Dispose();
                    return null;
                }
                Write(json);
            }
            json.WriteEndArray();
            json.WriteString("next"u8, next);
            json.WriteEndObject();
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        var holder = codes.OfOrNull(rows, 13);
        calendar = map.CalendarOf(holder);
        json.WriteStartObject();
        json.WriteString("id"u8, rows.Id(0));
        Text(json, "number"u8, 1);
        Text(json, "state"u8, 2);
        json.WriteString("bucket"u8, ReportWords.Word(ReportWords.BucketOf(ReportWords.Parse<ReportState>(codes.Of(rows.Utf8(3)))!.Value)));
        json.WriteNumber("version"u8, rows.Long(4));
        Text(json, "category"u8, 5);
        json.WritePropertyName("names"u8);
        json.WriteRawValue(Known(categories, codes.Of(rows.Utf8(5)), code => map.Categories.Find(code)?.Names), skipInputValidation: true);
        Number(json, "lon"u8, rows.DoubleOrNull(6));
        Number(json, "lat"u8, rows.DoubleOrNull(7));
        Text(json, "address"u8, 8);
        Text(json, "area"u8, 9);
        Text(json, "lang"u8, 10);
        Text(json, "channel"u8, 11);
        Text(json, "description"u8, 12);
        json.WritePropertyName("body"u8);
        json.WriteRawValue(holder is null ? "null"u8 : Known(bodies, holder, id => ReportJson.BodyOf(id, map)), skipInputValidation: true);
        Instant(json, "holderSince"u8, 14);
        Instant(json, "waitingSince"u8, rows.IsNull(15) ? 15 : 14);
        Instant(json, "createdAt"u8, 16);
        Instant(json, "updatedAt"u8, 17);
        Instant(json, "dueAt"u8, 18);
        Instant(json, "holderDueAt"u8, 19);
        Instant(json, "plannedFrom"u8, 20);
        Instant(json, "plannedTo"u8, 21);
        Instant(json, "endedAt"u8, 22);
        json.WriteNumber("hops"u8, rows.Long(23));
        json.WriteNumber("reopenCount"u8, rows.Long(24));
        json.WriteNumber("supportCount"u8, rows.Long(25));
        json.WriteNull("mergedInto"u8);
        Text(json, "reference"u8, 26);
        json.WriteString("url"u8, $"/{language}/reports/{rows.Text(1)}");
        json.WriteEndObject();
    }

    private void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, int column)
    {
        if (rows.IsNull(column))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, rows.Utf8(column));
        }
    }

    private void Instant(Utf8JsonWriter json, ReadOnlySpan<byte> name, int column)
    {
        if (rows.LongOrNull(column) is { } micros)
        {
            json.WriteString(name, calendar.LocalAt(micros));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? number)
    {
        if (number is { } some)
        {
            json.WriteNumber(name, some);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static byte[] Known(Dictionary<string, byte[]> known, string code, Func<string, object?> of) =>
        known.TryGetValue(code, out var json) ? json : known[code] = JsonSerializer.SerializeToUtf8Bytes(of(code), Json.Options);
}
