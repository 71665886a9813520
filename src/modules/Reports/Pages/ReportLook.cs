namespace Zinneke.Reports.Pages;

/// <summary>Colours and icons of states and actions; the word beside them says the same.</summary>
public static class ReportLook
{
    public static string ColourOf(ReportState state) => state switch
    {
        ReportState.Resolved or ReportState.Closed => "green",
        ReportState.Declined => "brick",
        ReportState.Accepted or ReportState.Planned or ReportState.InProgress => "blue",
        ReportState.OnHold => "yellow",
        _ => "soft",
    };

    public static string IconOf(ReportState state) => state switch
    {
        ReportState.Resolved or ReportState.Closed => "circle-check",
        ReportState.Declined => "circle-x",
        ReportState.Planned => "calendar",
        ReportState.InProgress => "wrench",
        ReportState.OnHold => "hourglass",
        ReportState.Accepted => "check",
        ReportState.Withdrawn or ReportState.Duplicate => "undo-2",
        _ => "inbox",
    };

    public static string IconOf(string action) => action switch
    {
        "submit" => "send",
        "resolve" or "confirm" => "circle-check",
        "decline" => "circle-x",
        "plan" => "calendar",
        "start" or "resume" => "wrench",
        "hold" => "hourglass",
        "accept" or "register" => "check",
        "transfer" or "reject" or "assign" => "arrow-right",
        "reopen" or "withdraw" => "undo-2",
        "comment" or "answerReview" => "message-square",
        "askReview" => "user",
        "note" => "sticky-note",
        "hide" => "eye-off",
        "show" => "eye",
        _ => "pencil",
    };
}
