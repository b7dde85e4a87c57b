using System.Globalization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace IdentityProvider;

/// <summary>Kestrel's limits and whom it believes about addresses.</summary>
internal static class Server
{
    public static void ConfigureServer(this IWebHostBuilder host, ProviderSettings settings)
    {
        // Loopback only, unless ASPNETCORE_URLS or --urls says otherwise.
        if (string.IsNullOrEmpty(host.GetSetting(WebHostDefaults.ServerUrlsKey)))
        {
            host.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{settings.PortBase}"));
        }

        // A request is answered on the thread that read it: nothing here blocks one (passwords are hashed elsewhere), and the hop to another
        // costs as much as a fixed document. The runtime's own inline completions stay off: what waits for a socket there waits for itself.
        host.ConfigureServices(services => services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true));
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A longer request line is answered with 414 (RFC 9110 §15.5.15).
            kestrel.Limits.MaxRequestLineSize = 8 * 1_024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1_024;
            // Endpoints hold their own, smaller limits and answer 413 themselves; this is the wall behind them.
            kestrel.Limits.MaxRequestBodySize = 1_024 * 1_024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
    }

    /// <summary>
    /// Scheme and host are the issuer's, whatever the connection and its headers say: behind a proxy that ends TLS the framework would otherwise refuse
    /// to write secure cookies.
    /// </summary>
    public static void UseIssuerAddress(this IApplicationBuilder app, ProviderSettings settings)
    {
        var issuer = new Uri(settings.Oidc.Issuer);
        var (scheme, host) = (issuer.Scheme, new HostString(issuer.Authority));
        app.Use(next => context =>
        {
            context.Request.Scheme = scheme;
            context.Request.Host = host;
            return next(context);
        });
    }

    /// <summary>The client's address: the connection's, or the last hop that is no proxy of ours. Scheme and host always come from the issuer.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, ProviderSettings settings)
    {
        if (settings.TrustedProxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }
}
