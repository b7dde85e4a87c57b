using System.Diagnostics;
using System.Diagnostics.Metrics;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// What this provider measures, named as OpenTelemetry's conventions name it. Values of labels come from lists in this program, never from
/// a request: whoever sends requests cannot make a new time series (CVE-2026-16100), and nothing they send is exported.
/// </summary>
public static class Instruments
{
    /// <summary>The name of meter and activity source.</summary>
    public const string Name = "Identity";

    /// <summary>In place of everything that is on no list.</summary>
    public const string Other = "_OTHER";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Seconds; by method, route and status.</summary>
    public static Histogram<double> RequestDuration { get; } = Meter.CreateHistogram(
        "http.server.request.duration", "s", "Duration of HTTP server requests.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    /// <summary>Issuances that found no room in the queue to the audit.</summary>
    public static Counter<long> AuditDropped { get; } = Meter.CreateCounter<long>("identity.audit.dropped", "{event}", "Issuances that are missing in the audit.");

    /// <summary>Expired rows that the cleaner removed, by table.</summary>
    public static Counter<long> RowsRemoved { get; } = Meter.CreateCounter<long>("identity.cleaner.rows_removed", "{row}", "Expired rows removed.");

    private static readonly Counter<long> Issued = Meter.CreateCounter<long>("identity.tokens.issued", "{answer}", "Answers of the token endpoint with tokens.");

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("identity.tokens.refused", "{answer}", "Refusals of the token endpoint to clients it knows.");

    /// <summary>Counts one answer: by grant, and by error code. Both are constants of this program.</summary>
    public static void Count(in Issuance issuance)
    {
        var grant = new KeyValuePair<string, object?>("identity.grant_type", issuance.GrantType ?? Other);
        if (issuance.Error is null)
        {
            Issued.Add(1, grant);
        }
        else
        {
            Refused.Add(1, grant, new KeyValuePair<string, object?>("error.type", issuance.Error));
        }
    }
}
