using AccessTokens;
using Jose;
using Microsoft.AspNetCore.Http.Features;
using Oidc;

namespace IdentityProvider;

/// <summary>The JSON API of first-party front ends: every route, one line each, and what stands before all of them.</summary>
public static class JsonApi
{
    public static PathString Path { get; } = "/api";

    public static IServiceCollection AddJsonApi(this IServiceCollection services, ProviderSettings settings)
    {
        services.AddSingleton<IIssuerKeys, OwnKeys>().AddAccessTokens(tokens =>
        {
            tokens.Issuer = settings.Oidc.Issuer;
            tokens.Audience = ApiCallers.Audience;
            tokens.AllowHttpIssuer = settings.Development;
        });
        return services
            .AddSingleton<ApiGuard>().AddSingleton<ApiOrigins>().AddSingleton<FirstParty>().AddSingleton<ApiCallers>().AddSingleton<ApiCodes>()
            .AddSingleton<SignInStore>().AddSingleton<SignInDoor>().AddSingleton<CallerStore>().AddSingleton<PasswordStore>()
            .AddSingleton<ApiSignIn>().AddSingleton<ApiRefresh>().AddSingleton<NewPasswords>().AddSingleton<PasswordCallContext>()
            .AddSingleton<PasswordCalls>().AddSingleton<SessionCalls>()
            .AddScoped<ApiAccounts>().AddScoped<CodeCalls>().AddScoped<SignUpCalls>();
    }

    /// <summary>Stands behind routing and in front of the endpoints.</summary>
    public static void UseJsonApi(this WebApplication app)
    {
        var guard = app.Services.GetRequiredService<ApiGuard>();
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Path), api =>
        {
            api.Use((context, next) => guard.AllowAsync(context, next));
            api.UseUniformErrors();
            api.Use((context, next) => guard.HandleAsync(context, next));
        });

        var auth = app.MapGroup("/api/auth");
        Map<CodeCalls>(auth, "POST", "/otp/send", (calls, context, body) => calls.SendAsync(context, body));
        Map<CodeCalls>(auth, "POST", "/otp/verify", (calls, context, body) => calls.VerifyAsync(context, body));
        Map<SignUpCalls>(auth, "POST", "/signup", (calls, context, body) => calls.SignUpAsync(context, body));
        Map<PasswordCalls>(auth, "POST", "/login", (calls, context, body) => calls.LogInAsync(context, body));
        Map<SessionCalls>(auth, "POST", "/refresh", (calls, context, body) => calls.RefreshAsync(context, body));
        Map<SessionCalls>(auth, "POST", "/logout", (calls, context) => calls.LogOutAsync(context));
        Map<SessionCalls>(auth, "GET", "/me", (calls, context) => calls.MeAsync(context));
        Map<SessionCalls>(auth, "POST", "/session", (calls, context) => calls.TokenAsync(context));
        Map<SignUpCalls>(auth, "POST", "/send-code", (calls, context, body) => calls.SendCodeAsync(context, body));
        Map<SignUpCalls>(auth, "POST", "/register", (calls, context, body) => calls.RegisterAsync(context, body));
        Map<PasswordCalls>(auth, "POST", "/reset-password", (calls, context, body) => calls.ResetAsync(context, body));
        Map<PasswordCalls>(app, "POST", "/api/users/me/password", (calls, context) => calls.ChangeAsync(context));
    }

    private static void Map<TCalls>(IEndpointRouteBuilder routes, string method, string path, Func<TCalls, HttpContext, RequestFields, Task<IResult>> call) where TCalls : notnull =>
        Map<TCalls>(routes, method, path, async (calls, context) =>
        {
            var (fields, unreadable) = await RequestFields.ReadAsync(context);
            return fields is null ? unreadable! : await call(calls, context, fields);
        });

    private static void Map<TCalls>(IEndpointRouteBuilder routes, string method, string path, Func<TCalls, HttpContext, Task<IResult>> call) where TCalls : notnull =>
        routes.MapMethods(path, [method], async context =>
        {
            var answer = await call(context.RequestServices.GetRequiredService<TCalls>(), context);
            await answer.ExecuteAsync(context);
        });

    /// <summary>The keys this provider signs with, at hand: its own API reads them from nobody.</summary>
    private sealed class OwnKeys(ISigningKeys keys) : IIssuerKeys
    {
        public ValueTask<JwkSet?> GetAsync(CancellationToken cancel) => ValueTask.FromResult<JwkSet?>(keys.Current.Published);

        public ValueTask<JwkSet?> GetNewerAsync(JwkSet known, CancellationToken cancel) =>
            ValueTask.FromResult(keys.Current.Published is var current && ReferenceEquals(current, known) ? null : current);
    }
}

/// <summary>What every call of the JSON API passes first.</summary>
public sealed class ApiGuard(ApiOrigins origins, FirstParty firstParty, ILogger<ApiGuard> log)
{
    private const long BodyLimit = 64 * 1_024;

    // How long a database that is away may take to come back.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Who may read the answer, refusals included.</summary>
    public Task AllowAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return origins.Answer(context) ? Task.CompletedTask : next(context);
    }

    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (firstParty.Client is null)
        {
            await ApiError.ForStatus(StatusCodes.Status404NotFound).ExecuteAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = BodyLimit;
        }

        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && PageGuard.IsDatabaseAway(exception))
        {
            PagesLog.StoreUnavailable(log, exception, context.Request.Path);
            await ApiError.Unavailable(Pause).ExecuteAsync(context);
        }
    }
}
