// Every route of the engine, one line each.
using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>The engine's routes and registration.</summary>
public static class Endpoints
{
    public const string Metadata = "/.well-known/openid-configuration";
    public const string AuthorizationServerMetadata = "/.well-known/oauth-authorization-server";
    public const string Jwks = "/.well-known/openid-configuration/jwks";
    public const string Authorize = "/connect/authorize";
    public const string AuthorizeContinue = "/connect/authorize/continue";
    public const string Token = "/connect/token";
    public const string UserInfo = "/connect/userinfo";
    public const string EndSession = "/connect/endsession";

    /// <summary>Registers the engine. The host adds the stores, <see cref="ISigningKeys"/>, <see cref="IConfigurationSource"/>, <see cref="IBrowserInteraction"/>, <see cref="RefreshTokenChain"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddOidc(this IServiceCollection services, OidcOptions options, KeyPeriods periods) => services
        .AddSingleton(options)
        .AddSingleton(periods)
        .AddSingleton<IGrant, AuthorizationCodeGrant>()
        .AddSingleton<IGrant, RefreshTokenGrant>()
        .AddSingleton<IGrant, ClientCredentialsGrant>()
        .AddSingleton<TokenIssuer>()
        .AddSingleton<AccessTokenReader>()
        .AddSingleton<TokenEndpoint>()
        .AddSingleton<DiscoveryEndpoint>()
        .AddSingleton<UserInfoEndpoint>()
        .AddSingleton<AuthorizeProcess>()
        .AddSingleton<AuthorizeEndpoint>()
        .AddSingleton<LogoutReader>()
        .AddSingleton<LogoutEndpoint>();

    /// <summary>
    /// Answers the engine's routes before anything else runs: they need no routing, no authentication middleware and no antiforgery, and the
    /// two fixed documents are served as fast as the server can write.
    /// </summary>
    public static IApplicationBuilder UseOidc(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var configuration = services.GetRequiredService<IConfigurationSource>();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Endpoints));
        var discovery = services.GetRequiredService<DiscoveryEndpoint>();
        var authorize = services.GetRequiredService<AuthorizeEndpoint>();
        var routes = new Dictionary<string, Route>(StringComparer.Ordinal)
        {
            [Metadata] = new(discovery.HandleMetadataAsync, Cors: true),
            [AuthorizationServerMetadata] = new(discovery.HandleMetadataAsync, Cors: true),
            [Jwks] = new(discovery.HandleJwksAsync, Cors: true),
            [Authorize] = new(authorize.HandleAsync, Cors: false),
            [AuthorizeContinue] = new(authorize.HandleContinueAsync, Cors: false),
            [Token] = new(services.GetRequiredService<TokenEndpoint>().HandleAsync, Cors: true),
            [UserInfo] = new(services.GetRequiredService<UserInfoEndpoint>().HandleAsync, Cors: true),
            [EndSession] = new(services.GetRequiredService<LogoutEndpoint>().HandleAsync, Cors: false),
        }.ToFrozenDictionary(StringComparer.Ordinal);

        return app.Use(next => context => routes.TryGetValue(context.Request.Path.Value ?? "", out var route)
            ? ServeAsync(context, route, configuration, log)
            : next(context));
    }

    private sealed record Route(RequestDelegate Handler, bool Cors);

    private static async Task ServeAsync(HttpContext context, Route route, IConfigurationSource configuration, ILogger log)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (route.Cors && CorsEndpoint.Apply(context, configuration.Current))
        {
            return;
        }

        try
        {
            await route.Handler(context);
        }
        catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
        {
            Log.StoreUnavailable(log, exception, context.Request.Path);
            await OAuthEndpoint.WriteErrorAsync(context, OAuthError.TemporarilyUnavailable("store unavailable"));
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // Anything thrown is a bug; the request id leads from the answer to this line.
            Log.Unexpected(log, exception, context.Request.Path);
            await OAuthEndpoint.WriteErrorAsync(context, OAuthError.ServerError(context.TraceIdentifier));
        }
    }
}
