using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What of an inbox is shown: the address of the page holds all of it. Empty and unknown values count as absent, so that an old saved filter still opens.</summary>
/// <param name="State"><see cref="Open"/>, <see cref="All"/>, or the word of a state.</param>
/// <param name="Category">A category with all below it.</param>
/// <param name="Overdue">Only what is past its due date.</param>
/// <param name="Mine">Only what the caller works on.</param>
public sealed record InboxFilter(string State, string? Category, string? Body, string? Area, string? Words, bool Overdue, bool Mine, ReportSort Sort)
{
    /// <summary>Somebody still has to do something.</summary>
    public const string Open = "open";

    public const string All = "all";

    /// <summary>Only what the holder has neither accepted nor rejected in its time.</summary>
    public bool Silent { get; init; }

    /// <summary>Only what is to be solved soon: four fifths of the holder's time are over.</summary>
    public bool Soon { get; init; }

    /// <summary>Only what readers have flagged and nobody has looked at, whatever its state.</summary>
    public bool Flagged { get; init; }

    /// <summary>Only what is not public before somebody has looked at it, whatever its state.</summary>
    public bool Pending { get; init; }

    public static InboxFilter Of(IQueryCollection query)
    {
        string? Value(string name) => query[name].ToString().Trim() is { Length: > 0 } value && Refusal.OfNul(value, name) is null ? value : null;
        var state = Value("state");
        return new(
            state == All || ReportWords.Parse<ReportState>(state) is not null ? state! : Open, Value("category"), Value("body"), Value("area"), Value("text"),
            Value("overdue") is not null, Value("mine") is not null, ReportWords.Parse<ReportSort>(Value("sort")) ?? ReportSort.Due)
        {
            Silent = Value("silent") is not null,
            Soon = Value("soon") is not null,
            Flagged = Value("flagged") is not null,
            Pending = Value("pending") is not null,
        };
    }

    /// <summary>Something is filtered.</summary>
    public bool IsSet => State != Open || Category is not null || Body is not null || Area is not null || Words is not null || Overdue || Mine || Silent || Soon || Flagged || Pending;

    /// <param name="now">UTC microseconds.</param>
    /// <param name="account">Who asks; somebody without an account works on nothing.</param>
    internal ReportQuery ToQuery(long now, Guid? account) => new()
    {
        States = (Flagged || Pending) && State == Open ? [] : Overdue && State == All ? ReportWords.OpenStates : State switch { All => [], Open => ReportWords.OpenStates, _ => [ReportWords.Parse<ReportState>(State)!.Value] },
        Category = Category,
        Body = Body,
        Area = Area,
        Words = Words,
        OverdueAt = Overdue ? now : null,
        Silent = Silent,
        SoonAt = Soon ? now : null,
        Flagged = Flagged,
        Pending = Pending,
        Assignee = Mine ? account ?? Guid.Empty : null,
        Sort = Sort,
    };
}

/// <summary>Columns of the inbox beside the number, in their order.</summary>
public enum InboxColumn
{
    Category,
    Place,
    State,
    Due,
    Holder,
    Priority,
    Assignee,
    Created,
    Updated,
    Support,
    Language,
}
