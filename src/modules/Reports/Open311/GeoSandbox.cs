namespace Zinneke.Reports;

/// <summary>The newest requests that clients sent to try themselves out, in memory: nobody gets them, and a restart forgets them.</summary>
internal sealed class GeoSandbox
{
    public const int RequestsMax = 1000;
    private readonly Lock gate = new();
    private readonly Queue<ServiceRequest> requests = new();
    private int sent;

    /// <summary>Keeps a request under a number of its own.</summary>
    public ServiceRequest Add(ServiceRequest request)
    {
        lock (gate)
        {
            request = request with { Id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"TEST-{++sent:000000}") };
            requests.Enqueue(request);
            if (requests.Count > RequestsMax)
            {
                requests.Dequeue();
            }
            return request;
        }
    }

    public ServiceRequest? Find(string id, string? area) => All().FirstOrDefault(request => request.Id == id && (area is null || request.Area == area));

    public IReadOnlyList<ServiceRequest> List(GeoQuery query) =>
    [
        .. All().Where(request => query.Area is null || request.Area == query.Area)
            .Where(request => query.Ids.Count > 0 ? query.Ids.Contains(request.Id) : Fits(request, query))
            .OrderByDescending(request => request.RequestedAt).ThenByDescending(request => request.Id, StringComparer.Ordinal)
            .Skip((query.Page - 1) * query.PageSize).Take(query.PageSize),
    ];

    private ServiceRequest[] All()
    {
        lock (gate)
        {
            return [.. requests];
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
