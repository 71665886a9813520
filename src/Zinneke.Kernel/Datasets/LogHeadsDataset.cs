using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>The published heads of the log as open data, oldest first.</summary>
internal sealed class LogHeadsDataset(Database database) : Dataset
{
    public override string Id => "log-heads";

    public override string TextKey => "kernel.data.logHeads";

    public override Licence Licence => Licence.Cc0;

    public override UpdateFrequency Frequency => UpdateFrequency.Daily;

    public override IReadOnlyList<DatasetField> Fields { get; } =
    [
        new("day", FieldType.Date), new("position", FieldType.Int), new("hash", FieldType.Text), new("at", FieldType.Datetime), new("events", FieldType.Int),
    ];

    public override async Task<DatasetSlice> SliceAsync(string? after, int most, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var heads = await store.Set<LogHead>().AsNoTracking().Where(head => after == null || head.Day.CompareTo(after) > 0).OrderBy(head => head.Day).Take(most).ToListAsync(cancellation);
        return new DatasetSlice([.. heads.Select(head => new object?[] { head.Day, head.Position, Convert.ToHexStringLower(head.Hash), head.At, head.Events })], heads.Count == most ? heads[^1].Day : null);
    }
}
