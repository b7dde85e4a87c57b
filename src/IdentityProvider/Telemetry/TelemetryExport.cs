using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IdentityProvider;

/// <summary>
/// Sends metrics and traces to the collector that <c>Telemetry:Otlp</c> names, by OTLP over HTTP. Without that setting nothing listens, and measuring costs nothing.
/// ASP.NET Core's own request metrics and spans are left out: they tell paths as they were sent.
/// </summary>
internal sealed class TelemetryExport(ProviderSettings settings) : IHostedService, IDisposable
{
    private static readonly string[] Meters = [Instruments.Name, "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Net.Http", "System.Runtime"];

    // Npgsql's spans hold statements with placeholders, never values. HttpClient's would tell whole addresses.
    private static readonly string[] Sources = [Instruments.Name, "Npgsql"];

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.TelemetryCollector is { } collector)
        {
            var resource = ResourceBuilder.CreateEmpty().AddService("identity", autoGenerateServiceInstanceId: true);
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters)
                .AddOtlpExporter(exporter => Aim(exporter, collector, "v1/metrics")).Build();
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceRatio)))
                .AddOtlpExporter(exporter => Aim(exporter, collector, "v1/traces")).Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Sends what is left.
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static void Aim(OtlpExporterOptions exporter, Uri collector, string signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(collector, signal);
    }
}
