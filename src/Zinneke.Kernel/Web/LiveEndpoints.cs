using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Zinneke.Kernel;

/// <summary><c>GET /live/{topic}</c>: any topic of any module.</summary>
internal static class LiveEndpoints
{
    private const int TopicLengthMax = 200;

    public static void MapLive(this IEndpointRouteBuilder root) =>
        root.MapGet("/live/{topic}", (string topic, LiveHub hub) => IsServed(topic, hub) ? (IResult)new LiveStream(topic) : new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem())
            .Public().Limited(LiveStream.Opening).OpenToOtherSites().ExcludeFromDescription();

    private static bool IsServed(string topic, LiveHub hub) =>
        topic.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && topic.Length <= TopicLengthMax && colon < topic.Length - 1 && hub.Serves(topic[..colon], topic[(colon + 1)..]);
}
