using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A report as the form that is sent to the Open311 endpoint of its body: what everybody may see of it, and how to reach the reporter only where the channel may have that.</summary>
internal sealed partial class ForwardedForm(SiteAddress site, Words words)
{
    /// <summary>As long as GeoReport descriptions may be everywhere.</summary>
    private const int DescriptionMax = 4000;

    /// <summary>Installations that a report may have come through: what goes in a circle ends.</summary>
    private const int MarkersMax = 3;

    /// <summary>By which what was sent is found again.</summary>
    public static string Marker(string number) => $"[Z-{number}]";

    /// <summary>Why this report stays here; null when it is to be sent.</summary>
    /// <returns>Key of a text.</returns>
    public static string? Hindrance(ReportDetail detail, Open311Channel channel, CategoryTree categories) =>
        detail.Report.Visibility != Visibility.Public ? "reports.forward.private"
        : ServiceOf(detail.Report.Category, channel, categories) is null ? "reports.forward.noService"
        : Markers().Count(detail.Words?.Description ?? "") >= MarkersMax ? "reports.forward.circle"
        : null;

    /// <param name="former">The request there that this one takes up again; null for a first one.</param>
    public IReadOnlyList<KeyValuePair<string, string>> Of(ReportDetail detail, Body body, Open311Channel channel, CategoryTree categories, string? former)
    {
        var report = detail.Report;
        var shown = detail.Words is { Hidden: false } said ? said : null;
        var form = new List<KeyValuePair<string, string>>();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                form.Add(KeyValuePair.Create(name, value));
            }
        }
        Add("service_code", ServiceOf(report.Category, channel, categories));
        Add("lat", report.Lat?.ToString(CultureInfo.InvariantCulture));
        Add("long", report.Lon?.ToString(CultureInfo.InvariantCulture));
        Add("address_string", shown?.Address);
        Add("description", Description(report, shown, body, former));
        foreach (var (code, values) in Answered(shown, channel))
        {
            foreach (var value in values)
            {
                Add(values.Count == 1 ? $"attribute[{code}]" : $"attribute[{code}][]", value);
            }
        }
        Add("media_url", channel.Photos && detail.Pictures.FirstOrDefault(one => one is { Ready: true, IsPublic: true, Photo.After: false }) is { } picture ? site.Of(ReportJson.UrlOf(picture, "large")).AbsoluteUri : null);
        if (channel.Contact && detail.Contact is { } contact)
        {
            Add("email", contact.Email);
            Add("first_name", contact.Name);
            Add("phone", contact.Phone);
        }
        return form;
    }

    private string Description(Report report, ReportWordsRow? shown, Body body, string? former)
    {
        var marker = " " + Marker(report.Number);
        var text = (former is null ? "" : words.In(body.Languages is [var first, ..] ? first : report.Language, "reports.forward.again", former) + " ") + shown?.Description;
        return ((text.Length + marker.Length > DescriptionMax ? text[..(DescriptionMax - marker.Length - 1)] + "…" : text) + marker).TrimStart();
    }

    /// <summary>The nearest of the category and the branches above it counts.</summary>
    private static string? ServiceOf(string code, Open311Channel channel, CategoryTree categories) =>
        channel.ServiceMap.GetValueOrDefault(code)
        ?? (categories.Find(code) is { } category ? categories.PathTo(category).Reverse().Select(node => channel.ServiceMap.GetValueOrDefault(node.Code)).FirstOrDefault(service => service is not null) : null);

    private static IEnumerable<(string Attribute, IReadOnlyList<string> Values)> Answered(ReportWordsRow? shown, Open311Channel channel) =>
        shown is null || channel.AttributeMap.Count == 0 ? []
        : from answer in JsonSerializer.Deserialize<Answers>(shown.Answers, Json.Options)!.ByQuestion
          where channel.AttributeMap.ContainsKey(answer.Key)
          select (channel.AttributeMap[answer.Key], answer.Value);

    [GeneratedRegex(@"\[Z-\d{4}-\d+\]")]
    private static partial Regex Markers();
}
