using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace AccessTokens;

/// <summary>What an endpoint asks of an access token; as endpoint metadata it is also what a challenge names (RFC 6750 §3).</summary>
internal sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    public string Scope { get; } = scope;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.HasScope(requirement.Scope))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>How an endpoint says that it needs a scope.</summary>
public static class ScopePolicy
{
    /// <summary>Lets in only requests with an access token for this API that was granted <paramref name="scope"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(scope);
        return endpoint.WithMetadata(requirement).RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(AccessTokenOptions.Scheme)
            .RequireAuthenticatedUser()
            .AddRequirements(requirement));
    }
}
