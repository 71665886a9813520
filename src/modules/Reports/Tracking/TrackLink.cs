using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The private link of a report's sender: changing, withdrawing, erasing contact data. It proves itself and is never stored, logged or shown in feeds.</summary>
internal sealed class TrackLink(Signer signer)
{
    private const string Purpose = "reports.track";

    /// <summary>As long as a report can be reopened after a very long repair.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(3 * 365);

    public string TokenOf(Guid report) => signer.SignLink(Purpose, report.ToString("N"), Life);

    public bool Opens(Guid report, string? token) => !string.IsNullOrEmpty(token) && signer.Opens(Purpose, report.ToString("N"), token);

    /// <summary>Address of the tracking page, with the token.</summary>
    public string PathOf(Report report, string language) => $"/{language}/reports/{report.Number}?t={TokenOf(report.Id)}";
}
