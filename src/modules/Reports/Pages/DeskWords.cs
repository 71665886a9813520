using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports.Pages;

/// <summary>How the desk speaks of what happened.</summary>
internal static class DeskWords
{
    public static string Did(DeskEntry entry, Words words) =>
        (words.Find("reports.did." + entry.Action) ?? entry.Action) + (entry.Reason is { } reason && words.Find("reports.reason." + reason) is { } because ? $" – {because}" : "");

    public static string By(DeskEntry entry, OfficerView view, Words words) =>
        view.Names.TryGetValue(entry.Actor, out var name) ? $"{BodyOf(entry.Body, view.Map, words)}, {name}" : BodyOf(entry.Body, view.Map, words);

    public static string BodyOf(string? body, RoutingSnapshot map, Words words) =>
        body is null ? words["reports.noBody"] : map.Find(body)?.Names.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? body;
}
