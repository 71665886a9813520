using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>So many requests in a span of time.</summary>
public readonly record struct Quota(int Requests, TimeSpan Window)
{
    /// <summary>Where the installation says how many.</summary>
    public Setting<int>? Setting { get; private init; }

    /// <summary>As many as the installation says.</summary>
    public static Quota Of(Setting<int> requests, TimeSpan window) => new(requests.Default, window) { Setting = requests };
}

/// <summary>What one endpoint, or several that share a name, may be asked by one client. All quotas hold at once.</summary>
/// <param name="Name">Stable word, shown in the headers: <c>reports-submit</c>.</param>
public sealed record RateLimit(string Name, params IReadOnlyList<Quota> Quotas)
{
    /// <summary>How long the last request of a quota waits before it is answered; each one before it half as long (docs/decisions/0025).</summary>
    public TimeSpan LastWaits { get; init; }

    internal TimeSpan WaitOf(int left) => left < 8 ? LastWaits / (1 << left) : TimeSpan.Zero;

    internal RateLimit Over(int times) => this with { Quotas = [.. Quotas.Select(quota => quota with { Requests = quota.Requests * times })] };
}

/// <summary>What API keys of a scope may ask of one limit beyond everybody else; contributed beside the scope. A key without one is counted like any client.</summary>
/// <param name="Scope">Name of the scope, without a body.</param>
/// <param name="Limit">Name of the limit.</param>
/// <param name="Times">How many times over they have it; null when they are not counted.</param>
public sealed record Allowance(string Scope, string Limit, int? Times = null);

/// <summary>What people who hold a permission somewhere do as their work: they are not counted for that limit.</summary>
/// <param name="Permission">Key of the permission.</param>
/// <param name="Limit">Name of the limit.</param>
public sealed record StaffAllowance(string Permission, string Limit);

/// <summary>Who a request is counted for when it is not its network address. Set by whoever knows the caller, before the limits are asked.</summary>
/// <param name="Client">Name of the counter, such as the id of an API key.</param>
/// <param name="Allowances">What it may ask beyond everybody else.</param>
internal sealed record LimitedClient(string Client, IReadOnlyList<Allowance> Allowances)
{
    /// <summary>How many times over it has a limit; null when it is not counted.</summary>
    public int? TimesOf(string limit)
    {
        var times = 1;
        foreach (var one in Allowances.Where(one => one.Limit == limit))
        {
            if (one.Times is not { } more)
            {
                return null;
            }
            times = Math.Max(times, more);
        }
        return times;
    }
}

/// <summary>
/// Counts requests per client and limit, in memory, one count on each node. A window begins with the first request and ends after its span. IPv6 clients are counted
/// by their /64, because that is what one household has, and more generously by their /48, because that is what anybody can rent.
/// </summary>
internal sealed class RateLimits(TimeProvider time, Settings settings, IEnumerable<Allowance> allowances, IEnumerable<StaffAllowance> staff)
{
    private const int CountersMax = 200_000;
    private const uint LookEvery = 256;

    /// <summary>A /48 may ask as often as so many households together.</summary>
    private const int HouseholdsOfSite = 16;
    private readonly ConcurrentDictionary<(string Limit, int Quota, string Client), Counter> counters = new();
    private readonly ILookup<string, Allowance> allowances = allowances.ToLookup(one => one.Scope, StringComparer.Ordinal);
    private readonly bool on = settings.Get(KernelSettings.Quota);
    private readonly ConcurrentDictionary<string, RateLimit> asSet = new(StringComparer.Ordinal);
    private int sweeping;
    private uint asked;

    /// <summary>Who a caller that is known is counted for: people and keys each for themselves.</summary>
    public LimitedClient ClientOf(Caller caller) => new(
        caller.Actor.Id.ToString("N"),
        caller.Key is null ? [.. staff.Where(one => caller.CanSomewhere(one.Permission)).Select(one => new Allowance("", one.Limit))]
        : [.. caller.Scopes.SelectMany(scope => allowances[scope].Concat(scope.LastIndexOf(':') is var body and > 0 ? allowances[scope[..body]] : []))]);

