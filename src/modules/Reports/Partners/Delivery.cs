using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Where a call to the system of a body stands.</summary>
internal enum DeliveryState
{
    Waiting,

    /// <summary>The other end said that it has it.</summary>
    Delivered,

    /// <summary>Given up after the last attempt, or because the other end wants no more.</summary>
    Failed,

    /// <summary>The channel was taken away before it arrived.</summary>
    Dropped,
}

/// <summary>One call to one channel about one event. What it says goes once it has ended: it may hold words and contacts.</summary>
internal sealed class Delivery
{
    /// <summary>Also its id for the receiver, the same at every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>Of the event in the log: calls about a report go out in this order.</summary>
    public required long Position { get; init; }

    public required Guid ReportId { get; init; }

    public required string Body { get; init; }

    public required string Url { get; init; }

    /// <summary>Word of the event: <c>report.assigned</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The bytes that are sent and signed; null while it waits for pictures that are being drawn, and once it has ended.</summary>
    public byte[]? Payload { get; set; }

    public DeliveryState State { get; set; }

    /// <summary>Not before this instant, UTC microseconds; while a node sends it, the end of its lease.</summary>
    public long DueAt { get; set; }

    public int Attempts { get; set; }

    public required long MadeAt { get; init; }

    public long? EndedAt { get; set; }

    /// <summary>The status that was answered last; 0 without an answer.</summary>
    public int Status { get; set; }

    public string? Error { get; set; }

    public long Version { get; set; }

    /// <summary>Takes who sent a report out of what still waits to be told; what was tried already is told no more, because its bytes must stay the same.</summary>
    public static async Task ForgetContactAsync(Unit unit, Guid report, CancellationToken cancellation)
    {
        foreach (var one in await unit.Store.Set<Delivery>().Where(one => one.ReportId == report && one.State == DeliveryState.Waiting).ToListAsync(cancellation))
        {
            if (one.Payload is null)
            {
                continue; // Still to be written, without it.
            }
            var said = JsonNode.Parse(one.Payload)!.AsObject();
            if (said["report"]!.AsObject().Remove("contact"))
            {
                (one.Payload, one.State, one.EndedAt) = one.Attempts == 0 ? (JsonSerializer.SerializeToUtf8Bytes(said, Json.Options), one.State, one.EndedAt) : (null, DeliveryState.Dropped, unit.Now);
            }
        }
    }
}
