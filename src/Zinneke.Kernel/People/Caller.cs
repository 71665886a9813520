namespace Zinneke.Kernel;

/// <summary>How well an account is known (K16), lowest first, so that levels compare with <c>&gt;=</c>.</summary>
public enum VerificationLevel
{
    Anonymous,

    /// <summary>Has opened a link sent to the address.</summary>
    Email,

    /// <summary>Lives here, by registry or by an invitation code sent to the home.</summary>
    Resident,

    /// <summary>Has shown who they are through a provider of identities.</summary>
    Identified,
}

/// <summary>What an action concerns, as far as roles may be limited to it.</summary>
/// <param name="Body">Id of the body, or null for the whole installation.</param>
/// <param name="Category">Code of the category; a role limited to <c>waste</c> covers <c>waste</c> and <c>waste-…</c>.</param>
/// <param name="Area">Id of the area.</param>
public readonly record struct Where(string? Body, string? Category = null, string? Area = null);

/// <summary>One reach of a caller's permissions: a body with all bodies below it, perhaps limited to categories and areas.</summary>
/// <param name="Body">Null for the whole installation.</param>
/// <param name="Permissions">Keys of the permissions held there.</param>
/// <param name="Categories">Codes of the branches it is limited to; empty for all.</param>
/// <param name="Areas">Ids of the areas it is limited to; empty for all.</param>
public sealed record Reach(string? Body, IReadOnlySet<string> Permissions, IReadOnlyList<string> Categories, IReadOnlyList<string> Areas)
{
    /// <summary>True when the reach is limited neither to categories nor to areas.</summary>
    public bool IsWhole => Categories.Count == 0 && Areas.Count == 0;

    internal bool Covers(Where where, BodyAncestors ancestors) =>
        (Body is null || (where.Body is { } body && (body == Body || ancestors(body).Contains(Body, StringComparer.Ordinal))))
        && (Categories.Count == 0 || (where.Category is { } category && Categories.Any(branch => IsIn(category, branch))))
        && (Areas.Count == 0 || (where.Area is { } area && Areas.Contains(area, StringComparer.Ordinal)));

    private static bool IsIn(string category, string branch) =>
        category == branch || (category.Length > branch.Length && category[branch.Length] == '-' && category.StartsWith(branch, StringComparison.Ordinal));
}

/// <summary>The bodies above a body, nearest first; empty for a body at the top or one that is not known.</summary>
public delegate IReadOnlyList<string> BodyAncestors(string body);

/// <summary>
/// Who makes a request, and what they may do: an account, an API key, or nobody known. Injected into endpoints and use cases. What was given to nobody is denied.
/// </summary>
public sealed class Caller
{
    private readonly BodyAncestors ancestors;

    /// <param name="actor">Stands in the events of what the caller does.</param>
    /// <param name="language">Language of the request.</param>
    /// <param name="reaches">What the roles of the account, or the scopes of the key, give.</param>
    /// <param name="ancestors">A permission held in a body holds in all bodies below it.</param>
    public Caller(Actor actor, string language, IReadOnlyList<Reach> reaches, BodyAncestors ancestors)
    {
        Actor = actor;
        Language = language;
        Reaches = reaches;
        this.ancestors = ancestors;
    }

    public Actor Actor { get; }

    public string Language { get; }

    /// <summary>Id of the account; null for a key and for who has not signed in.</summary>
    public Guid? Account { get; init; }

    /// <summary>Id of the session, for signing out; null without one: a person who acts by a token has none.</summary>
    public Guid? Session { get; init; }

    /// <summary>Id of the API key; null for people. A key is an actor of its own, and two keys are two persons for any two-person rule.</summary>
    public Guid? Key { get; init; }

    /// <summary>Id of the personal access token that the account is shown by; null for keys and sessions.</summary>
    public Guid? Token { get; init; }

    /// <summary>A program acts: by a key of its own, or by a token as a person.</summary>
    public bool IsByKey => Key is not null || Token is not null;

    /// <summary>Name of the account or of the key as it is shown; empty when there is none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Address of the account; null for a key and for who has not signed in.</summary>
    public string? Email { get; init; }

    public VerificationLevel Level { get; init; }

    /// <summary>Where the person lives, as they have shown; null when they have not.</summary>
    public Home? Home { get; init; }

