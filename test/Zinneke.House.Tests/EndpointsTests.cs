extern alias host;

using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using Zinneke.Kernel;

namespace Zinneke.House.Tests;

/// <summary>Every door says who may pass it (kernel.md K17).</summary>
public sealed class EndpointsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-doors-").FullName;
    private WebApplication? site;

    public Task InitializeAsync()
    {
        var parts = host::Zinneke.Modules.Parts();
        var settings = Settings.Of(parts.Where(p => p.ServiceType == typeof(Setting)).Select(p => (Setting)p.ImplementationInstance!), (KernelSettings.Data, folder));
        parts.AddSingleton(settings);
        site = Zinneke.Kernel.Site.Build(parts, settings);
        return Task.CompletedTask;
    }

    [Fact]
    public void Every_endpoint_says_who_may_pass()
    {
        var endpoints = Endpoints().ToList();
        foreach (var endpoint in endpoints)
        {
            var access = endpoint.Metadata.GetMetadata<Access>();
            output.WriteLine($"{NameOf(endpoint)}  {access?.Permission ?? (access is { Level: > VerificationLevel.Anonymous } ? access.Level.ToString() : "public")}");
        }
        endpoints.Where(endpoint => endpoint.Metadata.OfType<Access>().Count() != 1).Select(NameOf)
            .ShouldBeNone("Add .Public() or .Needs(\"module.noun.verb\") to the endpoint, exactly once:");
    }

    [Fact]
    public void Every_permission_that_is_needed_is_contributed()
    {
        var known = site!.Services.GetServices<Permission>().Select(permission => permission.Key).ToHashSet(StringComparer.Ordinal);
        Endpoints().Select(endpoint => endpoint.Metadata.GetMetadata<Access>()?.Permission).OfType<string>().Where(permission => !known.Contains(permission))
            .ShouldBeNone("Contribute these with services.AddSingleton(new Permission(...)):");
    }

    /// <summary>Of an endpoint that changes something: a preview changes nothing.</summary>
    [Fact]
    public void Every_post_of_the_api_takes_an_idempotency_key() =>
        Endpoints().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("POST"))
            .Where(endpoint => !endpoint.RoutePattern.RawText!.EndsWith("/route", StringComparison.Ordinal))
            .Where(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters().Any(parameter => parameter.ParameterType == typeof(Idempotency)) != true)
            .Select(NameOf).ShouldBeNone("Take an Idempotency and commit through it (K38):");

    [Fact]
    public void Every_endpoint_of_the_api_says_what_it_is_for_and_shows_an_answer() =>
        Endpoints().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null || !(endpoint.Metadata.OfType<ApiExample>().Any(example => example.Status > 0) || IsPicture(endpoint)))
            .Select(NameOf).ShouldBeNone("Add .WithSummary(...) and .GivesExample(...), or .Produces of a picture (K29):");

    [Fact]
    public void Permissions_and_settings_are_unique()
    {
        site!.Services.GetServices<Permission>().GroupBy(p => p.Key).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeNone("Permissions contributed twice:");
        site.Services.GetServices<Setting>().GroupBy(s => s.Name).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeNone("Settings contributed twice:");
    }

    public async Task DisposeAsync()
    {
        await site!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => ((IEndpointRouteBuilder)site!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    private static bool IsPicture(RouteEndpoint endpoint) =>
        endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.ContentTypes.Any(type => type.StartsWith("image/", StringComparison.Ordinal)));

    private static string NameOf(RouteEndpoint endpoint) =>
        $"{string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])} {endpoint.RoutePattern.RawText}";
}
