using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>How to reach the reporter.</summary>
public sealed record ShownContact(string? Name, string? Email, string? Phone);

/// <summary>One line of the history as staff see it.</summary>
/// <param name="By">The body in whose name it was done; null for residents and the program.</param>
/// <param name="To">The body that has it since; null when it stayed where it was.</param>
public sealed record DeskEntry(long At, string Action, ReportState? State, string? By, string? To, string? Reason, Text Text, bool Internal, Guid Actor);

/// <summary>Routing as it was.</summary>
public sealed record ShownDispatch
{
    /// <summary><c>automatic</c>, or <c>manual</c> when it was left to people.</summary>
    public string? Outcome { get; init; }

    public IReadOnlyList<ShownAlternative> Alternatives { get; init; } = [];

    public IReadOnlyList<ShownStep> Trace { get; init; } = [];
}

/// <summary>A body that routing named besides the chosen one.</summary>
public sealed record ShownAlternative(string Body);

/// <summary>A rule that was looked at.</summary>
/// <param name="Failed">The condition that did not hold; null when it matched.</param>
public sealed record ShownStep(string Rule, bool Matched, string? Failed, Text Explain);

/// <summary>A part of a report that can be hidden: its words, or a photo.</summary>
/// <param name="Photo">Null for the words.</param>
/// <param name="Number">Of the photo on the page, from 1.</param>
/// <param name="Flags">Reasons of the flags that wait.</param>
/// <param name="CanBlacken">It is a photo whose pictures can be drawn anew.</param>
public sealed record DeskPart(Guid? Photo, int Number, bool Hidden, IReadOnlyList<string> Flags, bool CanBlacken = false);

/// <summary>What the officer's page shows.</summary>
/// <param name="Contact">Null when there is none, or it is not the reader's to see.</param>
/// <param name="Names">Of accounts that acted or work on it.</param>
/// <param name="Actions">Words of the actions open now.</param>
/// <param name="Canned">Ready answers for the category.</param>
/// <param name="Typed">Fields of a form that was not done.</param>
/// <param name="Now">UTC microseconds.</param>
/// <param name="Audits">The reader may see the audit trail.</param>
/// <param name="Translates">A machine can be asked for drafts in the other languages.</param>
public sealed record OfficerView(
    Report Report, RoutingSnapshot Map, string? Address, string Description, Answers Answers, ShownContact? Contact, IReadOnlyList<TrackPicture> Pictures, IReadOnlyList<DeskEntry> Entries,
    IReadOnlyDictionary<Guid, string> Names, ShownDispatch Dispatch, IReadOnlyList<string> Actions, IReadOnlyList<Colleague> Colleagues, IReadOnlyList<CannedAnswer> Canned,
    IReadOnlyList<string> Languages, IReadOnlyDictionary<string, string> Typed, Refusal? Refusal, long Now, bool Audits, bool Translates)
{
    /// <summary>What the public sees of it and can be hidden, and what readers say of that; empty for who may not decide.</summary>
    public IReadOnlyList<DeskPart> Parts { get; init; } = [];

    /// <summary>What is known of who sent it; null when nothing is, or the reader may not act on it.</summary>
    public DeskSender? Sender { get; init; }

    /// <summary>Number of the report that it is merged into, and what is merged into it.</summary>
    public string? Target { get; init; }

    public IReadOnlyList<MergedView> Members { get; init; } = [];

    /// <summary>Reports of its holder that may be the same problem, likeliest first.</summary>
    public IReadOnlyList<Nearby> Near { get; init; } = [];

    /// <summary>The body on the other side of the boundary, when nobody has said on which side it lies and the reader may hand it on; null otherwise.</summary>
    public Body? OtherSide => Report.Uncertain && Actions.Contains("transfer") ? Dispatch.Alternatives.Where(other => other.Body != Report.Holder && Map.IsActive(other.Body)).Select(other => Map.Find(other.Body)).FirstOrDefault() : null;

    /// <summary>The action whose form stands open.</summary>
    public string? Open => Typed.GetValueOrDefault("do");

    /// <summary>What happened since the form was drawn, when that is why it was refused.</summary>
    public IReadOnlyList<DeskEntry> Changes => Refusal?.Word == "stale" && int.TryParse(Typed.GetValueOrDefault("seen"), out var seen) ? [.. Entries.Skip(Math.Max(seen, 0))] : [];
}
