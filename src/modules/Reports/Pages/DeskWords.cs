using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports.Pages;

/// <summary>How the desk speaks of what happened.</summary>
internal static class DeskWords
{
    public static string Did(DeskEntry entry, OfficerView view, Words words) =>
        Did(entry.Action, entry.To, entry.Reason, view.Map, words);

    /// <summary>"Handed on – not our road, now with the Region".</summary>
    public static string Did(string action, string? to, string? reason, RoutingSnapshot map, Words words)
    {
        var why = reason is null ? null : action is "merge" or "joined" or "parted" ? reason : words.Find("reports.reason." + reason); // Of those the number of the other.
        var did = (words.Find("reports.did." + action) ?? action) + (why is null ? "" : $" – {why}");
        return to is null ? did : words["reports.did.to", did, BodyOf(to, map, words)];
    }

    /// <summary>A refusal names actions and states by their codes, for programs; people read their words.</summary>
    public static Refusal Spoken(Refusal refusal, Words words) => refusal is not { Code: "reports.actionNotAllowed", Arguments: [string action, string state] } ? refusal
        : refusal with { Arguments = [words.Find("reports.act." + action) ?? action, words.Find("reports.state." + state) ?? state] };

    /// <summary>Body and name of who did it; null when a resident or the program did.</summary>
    public static string? By(DeskEntry entry, OfficerView view, Words words)
    {
        string?[] who = [entry.By is { } body ? BodyOf(body, view.Map, words) : null, view.Names.GetValueOrDefault(entry.Actor)];
        return who.OfType<string>().ToList() is { Count: > 0 } known ? string.Join(", ", known) : null;
    }

    public static string BodyOf(string? body, RoutingSnapshot map, Words words) =>
        body is null ? words["reports.noBody"] : map.Find(body)?.Names.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? body;
}
