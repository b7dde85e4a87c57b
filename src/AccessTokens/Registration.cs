using Jose;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AccessTokens;

/// <summary>What a host calls to become a resource API.</summary>
public static class Registration
{
    /// <summary>
    /// Takes access tokens of one issuer. The keys are found through the issuer's metadata, unless the host has registered
    /// an <see cref="IIssuerKeys"/> of its own. Settings that cannot work stop the host at start.
    /// </summary>
    public static IServiceCollection AddAccessTokens(this IServiceCollection services, Action<AccessTokenOptions> configure)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIssuerKeys, DiscoveredKeys>();
        services.AddSingleton<IntrospectionCall>();
        services.AddSingleton<TokenIntrospection>();
        services.AddHttpClient(AccessTokenOptions.HttpClientName, client =>
            {
                client.Timeout = TimeSpan.FromSeconds(5);
                client.MaxResponseContentBufferSize = JwkSet.MaxLength;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

        services.AddAuthentication(AccessTokenOptions.Scheme)
            .AddScheme<AccessTokenOptions, AccessTokenHandler>(AccessTokenOptions.Scheme, configure);
        services.AddAuthorization();
        services.AddOptions<AccessTokenOptions>(AccessTokenOptions.Scheme).ValidateOnStart();
        return services;
    }

    /// <summary>Makes every <see cref="HttpClient"/> of the factory send the current request's <c>X-Request-Id</c>.</summary>
    public static IServiceCollection AddRequestIds(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddTransient<RequestIdForwarder>();
        return services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<RequestIdForwarder>());
    }

    /// <summary>First in the pipeline: names the request after its <c>X-Request-Id</c> and answers that name.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app) => app.UseMiddleware<RequestIds>();

    /// <summary>
    /// Next in the pipeline, in front of whatever may log: every line carries the request's name. The host then calls
    /// <c>UseAuthentication</c> and <c>UseAuthorization</c> itself; a web application that does not gets them in front of everything.
    /// </summary>
    public static IApplicationBuilder UseRequestLogScope(this IApplicationBuilder app) => app.UseMiddleware<RequestLogScope>();

    /// <summary>Next in the pipeline of a JSON API: failures are answered as <see cref="ApiError"/>.</summary>
    public static IApplicationBuilder UseUniformErrors(this IApplicationBuilder app) => app.UseMiddleware<UniformErrors>();
}
