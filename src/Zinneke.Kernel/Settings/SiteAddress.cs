namespace Zinneke.Kernel;

/// <summary>
/// The address under which people reach the site, for links in mails and feeds: the setting <c>publicUrl</c>, else the first address listened on. Never the Host of a
/// request: whoever chooses that could have a link with somebody else's token sent to a host of theirs.
/// </summary>
public sealed class SiteAddress
{
    public SiteAddress(Settings settings) : this(settings.Get(KernelSettings.PublicUrl) ?? Listened(settings.Get(KernelSettings.Urls)[0])) { }

    public SiteAddress(Uri root) => Root = root;

    /// <summary>Begins every link.</summary>
    public Uri Root { get; private set; }

    /// <summary>What an operator should know at the start: others reach the site, and nobody said under which address.</summary>
    /// <returns>The warning, or null.</returns>
    public static string? Doubt(Settings settings)
    {
        if (settings.Get(KernelSettings.PublicUrl) is not null || KernelSettings.ServesThisMachineOnly(settings))
        {
            return null;
        }
        var guessed = new SiteAddress(settings).Root;
        return $"setting {KernelSettings.PublicUrl.Name} is missing: links in mails, feeds and pages begin with {guessed}, and mail comes from {guessed.Host}; "
            + $"give the address under which people reach the site, such as {KernelSettings.PublicUrl.Option} https://city.example";
    }

    /// <summary>Told when the server listens: a port 0 in the settings lets the system choose one.</summary>
    internal void ListensOn(string url)
    {
        if (Root.Port == 0)
        {
            Root = Listened(url);
        }
    }

    /// <summary>Host for the ids of mails and feeds.</summary>
    public string Host => Root.Host;

    /// <summary>Where people write to whoever runs the installation: the setting <c>contactEmail</c>, else <c>contact</c> at this host.</summary>
    public string ContactEmail(Settings settings) => settings.Get(KernelSettings.ContactEmail) ?? $"contact@{Host}";

    /// <summary>A whole address.</summary>
    /// <param name="path">Begins with a slash.</param>
    public Uri Of(string path) => new(Root.AbsoluteUri.TrimEnd('/') + path);

    /// <summary><c>http://*:8080</c> and <c>http://0.0.0.0:8080</c> listen everywhere, which is no place to go to.</summary>
    private static Uri Listened(string url)
    {
        foreach (var everywhere in (string[])["://*", "://+", "://0.0.0.0", "://[::]"])
        {
            url = url.Replace(everywhere, "://localhost", StringComparison.Ordinal);
        }
        return new Uri(url);
    }
}
