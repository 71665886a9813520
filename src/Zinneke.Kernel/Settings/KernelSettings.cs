using System.Net;
using Npgsql;

namespace Zinneke.Kernel;

/// <summary>The settings that every installation has (kernel.md K4, K33).</summary>
public static class KernelSettings
{
    public static Setting<IReadOnlyList<string>> Urls { get; } = Setting.List("urls", "Addresses to listen on.", "http://localhost:8080") with
    {
        Expected = "addresses such as http://localhost:8080",
        Parse = text =>
        {
            string[] urls = text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return urls.Length > 0 && urls.All(url => HostOf(url) is not null) ? urls : throw new FormatException();
        },
    };

    public static Setting<string> Data { get; } = new("data", "Folder of the installation.", "var", text => text.Length > 0 ? text : throw new FormatException())
    {
        Expected = "a folder",
    };

    public static Setting<string> Store { get; } = new("store", "Where rows lie: sqlite, or postgres: and a connection string.", "sqlite", ParseStore)
    {
        Expected = "sqlite, or postgres:\"Host=…;Database=…\"",
        Mask = MaskPasswords,
    };

    public static Setting<Uri?> Broker { get; } = new("broker", "RabbitMQ for the high-volume streams of the data platform, once a module brings them: until then without effect.", null, ParseBroker)
    {
        Expected = "an address such as amqp://user:password@host:5672/vhost, or amqps://…",
        Mask = Setting.MaskUser,
    };

    public static Setting<bool> BackupBeforeUpgrade { get; } = Setting.Switch("backupBeforeUpgrade", "Whether the database is copied into backups/ before a newer program changes its schema.", true);

    public static Setting<string> Role { get; } = Setting.Choice("role", "What this node does: web answers requests, worker runs jobs and followers.", "all", "all", "web", "worker");

    public static Setting<bool> Demo { get; } = Setting.Flag("demo", "Add the parts of the demonstration city that the folder does not hold yet.");

    public static Setting<bool> Quota { get; } = Setting.Switch("quota", "Request quotas and rate limits; off only on loopback addresses.", true);

    public static Setting<IReadOnlyList<string>> AnonymousWrites { get; } =
        Setting.List("anonymousWrites", "Roots that may be written without a key (ngsi-ld, sta), once a module brings them: until then without effect; only on loopback addresses.") with
        {
            Expected = "some of ngsi-ld, sta, each once",
            Parse = text =>
            {
                string[] roots = text.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return roots.All(root => root is "ngsi-ld" or "sta") && roots.Distinct().Count() == roots.Length ? roots : throw new FormatException();
            },
        };

    public static Setting<string?> NgsiLdContexts { get; } =
        Setting.Words("ngsiLdContexts", "Folder of JSON-LD contexts that NGSI-LD reads instead of fetching them, once a module brings it: until then without effect.") with
        {
            Expected = "a folder that exists",
            Parse = text => Directory.Exists(text) ? text : throw new FormatException(),
        };

    public static Setting<bool> AllowPrivateTargets { get; } = Setting.Flag("allowPrivateTargets", "Allow outgoing requests to private addresses.");

    public static Setting<DateTimeOffset?> Clock { get; } =
        Setting.Instant("clock", "For tests: the clock starts at this instant and runs on; only on loopback addresses.");

    /// <summary>Read by tests only, but never unknown.</summary>
    public static Setting<string?> Reference { get; } = Setting.Words("reference", "Folder of reference data, read by tests only.");

