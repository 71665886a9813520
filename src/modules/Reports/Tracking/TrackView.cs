using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>One line of the public history.</summary>
/// <param name="By">The body in whose name it was done; null for residents and the program.</param>
/// <param name="To">The body that has it since; null when it stayed where it was.</param>
public sealed record TrackEntry(long At, string Action, ReportState? State, string? By, string? To, string? Reason, Text Text);

/// <summary>A photo as pages show it.</summary>
/// <param name="Address">Where its renditions are, with <c>{variant}</c>; null while they are being made.</param>
public sealed record TrackPicture(Guid Id, string? Address, bool After)
{
    /// <summary>Only staff see it.</summary>
    public bool Hidden { get; init; }

    /// <param name="variant">large, medium or thumb.</param>
    public string Of(string variant) => Address!.Replace("{variant}", variant, StringComparison.Ordinal);
}

/// <summary>A report that is merged into the one shown.</summary>
public sealed record MergedView(string Number, long CreatedAt, IReadOnlyList<TrackPicture> Pictures);

/// <summary>What everybody may see of a report, with its words and photos only when they are public.</summary>
public sealed record PublicReport(Report Report, double? Lon, double? Lat, string? Address, string Description, Answers Answers, IReadOnlyList<TrackEntry> History, IReadOnlyList<TrackPicture> Pictures)
{
    /// <summary>The words are hidden; its reporter has them here all the same.</summary>
    public bool TextHidden { get; init; }

    /// <summary>Number of the report that it is merged into; null when it stands by itself.</summary>
    public string? Target { get; init; }

    /// <summary>Reports of the same problem that are merged into it, oldest first.</summary>
    public IReadOnlyList<MergedView> Members { get; init; } = [];

    /// <summary>There is something that a reader may flag.</summary>
    public bool CanBeFlagged => Report.Visibility == Visibility.Public && (Pictures.Count > 0 || HasWords);

    public bool HasWords => !TextHidden && (Description.Length > 0 || Address is not null || !Answers.IsEmpty);
}

/// <summary>What a report's page shows.</summary>
/// <param name="Token">The private link's secret, when the page was opened with it.</param>
/// <param name="JustSent">Thanks come first.</param>
/// <param name="HasContact">There is something to erase.</param>
/// <param name="Allowed">Actions open to who looks.</param>
/// <param name="ReadTo">The position of the log up to which the page knows what happened, at least; null while this is not known.</param>
/// <param name="Typed">What was sent with a form that could not be done.</param>
public sealed record TrackView(
    PublicReport Shown, RoutingSnapshot Map, string? Token, bool JustSent, bool HasContact, IReadOnlyList<string> Allowed, long? ReadTo, long Now, Refusal? Refusal, IFormCollection? Typed)
{
    /// <summary>Whether a rule chose who has it; null once people did.</summary>
    public DecidedBy? ChosenBy => Shown.Report switch
    {
        { ChosenByRule: true } => DecidedBy.Rule,
        { Hops: 0, State: ReportState.Assigned, Dispatch: var dispatch } when JsonSerializer.Deserialize<ShownDispatch>(dispatch, Json.Options) is { Outcome: "manual" } => DecidedBy.Person,
        _ => null,
    };

    /// <summary>The token of the mail that asks its reader whether it is really solved; null when nobody is known by one, or has said yes already.</summary>
    public string? AskedBy { get; init; }

    /// <summary>What is sent along with the answer; null when nobody is asked.</summary>
    public string? Asked => Allowed.Contains("confirm") ? Token ?? "" : Shown.Report.State == ReportState.Resolved && Allowed.Contains("reopen") ? AskedBy : null;

    /// <summary>The reader has just flagged a part of it.</summary>
    public bool JustFlagged { get; init; }

    /// <summary>What was typed into a field of the form that does this; null when it was another form.</summary>
    public string? TypedIn(string does, string field) => Refused(does) is null ? null : Typed?[field].ToString();

    /// <summary>Why the form that does this was refused, or null.</summary>
    public Refusal? Refused(string does) => Typed?["do"].ToString() == does ? Refusal : null;

    /// <summary>It may still be worth knowing about: it is open, or solved and can be contradicted.</summary>
    public bool CanBeFollowed => Shown.Report.State.IsOpen() || Shown.Report.State == ReportState.Resolved;

    public bool IsOverdue => Shown.Report.IsOverdue(Now);
}
