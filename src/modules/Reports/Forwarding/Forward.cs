using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Where a report stands that is forwarded to the Open311 endpoint of its body.</summary>
internal enum ForwardState
{
    /// <summary>To be sent.</summary>
    Waiting,

    /// <summary>Taken under a token; its id is still asked for.</summary>
    Promised,

    /// <summary>Taken; where it stands is asked for.</summary>
    Open,

    /// <summary>The other end says that it is done.</summary>
    Closed,

    /// <summary>The other end does not want it.</summary>
    Refused,

    /// <summary>Given up after a day without an answer, or after a week without an id.</summary>
    Failed,

    /// <summary>The body has it no more, somebody ended it here, or the channel is gone.</summary>
    Left,
}

/// <summary>
/// One report and one endpoint. It holds no words: what is sent is read when it is sent, so that what was erased or hidden in the meantime does not go out. Instants are UTC microseconds.
/// </summary>
internal sealed class Forward
{
    /// <summary>Also the key under which the other end may know a repeat.</summary>
    public required Guid Id { get; init; }

    /// <summary>Of the event in the log by which the body got it.</summary>
    public required long Position { get; init; }

    public required Guid ReportId { get; init; }

    public required string Body { get; init; }

    public required string Url { get; init; }

    public ForwardState State { get; set; }

    /// <summary>Not before this instant; while a node is at it, the end of its lease.</summary>
    public long DueAt { get; set; }

    /// <summary>Of sending, then of asking for the id.</summary>
    public int Attempts { get; set; }

    public required long MadeAt { get; init; }

    /// <summary>When it was sent first: from then on it may be there.</summary>
    public long? FirstAt { get; set; }

    public long? TakenAt { get; set; }

    /// <summary>Up to when is known where it stands there.</summary>
    public long? LookedAt { get; set; }

    /// <summary>Since when no question was answered; null while they are.</summary>
    public long? FailingSince { get; set; }

    public long? EndedAt { get; set; }

    public string? Token { get; set; }

    /// <summary>Its <c>service_request_id</c> there.</summary>
    public string? RequestId { get; set; }

    /// <summary>Status or failure of the last attempt in a few words; never what the other end said, which may quote the reporter.</summary>
    public string? Error { get; set; }

    public long Version { get; set; }

    /// <summary>Nothing more comes of it.</summary>
    public void End(ForwardState state, long now) => (State, EndedAt, Token) = (state, now, null);

    /// <summary>Keeps whether it was answered.</summary>
    /// <param name="error">Null when it was.</param>
    public void Hear(string? error, long now) => (Error, FailingSince) = (error, error is null ? null : FailingSince ?? now);
}
