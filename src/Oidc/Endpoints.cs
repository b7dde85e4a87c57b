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
    public const string Introspection = "/connect/introspect";
    public const string Revocation = "/connect/revocation";
    public const string EndSession = "/connect/endsession";

    /// <summary>Where in the application's properties the paths of all routes stand, for hosts that measure by route.</summary>
    public const string RoutesProperty = "Oidc.Routes";

    /// <summary>Registers the engine. The host adds the stores, <see cref="ISigningKeys"/>, <see cref="IClientKeys"/>, <see cref="IConfigurationSource"/>, <see cref="IBrowserInteraction"/>, <see cref="RefreshTokenChain"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddOidc(this IServiceCollection services, OidcOptions options, KeyPeriods periods) => services
        .AddSingleton(options)
        .AddSingleton(periods)
        .AddSingleton<IGrant, AuthorizationCodeGrant>()
        .AddSingleton<IGrant, RefreshTokenGrant>()
        .AddSingleton<IGrant, ClientCredentialsGrant>()
        .AddSingleton(new Guesses(options.ClientGuesses))
        .AddSingleton<ClientAssertions>()
        .AddSingleton<ClientAuthenticator>()
        .AddSingleton<ClientEndpoint>()
        .AddSingleton<TokenIssuer>()
        .AddSingleton<AccessTokenReader>()
        .AddSingleton<AccessTokenLookup>()
        .AddSingleton<IntrospectionOfRefreshTokens>()
        .AddSingleton<IntrospectionEndpoint>()
        .AddSingleton<RevocationEndpoint>()
        .AddSingleton<TokenEndpoint>()
        .AddSingleton<DiscoveryEndpoint>()
        .AddSingleton<UserInfoEndpoint>()
        .AddSingleton<AuthorizeProcess>()
        .AddSingleton<AuthorizeEndpoint>()
        .AddSingleton<LogoutReader>()
        .AddSingleton<LogoutEndpoint>();

    /// <summary>Answers the fixed documents as fast as the server can write: nothing in front of them that only an endpoint that logs or asks a store needs.</summary>
    public static IApplicationBuilder UseOidcDocuments(this IApplicationBuilder app)
    {
        var discovery = app.ApplicationServices.GetRequiredService<DiscoveryEndpoint>();
        return app.UseRoutes(new Dictionary<string, Route>(StringComparer.Ordinal)
        {
            [Metadata] = new(discovery.HandleMetadataAsync, ForPeople: false),
            [AuthorizationServerMetadata] = new(discovery.HandleMetadataAsync, ForPeople: false),
            [Jwks] = new(discovery.HandleJwksAsync, ForPeople: false),
        });
    }

    /// <summary>Answers the engine's other routes before anything else runs: they need no routing, no authentication middleware and no antiforgery.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="more">Endpoints of extension grants, which clients call like the engine's own.</param>
    public static IApplicationBuilder UseOidc(this IApplicationBuilder app, params ReadOnlySpan<KeyValuePair<string, RequestDelegate>> more)
    {
        var services = app.ApplicationServices;
        var authorize = services.GetRequiredService<AuthorizeEndpoint>();
        var routes = new Dictionary<string, Route>(StringComparer.Ordinal)
        {
            [Authorize] = new(authorize.HandleAsync, ForPeople: true),
            [AuthorizeContinue] = new(authorize.HandleContinueAsync, ForPeople: true),
            [Token] = new(services.GetRequiredService<TokenEndpoint>().HandleAsync, ForPeople: false),
            [UserInfo] = new(services.GetRequiredService<UserInfoEndpoint>().HandleAsync, ForPeople: false),
            [Introspection] = new(services.GetRequiredService<IntrospectionEndpoint>().HandleAsync, ForPeople: false),
            [Revocation] = new(services.GetRequiredService<RevocationEndpoint>().HandleAsync, ForPeople: false),
            [EndSession] = new(services.GetRequiredService<LogoutEndpoint>().HandleAsync, ForPeople: true),
        };
        foreach (var (path, handler) in more)
        {
            routes.Add(path, new Route(handler, ForPeople: false));
        }

        return app.UseRoutes(routes);
    }

    private static IApplicationBuilder UseRoutes(this IApplicationBuilder app, Dictionary<string, Route> table)
    {
        var services = app.ApplicationServices;
        var configuration = services.GetRequiredService<IConfigurationSource>();
        var failures = new Failures(services.GetRequiredService<IBrowserInteraction>(), services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Endpoints)));
        var routes = table.ToFrozenDictionary(StringComparer.Ordinal);
        app.Properties[RoutesProperty] = app.Properties.TryGetValue(RoutesProperty, out var earlier) ? [.. (string[])earlier!, .. routes.Keys] : routes.Keys.ToArray();
        return app.Use(next => context => routes.TryGetValue(context.Request.Path.Value ?? "", out var route)
            ? ServeAsync(context, route, configuration, failures)
            : next(context));
    }

    /// <param name="ForPeople">A browser shows what it answers to a person, and no script of another origin may read it (RFC 9700 §2.6).</param>
    private sealed record Route(RequestDelegate Handler, bool ForPeople);

    private static async Task ServeAsync(HttpContext context, Route route, IConfigurationSource configuration, Failures failures)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!route.ForPeople && CorsEndpoint.Apply(context, configuration.Current))
        {
            return;
        }

        try
        {
            await route.Handler(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await failures.AnswerAsync(context, exception, route.ForPeople);
        }
    }

    private sealed class Failures(IBrowserInteraction browser, ILogger log)
    {
        public async Task AnswerAsync(HttpContext context, Exception exception, bool forPeople)
        {
            var error = Judge(context, exception);
            try
            {
                await (forPeople ? browser.ShowErrorAsync(context, error, client: null) : OAuthEndpoint.WriteErrorAsync(context, error));
            }
            catch (Exception second) when (forPeople && !context.Response.HasStarted)
            {
                // The page failed as well; the protocol's own words need nothing that could.
                Log.Unexpected(log, second, context.Request.Path);
                await OAuthEndpoint.WriteErrorAsync(context, error);
            }
        }

        private OAuthError Judge(HttpContext context, Exception exception)
        {
            if (exception is StoreUnavailableException)
            {
                Log.StoreUnavailable(log, exception, context.Request.Path);
                return OAuthError.TemporarilyUnavailable("store unavailable");
            }

            // Anything else thrown is a bug; the request id leads from the answer to this line.
            Log.Unexpected(log, exception, context.Request.Path);
            return OAuthError.ServerError(context.TraceIdentifier);
        }
    }
}
