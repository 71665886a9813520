using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Somebody follows a report, an area or a circle by mail (R11). Nothing is sent before the address has confirmed it. How often, and whether still, is the choice of the address about <see cref="About"/>.</summary>
internal sealed class Subscription
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    /// <summary>What is followed, as one text: the same asked for twice is one subscription.</summary>
    public required string Target { get; init; }

    /// <summary>Of the page on which it was asked for: mails are in it.</summary>
    public required string Language { get; set; }

    public Guid? ReportId { get; init; }

    /// <summary>Id of an area of any kind.</summary>
    public string? Area { get; init; }

    /// <summary>Centre of a circle, WGS 84 degrees.</summary>
    public double? Lon { get; init; }

    public double? Lat { get; init; }

    /// <summary>50 to 5,000.</summary>
    public int? RadiusMetres { get; init; }

    /// <summary>Codes with spaces between, each with all below it; empty for every category.</summary>
    public string Categories { get; init; } = "";

    /// <summary>UTC microseconds, last time.</summary>
    public required long AskedAt { get; set; }

    /// <summary>UTC microseconds; null while nobody has pressed the button behind the link.</summary>
    public long? ConfirmedAt { get; set; }

    public long Version { get; set; }

    /// <summary>What its mails are about. A report's is the report itself: its reporter's mails stop with the same click.</summary>
    public Subject About => ReportId is { } report ? new Subject("report", report) : new Subject(Kind, Id);

    public const string Kind = "subscription";

    public Followed Followed => new(ReportId, Area, Lon is { } lon && Lat is { } lat ? new LonLat(lon, lat) : null, RadiusMetres ?? 0, Categories.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Somebody confirmed that they follow something. Who and what lies in an erasable row.</summary>
/// <param name="Kind">report, area or circle.</param>
[EventType("reports.subscription.confirmed")]
public sealed record SubscriptionConfirmed(string Kind);

/// <summary>Who followed something had it erased; what merely ended is not told.</summary>
[EventType("reports.subscription.erased")]
public sealed record SubscriptionErased;
