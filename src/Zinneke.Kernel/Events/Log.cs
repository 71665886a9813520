namespace Zinneke.Kernel;

/// <summary>Reads the sealed log.</summary>
public sealed class Log(Database database)
{
    /// <summary>Events kept in memory: all followers of a process read the newest ones, one right after another.</summary>
    private const int RecentMax = 400;

    private Event[] recent = [];

    /// <summary>Events after a position, in order. There may be more although fewer come than were asked for: the end is where none comes.</summary>
    /// <param name="after">0 for the beginning.</param>
    /// <param name="most">At most so many, 1 to 10,000.</param>
    public async Task<IReadOnlyList<Event>> ReadAsync(long after, int most, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 10_000);
        var kept = Volatile.Read(ref recent);
        if (kept.Length > 0 && after >= kept[0].Position - 1 && after < kept[^1].Position)
        {
            var first = (int)(after - kept[0].Position + 1); // Positions have no gaps.
            return new ArraySegment<Event>(kept, first, Math.Min(most, kept.Length - first));
        }
        var events = await QueryAsync($"SELECT {LogRow.Columns} FROM log WHERE position > @after ORDER BY position LIMIT {most}", [("after", after)], cancellation);
        if (events.Count > 0 && (kept.Length == 0 || events[^1].Position > kept[^1].Position))
        {
            IEnumerable<Event> joined = kept.Length > 0 && kept[^1].Position == after ? kept.Concat(events) : events;
            Interlocked.CompareExchange(ref recent, [.. joined.TakeLast(RecentMax)], kept); // Who was faster may hold newer ones.
        }
        return events;
    }

    /// <summary>All events of one subject, oldest first: its history.</summary>
    public Task<IReadOnlyList<Event>> OfAsync(Subject subject, CancellationToken cancellation = default) =>
        QueryAsync($"SELECT {LogRow.Columns} FROM log WHERE subject_kind = @kind AND subject_id = @id ORDER BY position", [("kind", subject.Kind), ("id", subject.Id)], cancellation);

    /// <summary>Events of one subject after a position, oldest first.</summary>
    /// <param name="most">At most so many, 1 to 10,000.</param>
    public async Task<IReadOnlyList<Event>> OfAsync(Subject subject, long after, int most, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 10_000);
        return await QueryAsync(
            $"SELECT {LogRow.Columns} FROM log WHERE subject_kind = @kind AND subject_id = @id AND position > @after ORDER BY position LIMIT {most}",
            [("kind", subject.Kind), ("id", subject.Id), ("after", after)], cancellation);
    }

    /// <summary>When the newest event of a type happened to each of some subjects, UTC microseconds by id; those to whom it never did are left out.</summary>
    /// <param name="ids">A page of a list: each becomes a parameter.</param>
    public async Task<IReadOnlyDictionary<string, long>> LastAsync<T>(string subjectKind, IReadOnlyList<string> ids, CancellationToken cancellation = default)
        where T : class
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT subject_id, max(at) FROM log WHERE subject_kind = @kind AND type = @type AND subject_id IN ({string.Join(", ", ids.Select((_, i) => $"@id{i}").DefaultIfEmpty("''"))}) GROUP BY subject_id";
        command.Add("kind", subjectKind);
        command.Add("type", EventTypeAttribute.Of(typeof(T)).Name);
        for (var i = 0; i < ids.Count; i++)
        {
            command.Add($"id{i}", ids[i]);
        }
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            last[rows.GetString(0)] = rows.GetInt64(1);
        }
        return last;
    }

    /// <summary>The last sealed position; 0 when the log is empty.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellation = default)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(position), 0) FROM log";
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<IReadOnlyList<Event>> QueryAsync(string sql, (string Name, object Value)[] parameters, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Add(name, value);
        }
        var events = new List<Event>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            events.Add(LogRow.Read(rows));
        }
        return events;
    }
}
