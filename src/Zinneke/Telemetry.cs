using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Zinneke.Kernel;

namespace Zinneke;

/// <summary>Sends traces and metrics to the OpenTelemetry collector of the setting <c>otlp</c>; without it nothing is gathered.</summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>The registered port of OTLP over gRPC; any other speaks OTLP over HTTP.</summary>
    private const int GrpcPort = 4317;

    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    private Telemetry(Uri collector)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("zinneke", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString());
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Npgsql", "Zinneke.*")
            .AddProcessor(new WithoutQueries())
            .AddOtlpExporter(exporter => Aim(exporter, collector, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", "Zinneke.*")
            .AddOtlpExporter(exporter => Aim(exporter, collector, "v1/metrics"))
            .Build();
    }

    public static Telemetry? Start(Settings settings) => settings.Get(KernelSettings.Otlp) is { } collector ? new Telemetry(collector) : null;

    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private static void Aim(OtlpExporterOptions exporter, Uri collector, string path)
    {
        var grpc = collector.Port == GrpcPort;
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? collector : new Uri(new Uri(collector.AbsoluteUri.TrimEnd('/') + "/"), path);
    }

    /// <summary>A query holds tokens and what people typed: it never leaves the machine.</summary>
    private sealed class WithoutQueries : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
            data.SetTag("client.address", null);
        }
    }
}
