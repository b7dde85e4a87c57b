using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccessTokens;

/// <summary>What all resource APIs of the house have in common, in one order: a host adds its own endpoints and its database.</summary>
public static class ResourceApi
{
    /// <summary>Longest body that is read (design: 64 KiB).</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>
    /// Takes access tokens of <c>Oidc:Issuer</c> for <paramref name="audience"/>, answers front ends of <c>Cors:Origins</c>,
    /// bounds bodies and heads, and prints the request id on every line.
    /// </summary>
    public static WebApplicationBuilder AddResourceApi(this WebApplicationBuilder builder, string audience)
    {
        builder.Configuration.AddSecretsFolder();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxBody;
            server.Limits.MaxRequestLineSize = 8 * 1024;
        });
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.IncludeScopes = true;
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }
        else
        {
            // One JSON object a line; the request id stands among the scopes.
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        var origins = OriginsOf(builder.Configuration);
        builder.Services.AddRequestIds();
        builder.Services.AddAccessTokens(options =>
        {
            options.Issuer = builder.Configuration["Oidc:Issuer"] ?? "";
            options.AllowHttpIssuer = builder.Environment.IsDevelopment();
            options.Audience = audience;
            options.IntrospectionSecret = builder.Configuration["Introspection:Secret"] is { Length: > 0 } secret ? secret : null;
            options.AllowDevelopmentSecret = builder.Environment.IsDevelopment();
            if (builder.Configuration["Oidc:MetadataAddress"] is { Length: > 0 } address)
            {
                options.MetadataAddress = new Uri(address, UriKind.RelativeOrAbsolute);
            }
        });
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, origins)));
        return builder;
    }

    /// <summary>The pipeline up to the endpoints.</summary>
    public static WebApplication UseResourceApi(this WebApplication app)
    {
        app.UseRequestIds();
        app.UseRequestLogScope();
        app.UseUniformErrors();

        // Before authentication, so that a page may read its refusals too.
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }

    private static void Allow(CorsPolicyBuilder policy, string[] origins) => policy
        .WithOrigins(origins)
        .WithMethods("GET", "POST")
        .WithHeaders("Authorization", "Content-Type", RequestIds.HeaderName)
        .WithExposedHeaders("WWW-Authenticate", "Retry-After", RequestIds.HeaderName)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));

    // A list, or one line as it is written in an environment variable.
    private static string[] OriginsOf(ConfigurationManager configuration)
    {
        var section = configuration.GetSection("Cors:Origins");
        var origins = section.Get<string[]>() ?? section.Value?.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries) ?? [];
        foreach (var origin in origins)
        {
            // RFC 6454 §6.2: scheme, host, port, and nothing behind it.
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
            {
                throw new InvalidOperationException($"Cors:Origins names '{origin}', which is no origin such as https://shop.example.");
            }
        }

        return origins;
    }
}
