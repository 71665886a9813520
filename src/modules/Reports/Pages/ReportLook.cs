using Zinneke.Kernel;

namespace Zinneke.Reports.Pages;

/// <summary>Colours and icons of states and actions; the word beside them says the same.</summary>
internal static class ReportLook
{
    /// <summary>A promised time in words: five working days.</summary>
    public static string Said(Words words, Sla sla) => words[$"reports.sla.{sla.Unit.ToString().ToLowerInvariant()}.{(sla.Value == 1 ? "one" : "many")}", sla.Value];

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

    /// <summary>History in which a run of "me too" is one line, with how many there were.</summary>
    public static IEnumerable<(T Entry, int Times)> Joined<T>(IReadOnlyList<T> history, Func<T, string> actionOf)
    {
        var times = 0;
        for (var i = 0; i < history.Count; i++)
        {
            times++;
            if (actionOf(history[i]) != "support" || i + 1 == history.Count || actionOf(history[i + 1]) != "support")
            {
                yield return (history[i], times);
                times = 0;
            }
        }
    }

    public static string IconOf(string action) => action switch
    {
        "submit" => "send",
        "resolve" or "confirm" or "agree" => "circle-check",
        "decline" => "circle-x",
        "plan" => "calendar",
        "start" or "resume" => "wrench",
        "hold" => "hourglass",
        "accept" or "register" => "check",
        "transfer" or "reject" or "assign" => "arrow-right",
        "escalate" => "hourglass",
        "archive" => "archive",
        "reopen" or "withdraw" or "unmerge" or "parted" => "undo-2",
        "merge" or "joined" => "list",
        "comment" or "answerReview" => "message-square",
        "askReview" => "user",
        "recategorise" => "list",
        "move" => "map-pin",
        "support" => "thumbs-up",
        "photo" => "image",
        "contactErased" => "trash-2",
        "note" => "sticky-note",
        "hide" or "hideText" or "hidePhoto" => "eye-off",
        "publish" or "show" or "showText" or "showPhoto" or "settleFlags" => "eye",
        "redact" => "eye-off",
        "editText" or "textBefore" => "pencil",
        "flag" => "flag",
        "blockSender" => "hand",
        "admitSender" => "undo-2",
        _ => "pencil",
    };
}
