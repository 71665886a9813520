using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// One problem at one place: its state, who has it, and the clocks. Words, contacts and photos are rows of their own, so that they can be erased.
/// Instants are UTC microseconds. Its actions are in <c>Report.Actions.cs</c>.
/// </summary>
public sealed partial class Report
{
    public required Guid Id { get; init; }

    /// <summary><c>YYYY-NNNNNN</c>: year of creation in the instance's zone, and a number that rises within it.</summary>
    public required string Number { get; init; }

    /// <summary>Made by the sender: the key of idempotent submission.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>Fingerprint of what was sent, to tell a repeat from another report under the same client id.</summary>
    public required byte[] ContentHash { get; set; }

    /// <summary>web, app, api, phone, counter, import ...</summary>
    public required string Channel { get; init; }

    /// <summary>The reporter's language.</summary>
    public required string Language { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>Rises with each change.</summary>
    public long UpdatedAt { get; set; }

    public required string Category { get; set; }

    /// <summary>WGS 84 degrees; null when only an address in words is known.</summary>
    public double? Lon { get; set; }

    public double? Lat { get; set; }

    /// <summary>Accuracy that the device gave, metres.</summary>
    public double? AccuracyMetres { get; set; }

    /// <summary>The municipality it was routed in, or null.</summary>
    public string? Area { get; set; }

    public ReportState State { get; private set; } = ReportState.Submitted;

    public Visibility Visibility { get; set; } = Visibility.Public;

    /// <summary>Id of the body that has it now.</summary>
    public string? Holder { get; private set; }

    public long? HolderSince { get; private set; }

    public string? PreviousHolder { get; private set; }

    /// <summary>Bodies that said "not ours", separated by spaces.</summary>
    public string RejectedBy { get; private set; } = "";

    /// <summary>Changes of holder since the first.</summary>
    public int Hops { get; private set; }

    public int ReopenCount { get; private set; }

    /// <summary>By when it should be solved: the public promise.</summary>
    public long? DueAt { get; private set; }

    /// <summary>By when the present holder should have solved it.</summary>
    public long? HolderDueAt { get; private set; }

    /// <summary>Since when the clocks stand still, or null.</summary>
    public long? PausedSince { get; private set; }

    /// <summary>Work has begun at the present holder: what is put on hold then comes back as work under way.</summary>
    public bool WorkStarted { get; private set; }

    /// <summary>Since when the public clock runs: submission, or the last reopening.</summary>
    public long ClockSince { get; private set; }

    /// <summary>The body whose time and working days the public clock counts: its holder at the start, or the one that routing named since. Null of a report of before it was kept: the holder counts.</summary>
    public string? ClockBody { get; private set; }

    /// <summary>Times since then in which the clocks stood still: <c>FROM/TO</c>, with spaces between.</summary>
    public string Pauses { get; private set; } = "";

    public string? HoldReason { get; private set; }

    public string? DeclineReason { get; private set; }

    public long? PlannedFrom { get; private set; }

    public long? PlannedTo { get; private set; }

    /// <summary>When it was resolved or declined.</summary>
    public long? EndedAt { get; private set; }

    /// <summary>Who resolved or declined it: a reopened report goes back there.</summary>
    public string? EndedBy { get; private set; }

    /// <summary>When a solved report that nobody contradicts is closed by itself; null for every other, and for what another system had solved.</summary>
    public long? ClosesAt { get; private set; }

    /// <summary>The holder's own number for it.</summary>
    public string? Reference { get; private set; }

    /// <summary>The rule that last placed it, and the version of the rule set.</summary>
    public string? Rule { get; private set; }

    public long RuleSet { get; private set; }

    public double Confidence { get; private set; }

    /// <summary>At a boundary, and nobody has said on which side: the holder can hand it on with one tap. False once the holder accepted it, or handed it on.</summary>
    public bool Uncertain { get; private set; }

    /// <summary>A rule chose the present holder, as the register of algorithms allows; false once people did.</summary>
    public bool ChosenByRule { get; set; }

    /// <summary>Since when the reporter awaits that a person looks at that choice, or null.</summary>
    public long? ReviewAskedAt { get; set; }

    /// <summary>Since when flags wait for staff to look, or null.</summary>
    public long? FlaggedAt { get; set; }

    /// <summary>What routing last said: trace, alternatives and question (JSON).</summary>
    public string Dispatch { get; internal set; } = "{}";

    public Priority Priority { get; set; } = Priority.Normal;

    /// <summary>The colleague who works on it.</summary>
    public Guid? Assignee { get; set; }

    /// <summary>People who said "me too" of this one; with those merged into it see <see cref="Supporters"/>.</summary>
    public int SupportCount { get; set; }

    /// <summary>Rises with each event; set by hand only for a report that comes with its history.</summary>
    public long Version { get; internal set; }

    public Bucket Bucket => ReportWords.BucketOf(ArchivedFrom ?? State);

    /// <summary>The promise has passed; while the clocks stand still it cannot.</summary>
    /// <param name="now">UTC microseconds.</param>
    public bool IsOverdue(long now) => State.IsOpen() && DueAt < (PausedSince ?? now);

    /// <summary>Four fifths of the holder's time are over and it has not ended; while the clocks stand still they are not.</summary>
    /// <param name="now">UTC microseconds.</param>
    public bool IsDueSoon(long now) => State.IsOpen() && PausedSince is null && HolderDueAt >= now && (now - HolderSince) * 10 >= (HolderDueAt - HolderSince) * 8;

    /// <summary>It has ended, and not in the promised time.</summary>
    public bool IsLate => !State.IsOpen() && EndedAt > DueAt;

    /// <summary>Says that something of it changed, whatever the clock says: each event has a version of its own.</summary>
    /// <param name="now">UTC microseconds.</param>
    public void Touch(long now) => UpdatedAt = Math.Max(now, UpdatedAt + 1);

    /// <summary>Keeps what routing says; who gets it is decided elsewhere.</summary>
    internal void Keep(Route route) =>
        (Rule, RuleSet, Confidence, Uncertain, Dispatch) = (route.Rule?.Id, route.RuleSet, route.Confidence, route.Uncertain, RouteJson.Of(route).ToJsonString(Json.Options));

    /// <summary>What events say of it.</summary>
    public Standing Standing() => new(Number, State, Bucket, Visibility, Category, Area, Holder, HolderSince, DueAt, HolderDueAt, Hops, ReopenCount, MergedInto);

    /// <summary>Where it is; null when only an address in words is known.</summary>
    internal (double Lon, double Lat)? Place => this is { Lon: { } lon, Lat: { } lat } ? (lon, lat) : null;

    /// <summary>Name of its category; the code of one that is gone.</summary>
    internal string CategoryName(RoutingSnapshot map, string language) => map.Categories.Find(Category)?.Names.In(language) ?? Category;

    /// <summary>The pin may be shown exactly.</summary>
    public bool PointIsPublic => Visibility == Visibility.Public;
}

public enum Priority
{
    Low,
    Normal,
    High,
}
