using Npgsql;
using NpgsqlTypes;
using Zinneke.Geo;
using Zinneke.Reports;

namespace Zinneke.Bench.Reports;

/// <summary>The same questions to a plain table of PostgreSQL on the same machine, with a spatial index (GiST on point) and indexes on time and body: over one connection, prepared, rows as they come.</summary>
internal sealed class PlainPostgres(NpgsqlConnection connection, IndexQueries random)
{
    private const int Count = 300;
    private const string Table = "zinneke_bench_reports";

    /// <returns>Null when ZINNEKE_TEST_POSTGRES names no server.</returns>
    public static async Task<IReadOnlyList<Sampled>?> RunAsync(ScannedReports scan, IndexQueries random)
    {
        if (Environment.GetEnvironmentVariable("ZINNEKE_TEST_POSTGRES") is not { Length: > 0 } configured)
        {
            return null;
        }
        await using var connection = new NpgsqlConnection(configured);
        await connection.OpenAsync();
        var plain = new PlainPostgres(connection, random);
        try
        {
            await plain.FillAsync(scan.Placed);
            return await plain.AskAsync(scan);
        }
        finally
        {
            await plain.DoAsync($"DROP TABLE IF EXISTS {Table}");
        }
    }

    private async Task FillAsync(IndexedReport[] reports)
    {
        await DoAsync($"DROP TABLE IF EXISTS {Table}");
        await DoAsync($"CREATE UNLOGGED TABLE {Table} (id uuid, number text, place point, state smallint, holder text, created_at bigint)");
        await using (var copy = await connection.BeginBinaryImportAsync($"COPY {Table} FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var report in reports)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(report.Id, NpgsqlDbType.Uuid);
                await copy.WriteAsync(report.Number, NpgsqlDbType.Text);
                await copy.WriteAsync(new NpgsqlPoint(report.Lon!.Value, report.Lat!.Value), NpgsqlDbType.Point);
                await copy.WriteAsync((short)report.State, NpgsqlDbType.Smallint);
                await copy.WriteAsync(report.Holder ?? "", NpgsqlDbType.Text);
                await copy.WriteAsync(report.CreatedAt, NpgsqlDbType.Bigint);
            }
            await copy.CompleteAsync();
        }
        await DoAsync($"CREATE INDEX ON {Table} USING gist (place); CREATE INDEX ON {Table} (created_at); CREATE INDEX ON {Table} (holder, state); ANALYZE {Table}");
    }

    private async Task<IReadOnlyList<Sampled>> AskAsync(ScannedReports scan)
    {
        string[] bodies = [.. scan.All.Select(report => report.Holder).OfType<string>().Distinct()];
        return
        [
            await NewestAsync("bboxStreet", 445, 560, "AND state BETWEEN 0 AND 5"),
            await NewestAsync("bboxMunicipality", 4000, 4000, ""),
            await NewestAsync("bboxRegion", 40_000, 40_000, ""),
            await NearestAsync("near50", 50, 5),
            await NearestAsync("near250", 250, 10),
            await TakeAsync("clusters of a window at zoom 14", $"SELECT floor(place[0] * 800), floor(place[1] * 1200), count(*) FROM {Table} WHERE place <@ box(point($1,$2), point($3,$4)) GROUP BY 1, 2", _ => Window(4000, 4000)),
            await TakeAsync("counts", $"SELECT state, count(*) FROM {Table} WHERE holder = $1 GROUP BY state", i => [bodies[i % bodies.Length]]),
        ];
    }

    private Task<Sampled> NewestAsync(string name, double width, double height, string also) =>
        TakeAsync(name, $"SELECT id, number, created_at FROM {Table} WHERE place <@ box(point($1,$2), point($3,$4)) {also} ORDER BY created_at DESC LIMIT 100", _ => Window(width, height));

    private Task<Sampled> NearestAsync(string name, double metres, int most) => TakeAsync(
        name, $"SELECT id, number, ((place[0] - $5) * $7) ^ 2 + ((place[1] - $6) * {LocalPlane.MetresPerDegree}) ^ 2 AS far FROM {Table} WHERE place <@ box(point($1,$2), point($3,$4)) AND state BETWEEN 0 AND 5 ORDER BY far LIMIT {most}",
        _ =>
        {
            var place = random.Somewhere();
            var box = new LocalPlane(place).Around(metres);
            return [box.West, box.South, box.East, box.North, place.Lon, place.Lat, new LocalPlane(place).MetresPerLon];
        });

    private object[] Window(double width, double height)
    {
        var box = IndexQueries.Around(random.Somewhere(), width, height);
        return [box.West, box.South, box.East, box.North];
    }

    private async Task<Sampled> TakeAsync(string name, string sql, Func<int, object[]> valuesOf)
    {
        object[][] queries = [.. Enumerable.Range(0, Count).Select(valuesOf)];
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in queries[0])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        await command.PrepareAsync();
        return await Samples.TakeAsync(name, queries, Count, async values =>
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }
            await using var reader = await command.ExecuteReaderAsync();
            var rows = 0;
            while (await reader.ReadAsync())
            {
                rows++;
            }
            return rows;
        }, agrees: null);
    }

    private async Task DoAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }
}
