namespace Zinneke.Kernel;

/// <summary>What a body is.</summary>
public enum BodyKind
{
    Region,
    Municipality,
    Department,
    Operator,
}

/// <summary>Who acts in the city: a municipality, the region, a department or an operator. Also a tenant: its own people, colours and working days.</summary>
/// <param name="Id">Stable code, as in rules and keys: <c>c21004</c>, <c>water</c>.</param>
/// <param name="Names">In every language of the instance.</param>
public sealed record Body(string Id, BodyKind Kind, Text Names)
{
    /// <summary>Working days within which a body accepts or rejects what it is given, unless it says otherwise.</summary>
    public const int AcceptanceWorkDaysDefault = 2;

    /// <summary>Kind of the catalogue that holds all bodies.</summary>
    public const string Catalogue = "bodies";

    /// <summary>Languages it works in.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Ids of the areas it is responsible for; an area belongs to one active body at most.</summary>
    public IReadOnlyList<string> Areas { get; init; } = [];

    /// <summary>The body above it, which sees what it holds and is told when it is late.</summary>
    public string? Parent { get; init; }

    /// <summary>How it is told; at least the inbox.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = [new InboxChannel()];

    /// <summary>Where the public reaches it; null when it has not said so.</summary>
    public BodyContact? Contact { get; init; }

    /// <summary>Accent colour as <c>#rrggbb</c>, at least <see cref="Zinneke.Kernel.Colour.GraphicsContrastMin"/> to 1 against the light page.</summary>
    public string? Colour { get; init; }

    /// <summary>SHA-256 of a stored picture (<see cref="StoredFile.Hash"/>).</summary>
    public string? Logo { get; init; }

    /// <summary>Days of the week on which it works; Monday to Friday when empty.</summary>
    public IReadOnlyList<DayOfWeek> OpeningDays { get; init; } = [];

    /// <summary>Days of the week on which it works, as it said or as is usual.</summary>
    public IReadOnlyList<DayOfWeek> WorkDays => OpeningDays.Count > 0 ? OpeningDays : WorkCalendar.UsualWeek;

    /// <summary>Dates on which it is closed beside the public holidays.</summary>
    public IReadOnlyList<DateOnly> ClosingDays { get; init; } = [];

    /// <summary>Working days within which it accepts or rejects what it is given, 1 to 60.</summary>
    public int AcceptanceWorkDays { get; init; } = AcceptanceWorkDaysDefault;

    /// <summary>What people send it is public only once its staff have looked at it.</summary>
    public bool LooksFirst { get; init; }

    /// <summary>False once it is dissolved: it gets nothing more.</summary>
    public bool Active { get; init; } = true;

    /// <summary>Whether an address lies on a server of this body's own - scheme, host and port - that a channel may reach although it is in a private network.</summary>
    public bool IsAtHome(Uri address) => Channels
        .Select(channel => channel switch { WebhookChannel { AllowPrivate: true } hook => hook.Url, Open311Channel { AllowPrivate: true } geo => geo.Url, _ => null })
        .Any(url => url is not null && Uri.Compare(new Uri(url), address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0);

    /// <summary>The working days of this body.</summary>
    public WorkCalendar Calendar(TimeZoneInfo zone) => new(zone, ClosingDays, WorkDays);
}

/// <summary>Where the public reaches a body; not how the body is told of reports, which is nobody else's business.</summary>
/// <param name="Email">Shown to everybody.</param>
/// <param name="Phone">As people write it: <c>02 123 45 67</c>.</param>
/// <param name="Website">Begins with https:// or http://.</param>
/// <param name="Address">Of the counter, in every language or none.</param>
public sealed record BodyContact(string? Email, string? Phone, string? Website, Text Address);

/// <summary>A way to tell a body that something is its.</summary>
public abstract record Channel;

/// <summary>The desk inside Zinneke.</summary>
public sealed record InboxChannel : Channel;

/// <summary>One message for each thing, with private reply links.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Contact">Whether the reporter's contact data may be in it.</param>
public sealed record EmailChannel(string Address, bool Contact) : Channel;

/// <summary>The body's own system is told by a signed call (reports.md 5.3).</summary>
/// <param name="Url">Where the calls go.</param>
/// <param name="Secrets">The calls are signed with each: two while the secret is being changed.</param>
public sealed record WebhookChannel(string Url, IReadOnlyList<string> Secrets) : Channel
{
    public const int SecretLengthMin = 8;

    /// <summary>Seconds to wait after each failure, unless the channel says otherwise; after the last one it is given up.</summary>
    public static IReadOnlyList<int> RetryDefault { get; } = [30, 120, 600, 3600, 21600, 86400];

    /// <summary>May lead into a private network, or to this machine.</summary>
    public bool AllowPrivate { get; init; }

    public IReadOnlyList<int> RetrySeconds { get; init; } = RetryDefault;

    /// <summary>Whether the reporter's contact data may be in it.</summary>
    public bool Contact { get; init; }
}

/// <summary>The body's own endpoint of Open311 GeoReport v2, to which its reports are forwarded (reports.md 5.2).</summary>
/// <param name="Url">The address below which <c>requests.json</c> lies, without a slash at its end.</param>
/// <param name="ServiceMap">From category or branch to their service code; the one nearest to the category counts.</param>
public sealed record Open311Channel(string Url, IReadOnlyDictionary<string, string> ServiceMap) : Channel
{
    public const int PollSecondsDefault = 300, PollSecondsMin = 10;

    public string? ApiKey { get; init; }

    public string? JurisdictionId { get; init; }

    /// <summary>From question to their attribute; what is not named is not sent.</summary>
    public IReadOnlyDictionary<string, string> AttributeMap { get; init; } = new Dictionary<string, string>();

    /// <summary>It is spoken to in XML; otherwise in JSON.</summary>
    public bool Xml { get; init; }

    /// <summary>Seconds between two looks at where the requests stand.</summary>
    public int PollSeconds { get; init; } = PollSecondsDefault;

    /// <summary>It serves <c>servicerequestupdates</c>, which are asked for instead of the requests.</summary>
    public bool Updates { get; init; }

    /// <summary>The address of the first public photo goes with it as <c>media_url</c>.</summary>
    public bool Photos { get; init; } = true;

    /// <summary>May lead into a private network, or to this machine.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Whether the reporter's contact data may be in it.</summary>
    public bool Contact { get; init; }
}
