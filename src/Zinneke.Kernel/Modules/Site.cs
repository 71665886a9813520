using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Zinneke.Kernel;

/// <summary>The web server of an installation: one pipeline, and the modules' endpoints behind it.</summary>
public static class Site
{
    private const long BodyBytesMax = 1 << 20;
    private const long KeptBytesMax = 64 << 20;
    private const long KeptAnswerBytesMax = 2 << 20;

    /// <summary>Builds the server; it does not listen yet.</summary>
    /// <param name="parts">Services and contributions of the modules, with their <see cref="Settings"/>; not changed.</param>
    public static WebApplication Build(IServiceCollection parts, Settings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Zinneke", EnvironmentName = "Production" });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. settings.Get(KernelSettings.Urls)]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            if (Certificate(settings) is { } certificate)
            {
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });
        Log(builder.Logging);
        foreach (var part in parts)
        {
            builder.Services.Add(part);
        }
        AddWeb(builder.Services);
        builder.Services.AddLogServices();
        AddWorkers(builder.Services, settings);
        var app = builder.Build();
        Pipe(app, settings);
        MapAll(app, settings);
        app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<SiteAddress>().ListensOn(app.Urls.First()));
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<LiveHub>().Close); // Open streams would hold up the stop.
        return app;
    }

    /// <exception cref="BadInputException">An https address without a certificate, or a certificate that cannot be read.</exception>
    private static X509Certificate2? Certificate(Settings settings)
    {
        if (!settings.Get(KernelSettings.Urls).Any(url => url.StartsWith("https:", StringComparison.Ordinal)))
        {
            return null;
        }
        var (file, key) = (settings.Get(KernelSettings.Certificate), settings.Get(KernelSettings.CertificateKey));
        try
        {
            return file is null ? throw new BadInputException($"setting {KernelSettings.Certificate.Name}: an https address needs one") : X509Certificate2.CreateFromPemFile(file, key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new BadInputException($"setting {KernelSettings.Certificate.Name}: {fault.Message}", fault);
        }
    }

    private static void Log(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        if (Console.IsOutputRedirected)
        {
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(console => console.SingleLine = true);
        }
        // The frameworks' own lines hold whole addresses with their queries; our line for each request does not.
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        // It warns of keys in plain files. They lie in keys/, which nobody else may read, and seal nothing of ours.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    private static void AddWeb(IServiceCollection services)
    {
        services.Configure<FormOptions>(form => form.MemoryBufferThreshold = (int)BodyBytesMax); // The framework would put what is bigger into the system's temporary folder (K36).
        services.ConfigureHttpJsonOptions(json => Json.Set(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<RouteOptions>(routes => routes.ConstraintMap["language"] = typeof(LanguageConstraint));
        services.AddRouting();
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // No page mirrors a secret beside what somebody else may choose.
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/problem+json", "application/geo+json", "application/atom+xml", "image/svg+xml", MapEndpoints.TileType];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddOutputCache(cache => (cache.SizeLimit, cache.MaximumBodySize) = (KeptBytesMax, KeptAnswerBytesMax));
        services.AddSingleton<MemoryFollower>(provider => new PageEviction(provider.GetRequiredService<IOutputCacheStore>(), provider.GetServices<MemoryFollower>));
        services.AddSingleton<RateLimits>();
        services.AddSingleton<LiveHub>();
        services.AddSingleton<MemoryFollower>(provider => provider.GetRequiredService<LiveHub>());
        services.AddOptions<KeyManagementOptions>().Configure<DataFolder>((keys, folder) => // We seal nothing with these, but the framework makes some, by default in the home of whoever starts it.
            keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(folder.Keys), NullLoggerFactory.Instance));
        services.AddOtherSites();
        services.AddApiDescription();
    }

    /// <summary>What runs beside requests, on nodes that are not for requests alone.</summary>
    private static void AddWorkers(IServiceCollection services, Settings settings)
    {
        if (settings.Get(KernelSettings.Role) == "web")
        {
            services.RemoveAll<TableFollower>(); // Workers derive the tables; a web node keeps only what it holds in memory.
        }
        else
        {
            services.AddHostedService<IdempotencySweep>();
            services.AddHostedService(p => p.GetRequiredService<MailSender>());
            services.AddHostedService(p => p.GetRequiredService<Retention>());
            foreach (var work in services.Select(part => part.ServiceType == typeof(Work) ? part.ImplementationInstance : null).OfType<Work>().ToList())
            {
                services.AddSingleton(work.Of);
            }
        }
    }

    /// <summary>The order matters: what refuses stands before what costs, and an answer that was kept still passes every check of its request.</summary>
    private static void Pipe(WebApplication app, Settings settings)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        if (settings.Get(KernelSettings.Proxies) is { Count: > 0 } proxies)
        {
            app.UseForwardedHeaders(Forwarded(proxies)); // With nobody known, the framework would believe everybody.
        }
        app.UseRequestLog();
        app.UseSecurityHeaders(settings);
        app.UseRequestLanguage(settings);
        app.UseFailures();
        app.UseHeadAsGet();
        app.UseRouting();
        app.UseCors();
        app.UseCrossSiteRefusal();
        app.UseCaller();
        app.UseAccessGate();
        app.UseRateLimits(limits);
        app.UseFormsOnPages();
        HashingBody.Use(app);
        app.UseOutputCache();
        app.UseResponseCompression();
    }

    private static void MapAll(WebApplication app, Settings settings)
    {
        app.MapHealth();
        if (settings.Get(KernelSettings.Role) == "worker")
        {
            return; // A worker answers nobody but those who watch over it.
        }
        app.MapApiDescription();
        app.MapFrontDoor(settings);
        app.MapLive();
        var doors = Doors.Of(app);
        foreach (var module in app.Services.GetServices<IModule>())
        {
            module.Map(doors);
        }
        app.Services.GetRequiredService<Importers>(); // Two modules that claim one kind stop the start.
        AccessGate.CheckMarks(((IEndpointRouteBuilder)app).DataSources, app.Services.GetServices<Permission>());
    }

    /// <summary>Who stands in front of us is believed only when it is named: otherwise anybody could choose the address that he is counted under.</summary>
    private static ForwardedHeadersOptions Forwarded(IReadOnlyList<string> proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = null }; // As many as are named stand in a row: the first that is not is the client.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in proxies)
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network.Contains('/', StringComparison.Ordinal) ? network : network + (network.Contains(':', StringComparison.Ordinal) ? "/128" : "/32")));
        }
        return options;
    }
}
