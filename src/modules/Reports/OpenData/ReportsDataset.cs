using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Public reports as open data, in the order of sending: what happened where, who has it, how long it took. Without the words and photos of residents: whoever wants those asks Open311, where they go when they are
/// hidden or erased, while copies of a file stay. What is private, hidden or withdrawn is not there, as everywhere.
/// </summary>
internal sealed class ReportsDataset(Database database, RoutingMap routing) : Dataset
{
    public const string TheId = "reports";

    public override string Id => TheId;

    public override string TextKey => "reports.data";

    public override UpdateFrequency Frequency => UpdateFrequency.Continuous;

    public override IReadOnlyList<DatasetField> Fields { get; } =
    [
        new("number", FieldType.Text), new("sent_at", FieldType.Datetime), new("changed_at", FieldType.Datetime), new("ended_at", FieldType.Datetime), new("due_at", FieldType.Datetime), new("state", FieldType.Text),
        new("category", FieldType.Text), new("body", FieldType.Text), new("area", FieldType.Text), new("channel", FieldType.Text), new("hand_overs", FieldType.Int), new("reopenings", FieldType.Int),
        new("lon", FieldType.Double, "°"), new("lat", FieldType.Double, "°"),
    ];

    public override async Task<DatasetSlice> SliceAsync(string? after, int most, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        var (from, last) = after?.Split(' ') is [var at, var id] ? (long.Parse(at, CultureInfo.InvariantCulture), Guid.Parse(id)) : (long.MinValue, Guid.Empty);
        var found = new Conditions("(r.created_at, r.id) > ({0}, {1})", from, last);
        found.AndShown(routing.Current.Map, null);
        await using var rows = await StoredRows.OpenAsync(connection, $"""
            SELECT r.created_at, r.id, r.number, r.updated_at, r.ended_at, r.due_at, coalesce(r.archived_from, r.state), r.category, r.holder, r.area, r.channel, CAST(r.hops AS bigint), CAST(r.reopen_count AS bigint), r.lon, r.lat
            FROM reports_reports r WHERE {found} ORDER BY r.created_at, r.id LIMIT {most}
            """, found.Values, cancellation);
        var slice = new List<object?[]>(most);
        var words = new KnownWords();
        string? next = null;
        while (await rows.ReadAsync(cancellation))
        {
            slice.Add(
            [
                rows.Text(2), rows.Long(0), rows.Long(3), rows.LongOrNull(4), rows.LongOrNull(5), words.Of(rows.Utf8(6)), words.Of(rows.Utf8(7)), words.OfOrNull(rows, 8), words.OfOrNull(rows, 9),
                words.Of(rows.Utf8(10)), rows.Long(11), rows.Long(12), rows.DoubleOrNull(13), rows.DoubleOrNull(14),
            ]);
            if (slice.Count == most)
            {
                next = string.Create(CultureInfo.InvariantCulture, $"{rows.Long(0)} {rows.Id(1)}");
            }
        }
        return new DatasetSlice(slice, next);
    }
}

internal static class OpenDataSetup
{
    public static void AddOpenData(this IServiceCollection services)
    {
        services.AddSingleton<Dataset, ReportsDataset>();
        services.AddSingleton<ReportFigures>();
        for (var i = 0; i < ReportIndicator.All.Count; i++)
        {
            var place = i;
            services.AddSingleton<Indicator>(p => new ReportIndicator(p.GetRequiredService<ReportFigures>(), place));
        }
    }
}