    public static Setting<TimeZoneInfo> TimeZone { get; } =
        new("timeZone", "Zone of local dates, working days and clocks.", TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"), TimeZoneInfo.FindSystemTimeZoneById)
        {
            Expected = "a time zone such as Europe/Brussels",
            Format = zone => zone.Id,
        };

    public static Setting<IReadOnlyList<string>> Languages { get; } = Setting.List("languages", "Languages of the interface, in the order offered.", "fr", "nl", "en", "de") with
    {
        Expected = "some of fr, nl, en, de, each once",
        Parse = text =>
        {
            string[] languages = text.Split(',', StringSplitOptions.TrimEntries);
            return languages.All(Kernel.Languages.Known) && languages.Distinct().Count() == languages.Length ? languages : throw new FormatException();
        },
    };

    public static Setting<Text> RegionName { get; } = Setting.Texts(
        "regionName", "Name of the region that runs this installation.", Text.Four("Bruxelles", "Brussel", "Brussels", "Brüssel"));

    public static Setting<string?> ContactEmail { get; } =
        Setting.Words("contactEmail", "E-mail address for questions about the site, shown on its accessibility and privacy pages and in the register of algorithms; there by default contact@ the site's host.");

    public static Setting<Uri?> PublicUrl { get; } = Setting.Link(
        "publicUrl", "Address under which people reach the site: begins every link in mails, feeds and page heads, and its host is where mail comes from; by default the first of the addresses listened on.");

    public static Setting<IReadOnlyList<string>> Proxies { get; } =
        Setting.List("proxies", "Addresses or networks of reverse proxies whose X-Forwarded headers are believed.") with
        {
            Expected = "addresses or networks such as 10.0.0.0/8",
            Parse = text =>
            {
                string[] networks = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return networks.All(network => IPAddress.TryParse(network, out _) || IPNetwork.TryParse(network, out _)) ? networks : throw new FormatException();
            },
        };

    public static Setting<string?> Certificate { get; } = Setting.Words("certificate", "PEM file with the certificate of https addresses.") with { Expected = "a file" };

    public static Setting<string?> CertificateKey { get; } =
        Setting.Words("certificateKey", "PEM file with the certificate's key, when the certificate's own file does not hold it.") with { Expected = "a file" };

    public static Setting<int> LiveListeners { get; } = Setting.Number("liveListeners", "Open live streams that this node serves at most.", 20_000, 0, 1_000_000);

    public static Setting<Uri?> MapStyle { get; } =
        Setting.Link("mapStyle", "Style of MapLibre to draw under the maps; its tiles and pictures come from the same host, which every browser then asks. Without one, nothing of a map comes from elsewhere.") with
        {
            Expected = "an address that begins with https://",
            Parse = text => Uri.TryCreate(text, UriKind.Absolute, out var style) && style.UserInfo.Length == 0 && (style.Scheme == "https" || (style.Scheme == "http" && IsLoopback(style.Host))) ? style : throw new FormatException(),
        };

    public static Setting<Uri?> Otlp { get; } = Setting.Link("otlp", "OpenTelemetry collector that gets traces and metrics.");

    public static IReadOnlyList<Setting> All { get; } =
    [
        Urls, Data, Store, Broker, Role, Demo, Quota, AnonymousWrites, AllowPrivateTargets, NgsiLdContexts, Clock, Reference, TimeZone, Languages, RegionName, ContactEmail, PublicUrl, Proxies, Certificate, CertificateKey, LiveListeners, MapStyle, Otlp, BackupBeforeUpgrade,
    ];

    /// <summary>What makes a server unsafe for others than its own machine (K33): refused unless every address is loopback.</summary>
    /// <returns>One warning for each such setting in use.</returns>
    /// <exception cref="BadInputException">A setting for tests is used on an address that others reach.</exception>
    public static IReadOnlyList<string> CheckLoopbackOnly(Settings settings)
    {
        List<Setting> risky = [];
        if (settings.Get(AnonymousWrites).Count > 0)
        {
            risky.Add(AnonymousWrites);
        }
        if (!settings.Get(Quota))
        {
            risky.Add(Quota);
        }
        if (settings.Get(Clock) is not null)
        {
            risky.Add(Clock);
        }
        var open = OpenUrl(settings);
        if (risky.Count > 0 && open is not null)
        {
            throw new BadInputException($"setting {risky[0].Name}: allowed only when every address is loopback, but {Urls.Option} has {open}");
        }
        return [.. risky.Select(setting => $"{setting.Option} is in use: for tests on this machine only")];
    }

    /// <summary>What an operator should know at the start of settings that are checked and have no reader yet.</summary>
    /// <returns>One sentence for each that somebody chose.</returns>
    public static IReadOnlyList<string> NotesOfUnused(Settings settings)
    {
        List<string> notes = [];
        if (settings.Get(Broker) is not null)
        {
            notes.Add($"{Broker.Option} is not used yet: no module of this program brings streams that need one; the connection is not tried");
        }
        if (settings.Get(AnonymousWrites).Count > 0)
        {
            notes.Add($"{AnonymousWrites.Option} is not used yet: no module of this program brings these roots");
        }
        if (settings.Get(NgsiLdContexts) is not null)
        {
            notes.Add($"{NgsiLdContexts.Option} is not used yet: no module of this program brings NGSI-LD; nothing in the folder is read");
        }
        return notes;
    }

    /// <summary>True when only this machine reaches the server: every address is loopback, and no proxy passes on what others ask.</summary>
    public static bool ServesThisMachineOnly(Settings settings) => OpenUrl(settings) is null && settings.Get(Proxies).Count == 0;

    /// <summary>Whether a host is this machine, seen from itself.</summary>
    internal static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string? OpenUrl(Settings settings) => settings.Get(Urls).FirstOrDefault(url => !IsLoopback(HostOf(url)!));

    /// <summary>Host of an address to listen on; also understands <c>http://*:80</c> and <c>http://+:80</c>, which are no URIs.</summary>
    private static string? HostOf(string url)
    {
        var plain = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? uri.Host : null;
    }

    private static string ParseStore(string text) =>
        text == "sqlite" || (text.StartsWith("postgres:", StringComparison.Ordinal) && text.Length > "postgres:".Length + 2)
            ? text
            : throw new FormatException();

    private static Uri ParseBroker(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps" && broker.Host.Length > 0 && broker.Query.Length == 0 && broker.Fragment.Length == 0
            ? broker
            : throw new FormatException();

    /// <summary>Read as the driver reads it, which knows a password by several names (<c>Pwd</c>, <c>PSW</c>) and in quotes. What it cannot read is not shown at all.</summary>
    private static string MaskPasswords(string text)
    {
        const string prefix = "postgres:";
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return text;
        }
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text[prefix.Length..]);
            settings.Password = settings.Password is null ? null : "***";
            settings.SslPassword = settings.SslPassword is null ? null : "***";
            return prefix + settings.ConnectionString;
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or OverflowException)
        {
            return prefix + "***";
        }
    }
}