    /// <summary>Counts one request and writes the headers.</summary>
    /// <returns>Null when it may pass.</returns>
    public Refusal? Take(HttpContext http, RateLimit limit) => Take(http, limit, out _);

    /// <summary>The same, and makes who comes to the end of a quota wait.</summary>
    public async Task<Refusal?> TakeAsync(HttpContext http, RateLimit limit)
    {
        var refusal = Take(http, limit, out var left);
        if (refusal is null && limit.WaitOf(left) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, time, http.RequestAborted);
        }
        return refusal;
    }

    /// <summary>Counts one request for a client that is named.</summary>
    public Refusal? TakeOf(string client, HttpContext http, RateLimit limit) => TakeOf(client, http, AsSet(limit), null, out _);

    /// <summary>Counts one request of whoever asks for one thing, such as an address that mail would go to, and writes no headers.</summary>
    /// <returns>True when it may pass.</returns>
    public bool Passes(HttpContext http, RateLimit limit, string thing) =>
        !on || Count($"{ClientOf(http.Connection.RemoteIpAddress)} {thing}", AsSet(limit), 1).Remaining >= 0;

    /// <summary>Whether the network address of a request has used up a limit; counts nothing.</summary>
    public Refusal? Spent(HttpContext http, RateLimit limit)
    {
        var now = time.NowMicros();
        limit = AsSet(limit);
        for (var i = 0; i < limit.Quotas.Count; i++)
        {
            if (on && counters.TryGetValue((limit.Name, i, ClientOf(http.Connection.RemoteIpAddress)), out var counter) && counter.SpentUntil(now, limit.Quotas[i]) is { } until)
            {
                return TooMany(http, Math.Max(1, (until - now + 999_999) / 1_000_000));
            }
        }
        return null;
    }

    private static Refusal TooMany(HttpContext http, long resetSeconds)
    {
        http.Response.Headers.RetryAfter = resetSeconds.ToString(CultureInfo.InvariantCulture);
        return new Refusal(RefusalKind.TooMany, "kernel.tooMany") { Arguments = [InSigns(resetSeconds)] };
    }

    /// <summary>Counts one request for its network address, and writes no headers.</summary>
    /// <returns>True when it may pass.</returns>
    public bool Passes(HttpContext http, RateLimit limit) => !on || Count(ClientOf(http.Connection.RemoteIpAddress), AsSet(limit), 1).Remaining >= 0;

    /// <summary>Counts one request of whoever its limits are counted for, and writes no headers.</summary>
    /// <returns>True when it may pass.</returns>
    public bool PassesForClient(HttpContext http, RateLimit limit) =>
        !on || Count(http.Features.Get<LimitedClient>()?.Client ?? ClientOf(http.Connection.RemoteIpAddress), limit, 1).Remaining >= 0;

    /// <summary>The limit with the numbers of this installation.</summary>
    private RateLimit AsSet(RateLimit limit) => limit.Quotas.All(quota => quota.Setting is null) ? limit : asSet.GetOrAdd(
        limit.Name, _ => limit with { Quotas = [.. limit.Quotas.Select(quota => quota.Setting is { } set ? new Quota(settings.Get(set), quota.Window) : quota)] });

    private Refusal? Take(HttpContext http, RateLimit limit, out int left)
    {
        left = int.MaxValue;
        limit = AsSet(limit);
        if (http.Features.Get<LimitedClient>() is { } known)
        {
            return known.TimesOf(limit.Name) is { } times ? TakeOf(known.Client, http, times == 1 ? limit : limit.Over(times), null, out left) : null;
        }
        var address = http.Connection.RemoteIpAddress;
        return TakeOf(ClientOf(address), http, limit, SiteOf(address), out left);
    }

    private Refusal? TakeOf(string client, HttpContext http, RateLimit limit, string? site, out int left)
    {
        left = int.MaxValue;
        if (!on)
        {
            return null;
        }
        var (remaining, resetSeconds, at) = Count(client, limit, 1);
        Note(http, client, limit);
        if (site is not null && Count(site, limit, HouseholdsOfSite) is { Remaining: < 0 } spent)
        {
            (remaining, resetSeconds, at) = spent;
        }
        left = remaining;
        // At the last moment: an answer that is kept for others must not hold what one client has left. The limit that was asked last is the one that matters, and speaks first.
        http.Response.OnStarting(() =>
        {
            if (!http.Response.Headers.ContainsKey("RateLimit"))
            {
                WriteHeaders(http.Response, limit, at, Math.Max(0, remaining), resetSeconds);
            }
            return Task.CompletedTask;
        });
        return remaining >= 0 ? null : TooMany(http, resetSeconds);
    }

    /// <summary>Takes back what a request was counted for until now.</summary>
    public void GiveBack(HttpContext http)
    {
        var now = time.NowMicros();
        foreach (var (client, limit) in http.Features.Get<List<(string Client, RateLimit Limit)>>() ?? [])
        {
            for (var i = 0; i < limit.Quotas.Count; i++)
            {
                if (counters.TryGetValue((limit.Name, i, client), out var counter))
                {
                    counter.GiveBack(now);
                }
            }
        }
        http.Features.Set<List<(string Client, RateLimit Limit)>>(null);
    }

    /// <summary>What a request that may be a repeat was counted for. The /48 is not: it is generous.</summary>
    private static void Note(HttpContext http, string client, RateLimit limit)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            var counted = http.Features.Get<List<(string Client, RateLimit Limit)>>() ?? [];
            counted.Add((client, limit));
            http.Features.Set(counted);
        }
    }

    /// <param name="times">How many times the quotas may be used.</param>
    /// <returns>What is left of the quota of which least is left, negative when one is spent.</returns>
    private (int Remaining, long ResetSeconds, int Quota) Count(string client, RateLimit limit, int times)
    {
        var now = time.NowMicros();
        Sweep(now);
        var (remaining, resetSeconds, at) = (int.MaxValue, 0L, 0);
        for (var i = 0; i < limit.Quotas.Count; i++)
        {
            var counter = counters.GetOrAdd((limit.Name, i, client), _ => new Counter());
            var (left, until) = counter.Take(now, limit.Quotas[i] with { Requests = limit.Quotas[i].Requests * times });
            if (left < remaining)
            {
                (remaining, resetSeconds, at) = (left, Math.Max(1, (until - now + 999_999) / 1_000_000), i);
            }
        }
        return (remaining, resetSeconds, at);
    }

    internal static string ClientOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    /// <summary>The /48 of an IPv6 address; null for others.</summary>
    internal static string? SiteOf(IPAddress? address) => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 6)) + "/48"
        : null;

    /// <summary>RateLimit and RateLimit-Policy as in draft-ietf-httpapi-ratelimit-headers.</summary>
    private static void WriteHeaders(HttpResponse response, RateLimit limit, int at, int remaining, long resetSeconds)
    {
        string NameOf(int quota) => limit.Quotas.Count == 1 ? limit.Name : string.Create(CultureInfo.InvariantCulture, $"{limit.Name}-{limit.Quotas[quota].Window.TotalSeconds}");
        response.Headers["RateLimit-Policy"] = string.Join(
            ", ", limit.Quotas.Select((quota, i) => string.Create(CultureInfo.InvariantCulture, $"\"{NameOf(i)}\";q={quota.Requests};w={quota.Window.TotalSeconds}")));
        response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{NameOf(at)}\";r={remaining};t={resetSeconds}");
    }

    /// <summary>Forgets windows that have ended, when there are very many: somebody who comes from ever new addresses must not fill the memory.</summary>
    private void Sweep(long now)
    {
        // Counting the counters takes all their locks: not at each request.
        if (Interlocked.Increment(ref asked) % LookEvery != 0 || counters.Count < CountersMax || Interlocked.Exchange(ref sweeping, 1) == 1)
        {
            return;
        }
        foreach (var (key, counter) in counters)
        {
            if (counter.EndsAt < now)
            {
                counters.TryRemove(key, out _);
            }
        }
        if (counters.Count >= CountersMax)
        {
            // Those that end first have least left to keep: to forget all would give everybody a fresh quota at once.
            foreach (var (key, _) in counters.Select(one => (one.Key, one.Value.EndsAt)).OrderBy(one => one.EndsAt).Take(CountersMax / 4).ToList())
            {
                counters.TryRemove(key, out _);
            }
        }
        sweeping = 0;
    }

    private sealed class Counter
    {
        private readonly Lock gate = new();
        private int taken;

        public long EndsAt { get; private set; }

        public (int Left, long Until) Take(long now, Quota quota)
        {
            lock (gate)
            {
                if (now >= EndsAt)
                {
                    EndsAt = now + quota.Window.ToMicros();
                    taken = 0;
                }
                taken = Math.Min(taken + 1, quota.Requests + 1);
                return (quota.Requests - taken, EndsAt);
            }
        }

        public void GiveBack(long now)
        {
            lock (gate)
            {
                taken -= now < EndsAt && taken > 0 ? 1 : 0;
            }
        }

        /// <returns>When it begins anew; null while something is left.</returns>
        public long? SpentUntil(long now, Quota quota)
        {
            lock (gate)
            {
                return now < EndsAt && taken >= quota.Requests ? EndsAt : null;
            }
        }
    }

    /// <summary>The international signs s, min and h read the same in the four languages.</summary>
    private static string InSigns(long seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{(seconds + 59) / 60} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(seconds + 3599) / 3600} h"),
    };
}

