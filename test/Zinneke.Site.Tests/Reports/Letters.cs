using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Reports;

/// <summary>A mail as it lies in the folder.</summary>
/// <param name="Raw">The whole file, with its heads.</param>
internal sealed record Letter(FiledMail Mail, string Raw)
{
    public string Language => Raw.Split("Content-Language: ")[1][..2];

    /// <summary>Path and query of the link that contains this.</summary>
    public string Link(string containing) =>
        Mail.Text.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith("http", StringComparison.Ordinal) && line.Contains(containing, StringComparison.Ordinal)) is var link
            ? new Uri(link).PathAndQuery
            : "";
}

/// <summary>Mails that people got.</summary>
internal static class Letters
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>All to an address, the oldest first.</summary>
    public static IReadOnlyList<Letter> To(TestSite site, string address)
    {
        var folder = site.Get<DataFolder>();
        return [.. MailFolder.Newest(folder, 1000).Where(mail => mail.To.Contains(address, StringComparison.Ordinal)).Reverse().Select(mail => new Letter(mail, File.ReadAllText(Path.Combine(folder.Mail, $"{mail.Id:D}.eml"))))];
    }

    /// <summary>Waits for one: mails are sent after the fact.</summary>
    public static async Task<Letter> WaitAsync(TestSite site, string address, Func<Letter, bool> which)
    {
        for (var until = DateTime.UtcNow + Patience; DateTime.UtcNow < until; await Task.Delay(100))
        {
            if (To(site, address).FirstOrDefault(which) is { } found)
            {
                return found;
            }
        }
        throw new TimeoutException($"{address} got only: {string.Join(", ", To(site, address).Select(letter => letter.Mail.Subject))}");
    }
}
