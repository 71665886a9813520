using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The newest requests that clients sent to try themselves out, and what was said of them, in memory: nobody gets them, and a restart forgets them.</summary>
internal sealed class GeoSandbox
{
    public const int RequestsMax = 1000;

    /// <summary>Notes of one request that are kept, the newest.</summary>
    public const int NotesMax = 100;
    private readonly Lock gate = new();
    private readonly List<ServiceRequest> requests = [];
    private readonly List<ServiceUpdate> updates = [];
    private int sent;

    /// <summary>Keeps a request under a number of its own.</summary>
    public ServiceRequest Add(ServiceRequest request)
    {
        lock (gate)
        {
            request = request with { Id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"TEST-{++sent:000000}") };
            Keep(requests, request);
            return request;
        }
    }

    /// <summary>Keeps what was said of a request, and moves it on; what was said before under the same id, and of a request that is gone, is not.</summary>
    /// <param name="isBody">Its body said so.</param>
    public void Add(ServiceUpdate update, bool isBody)
    {
        lock (gate)
        {
            var at = requests.FindIndex(request => request.Id == update.Request);
            if (at < 0 || updates.Exists(one => one.Id == update.Id))
            {
                return;
            }
            var request = requests[at];
            requests[at] = request with
            {
                State = update.State, UpdatedAt = update.At, Said = isBody && !update.Said.IsEmpty ? update.Said : request.Said,
                Notes = [.. request.Notes.TakeLast(NotesMax - 1), new ServiceNote(update.At, "comment", update.Said)],
            };
            Keep(updates, update);
        }
    }

    public ServiceRequest? Find(string id, string? area) => All(requests).FirstOrDefault(request => request.Id == id && (area is null || request.Area == area));

    public IReadOnlyList<ServiceRequest> List(GeoQuery query) =>
    [
        .. All(requests).Where(request => query.Area is null || request.Area == query.Area)
            .Where(request => query.Ids.Count > 0 ? query.Ids.Contains(request.Id) : Fits(request, query))
            .OrderByDescending(request => request.RequestedAt).ThenByDescending(request => request.Id, StringComparer.Ordinal)
            .Skip((query.Page - 1) * query.PageSize).Take(query.PageSize),
    ];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ServiceUpdate> Updates(long from, long to, string? area)
    {
        var kept = All(requests).Where(request => area is null || request.Area == area).Select(request => request.Id).ToHashSet(StringComparer.Ordinal);
        return [.. All(updates).Where(update => update.At >= from && update.At <= to && kept.Contains(update.Request)).OrderBy(update => update.At)];
    }

    /// <summary>Sent in a span whose end does not belong to it, oldest first.</summary>
    public IReadOnlyList<ServiceRequest> Sent(long from, long to, string? area) =>
    [
        .. All(requests).Where(request => request.RequestedAt >= from && request.RequestedAt < to && (area is null || request.Area == area))
            .OrderBy(request => request.RequestedAt).ThenBy(request => request.Id, StringComparer.Ordinal),
    ];

    private static void Keep<T>(List<T> all, T one)
    {
        all.Add(one);
        if (all.Count > RequestsMax)
        {
            all.RemoveAt(0);
        }
    }

    private T[] All<T>(List<T> all)
    {
        lock (gate)
        {
            return [.. all];
        }
    }

    private static bool Fits(ServiceRequest request, GeoQuery query) =>
        request.RequestedAt >= query.From && request.RequestedAt <= query.To
        && (query.Codes.Count == 0 || query.Codes.Contains(request.Code))
        && (query.Open is null || query.Open == request.State.IsOpen())
        && (query.Box is not [var west, var south, var east, var north] || (request.Lon >= west && request.Lon <= east && request.Lat >= south && request.Lat <= north))
        && (query.UpdatedAfter is not { } after || request.UpdatedAt > after)
        && (query.UpdatedBefore is not { } before || request.UpdatedAt < before);
}