public static class RateLimitMarks
{
    /// <summary>Limits how often one client may ask this endpoint; 429 with <c>Retry-After</c> beyond.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder endpoint, RateLimit limit)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(limit);

    /// <summary>Counts this request for another limit than its endpoint's, where only some requests of an endpoint do what is limited.</summary>
    /// <returns>Null when it may pass.</returns>
    public static Refusal? Take(this HttpContext http, RateLimit limit) => http.RequestServices.GetRequiredService<RateLimits>().Take(http, limit);

    /// <summary>The same, with the wait of a limit that has one.</summary>
    /// <returns>Null when it may pass.</returns>
    public static Task<Refusal?> TakeAsync(this HttpContext http, RateLimit limit) => http.RequestServices.GetRequiredService<RateLimits>().TakeAsync(http, limit);

    /// <summary>Whether the key of the caller is not counted for a limit.</summary>
    public static bool Lifts(this HttpContext http, RateLimit limit) => http.Features.Get<LimitedClient>() is { } known && known.TimesOf(limit.Name) is null;

    /// <summary>Counts this request for somebody else too than the client it is counted for at the door, such as the device behind an address; nobody is exempt.</summary>
    /// <param name="client">Names the counter: what it is, a space, and which.</param>
    /// <returns>Null when it may pass.</returns>
    public static Refusal? TakeFor(this HttpContext http, RateLimit limit, string client) => http.RequestServices.GetRequiredService<RateLimits>().TakeOf(client, http, limit);

