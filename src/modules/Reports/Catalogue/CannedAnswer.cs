using System.Globalization;
using System.Text.RegularExpressions;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Words for an action that are ready in every language, with places for what differs.</summary>
/// <param name="Id">Unique in the file.</param>
/// <param name="Branch">Code of the category above those it is for; null for all.</param>
/// <param name="Action">Word of the action it goes with.</param>
/// <param name="Reason">The reason it goes with; null for all.</param>
/// <param name="Words">With the placeholders of <see cref="Placeholders"/>.</param>
public sealed partial record CannedAnswer(string Id, string? Branch, string Action, string? Reason, Text Words)
{
    /// <summary>Kind of the catalogue that holds them.</summary>
    public const string Kind = "answers";

    public const int LengthMax = 2000;

    /// <summary>What is put in: the report's number, category and address, the body that answers, and the planned day or today.</summary>
    public static IReadOnlyList<string> Placeholders { get; } = ["number", "category", "address", "body", "date"];

    /// <summary>Whether it is for this category: its branch, or one below.</summary>
    public bool IsFor(string category) => Branch is null || Category.IsIn(category, Branch);

    /// <summary>The words for one report, in every language.</summary>
    /// <param name="address">Where it is, in words; may be unknown.</param>
    /// <param name="day">Writes an instant as a day in the culture of the moment.</param>
    /// <param name="on">The day it speaks of, UTC microseconds: the planned one, or today.</param>
    public Text For(Report report, RoutingSnapshot map, string? address, Func<long, string> day, long on) => new(Words.ByLanguage.Select(said => KeyValuePair.Create(
        said.Key,
        Placeholder().Replace(said.Value, match => match.Groups[1].Value switch
        {
            "number" => report.Number,
            "category" => map.Categories.Find(report.Category)?.Names.In(said.Key) ?? report.Category,
            "address" => address ?? map.Municipality(report.Area)?.Names.In(said.Key) ?? report.Number,
            "body" => report.Holder is { } holder ? map.Find(holder)?.Names.In(said.Key) ?? holder : "",
            "date" => In(said.Key, () => day(on)),
            _ => match.Value,
        }))));

    /// <summary>Names in braces that are no placeholder.</summary>
    public static IEnumerable<string> Unknown(Text words) =>
        words.ByLanguage.Values.SelectMany(said => Placeholder().Matches(said)).Select(match => match.Groups[1].Value).Where(name => !Placeholders.Contains(name)).Distinct();

    private static string In(string language, Func<string> write)
    {
        var (before, formatsBefore) = (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture);
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = Languages.CultureOf(language);
            return write();
        }
        finally
        {
            (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture) = (before, formatsBefore);
        }
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Placeholder();
}