    /// <summary>Scopes of the key or token as they were given, such as <c>reports:staff:c21001</c>; empty for a session.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Requests an hour that the key may make; null when nothing was agreed.</summary>
    public int? QuotaPerHour { get; init; }

    /// <summary>A key was shown that opens nothing: not known, over or revoked.</summary>
    public bool ShowsDeadKey { get; init; }

    /// <summary>The program itself: nobody's session or key ever is.</summary>
    public bool IsProgram { get; private init; }

    /// <summary>Nobody is known: neither session nor key.</summary>
    public bool IsAnonymous => Account is null && Key is null && !IsProgram;

    public IReadOnlyList<Reach> Reaches { get; }

    /// <summary>Somebody who is not signed in.</summary>
    /// <param name="deadKey">A key was shown that opens nothing.</param>
    public static Caller Anonymous(string language, bool deadKey = false) => new(Actor.Anonymous, language, [], _ => []) { ShowsDeadKey = deadKey };

    /// <summary>The program itself, which may do everything: jobs, imports by a verb, the demonstration.</summary>
    public static Caller Program(string language = "en") => new(Actor.System, language, [], _ => []) { IsProgram = true };

    /// <summary>
    /// Whether the permission is held for exactly this: the body or one above it, and the category and area when the role is limited to some. Denied when a limit
    /// cannot be judged because <paramref name="where"/> says nothing about it.
    /// </summary>
    public bool Can(string permission, Where where) => IsProgram || Reaches.Any(r => r.Permissions.Contains(permission) && r.Covers(where, ancestors));

    /// <summary>Like <see cref="Can(string, Where)"/>, but by a role of exactly this body or of the whole installation: a role of a body above it does not count.</summary>
    public bool CanAsStaff(string permission, Where where) =>
        IsProgram || Reaches.Any(r => r.Permissions.Contains(permission) && (r.Body is null || r.Body == where.Body) && r.Covers(where, ancestors));

    /// <summary>Whether the permission is held, without limits, in the body; with null, in the whole installation.</summary>
    public bool Can(string permission, string? body = null) => Can(permission, new Where(body));

    /// <summary>Whether the permission is held anywhere, however limited: enough to pass an endpoint's door, never to act.</summary>
    public bool CanSomewhere(string permission) => IsProgram || Reaches.Any(r => r.Permissions.Contains(permission));

    /// <summary>Where the permission is held: what a list, such as an inbox, shows.</summary>
    public IEnumerable<Reach> ReachesOf(string permission) =>
        IsProgram ? [new Reach(null, new HashSet<string>(StringComparer.Ordinal) { permission }, [], [])] : Reaches.Where(r => r.Permissions.Contains(permission));

    /// <summary>Null when the permission is held there; else 401 for who is not known and 403 for who is.</summary>
    public Refusal? RefusalUnlessCan(string permission, Where where) => Can(permission, where) ? null : NotAllowed();

    /// <summary>Null when the caller is verified well enough; else a refusal with the member <c>reason</c>, which a page answers by leading to where it is remedied and back.</summary>
    /// <param name="needed">What the action asks for.</param>
    /// <param name="since">For residents: the earliest instant at which they may have shown where they live, UTC microseconds; null for any.</param>
    public Refusal? RefusalUnlessLevel(VerificationLevel needed, long? since = null)
    {
        var old = needed == VerificationLevel.Resident && since is { } earliest && !(Home?.VerifiedAt >= earliest);
        if (Level >= needed && !old)
        {
            return null;
        }
        var kind = IsAnonymous ? RefusalKind.Unauthenticated : RefusalKind.Forbidden;
        var refusal = needed switch
        {
            VerificationLevel.Resident => new Refusal(kind, Level >= needed ? "kernel.verificationTooOld" : "kernel.residentNeeded"),
            VerificationLevel.Identified => new Refusal(kind, "kernel.identificationNeeded"),
            _ => new Refusal(kind, "kernel.signInNeeded"),
        };
        return refusal with { Members = new Dictionary<string, object?> { ["reason"] = refusal.Word } };
    }

    internal Refusal NotAllowed() => IsAnonymous
        ? new Refusal(RefusalKind.Unauthenticated, "kernel.unauthenticated") { Members = new Dictionary<string, object?> { ["reason"] = "signInNeeded" } }
        : new Refusal(RefusalKind.Forbidden, "kernel.forbidden");
}
