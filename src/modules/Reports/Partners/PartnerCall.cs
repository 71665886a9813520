using System.Text.Json.Serialization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a body's own system says of a report: the body of <c>POST /api/v1/partner/reports/{id}/{call}</c> (reports.md 5.3).</summary>
internal sealed record PartnerCall
{
    /// <summary>As many pictures as may come with one call.</summary>
    public const int PhotosMax = 4;

    /// <summary>Its own number for the report.</summary>
    public string? Reference { get; init; }

    /// <summary>Words for the public: a string in <see cref="Lang"/>, or an object from language to string.</summary>
    [JsonConverter(typeof(ActOnReport.WordsOrText))]
    public Text? Text { get; init; }

    public string? Lang { get; init; }

    /// <summary><c>planned</c>, <c>inProgress</c> or <c>onHold</c>; without one an update is a message.</summary>
    public string? State { get; init; }

    [JsonConverter(typeof(ActOnReport.InstantWithZone))]
    public DateTimeOffset? PlannedFrom { get; init; }

    [JsonConverter(typeof(ActOnReport.InstantWithZone))]
    public DateTimeOffset? PlannedTo { get; init; }

    public string? Reason { get; init; }

    /// <summary>Whose it is instead, when it is rejected.</summary>
    public string? SuggestedBody { get; init; }

    /// <summary>To whom it is handed on.</summary>
    public string? Body { get; init; }

    /// <summary><c>resolved</c> or <c>declined</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Id of a ready answer, instead of words.</summary>
    public string? CannedAnswer { get; init; }

    /// <summary>Addresses of pictures of the work, which are fetched.</summary>
    public IReadOnlyList<string>? Photos { get; init; }

    /// <summary>The action of the table that a call stands for.</summary>
    /// <returns>404 for a call that there is not, 422 for a state or outcome that it does not know.</returns>
    public Outcome<string> ActionOf(string call) => call switch
    {
        "register" or "accept" or "reject" or "transfer" => call,
        "update" => State switch { null => "comment", "planned" => "plan", "inProgress" => "start", "onHold" => "hold", _ => Refusal.Invalid("reports.unknownWord", "state", Fault.Shorten(State)) },
        "close" => Outcome switch { "resolved" => "resolve", "declined" => "decline", null or "" => Refusal.Invalid("reports.required", "outcome"), _ => Refusal.Invalid("reports.unknownWord", "outcome", Fault.Shorten(Outcome)) },
        _ => new Refusal(RefusalKind.NotFound, "reports.unknownAction", "action"),
    };

    public ActionRequest Request(Text? ready) => new()
    {
        Reference = Reference, Text = ready ?? Text, Lang = Lang, PlannedFrom = PlannedFrom, PlannedTo = PlannedTo, Reason = Reason, SuggestedBody = SuggestedBody, Body = Body,
    };
}