    /// <summary>Counts this request for the key of a caller. Done at the door for a key in a header or in the query; an endpoint that finds one in its body says so.</summary>
    /// <returns>Null when it may pass, or when nothing was agreed.</returns>
    public static Refusal? TakeQuotaOf(this HttpContext http, Caller caller) => caller.QuotaPerHour is { } quota
        ? http.RequestServices.GetRequiredService<RateLimits>().TakeOf($"key {caller.Key}", http, new RateLimit("key", new Quota(quota, TimeSpan.FromHours(1))))
        : null;

    /// <summary>The network address that a request comes from, as far as it tells one household from another: of IPv6 its /64.</summary>
    public static string Household(this HttpContext http) => RateLimits.ClientOf(http.Connection.RemoteIpAddress);

    /// <summary>Counts one request of this client for one thing, such as an address that mail would go to.</summary>
    /// <returns>False when the limit is spent.</returns>
    public static bool Passes(this HttpContext http, RateLimit limit, string thing) => http.RequestServices.GetRequiredService<RateLimits>().Passes(http, limit, thing);

    internal static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, RateLimits limits) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RateLimit>() is { } limit && await Repeats.UnlessRepeatedAsync(http, await limits.TakeAsync(http, limit)) is { } refusal)
        {
            await refusal.AsProblem().ExecuteAsync(http);
            return;
        }
        await next(http);
    });
}
