// RFC 6749 §3.2 and §5: the token endpoint, from the form to the answer.
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>
/// The whole order of a token request: read the form, authenticate the client, pass the client gate, let the grant decide, let the issuer
/// issue, write.
/// </summary>
public sealed class TokenEndpoint(IEnumerable<IGrant> grants, ClientEndpoint clients, TokenIssuer issuer, IIssuanceAudit audit, ILogger<TokenEndpoint> log)
{
    private readonly FrozenDictionary<string, IGrant> _grants = grants.ToFrozenDictionary(grant => grant.Type, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        var (request, error, clientId) = await clients.AuthenticateAsync(context);
        await (request is null ? RefuseAsync(context, error!, clientId) : AnswerAsync(context, request));
    }

    private async Task AnswerAsync(HttpContext context, ClientRequest authenticated)
    {
        var client = authenticated.Client;
        var (grant, request, gateError) = PassClientGate(authenticated);
        if (gateError is not null)
        {
            audit.Record(new Issuance(authenticated.Now, client.Id, null, null, null, gateError.Code, context.TraceIdentifier) { Address = context.Connection.RemoteIpAddress });
            await RefuseAsync(context, gateError, client.Id);
            return;
        }

        switch (await grant!.DecideAsync(request!, context.RequestAborted))
        {
            case GrantOutcome.Refused refused:
                Record(context, request!, grant.Type, null, null, refused.Error.Code);
                await RefuseAsync(context, refused.Error, client.Id);
                break;
            case GrantOutcome.Approved approved:
                await IssueAsync(context, request!, approved.Approval, grant.Type);
                break;
        }
    }

    // The client gate: no grant is asked before the client may use it, with this scope, for this resource.
    private (IGrant? Grant, TokenRequest? Request, OAuthError? Error) PassClientGate(ClientRequest authenticated)
    {
        var (client, parameters, current, now) = authenticated;
        if (parameters["grant_type"] is not { } type)
        {
            return (null, null, OAuthError.InvalidRequest("The parameter grant_type is missing."));
        }

        if (!_grants.TryGetValue(type, out var grant))
        {
            return (null, null, OAuthError.UnsupportedGrantType("unknown grant type"));
        }

        if (!client.GrantTypes.Contains(type))
        {
            return (null, null, OAuthError.UnauthorizedClient($"client {client.Id} is not registered for {type}"));
        }

        var (scopes, scopeError) = ScopeAndResource.Read(parameters, client);
        if (scopeError is not null)
        {
            return (null, null, scopeError);
        }

        var (resources, resourceError) = ScopeAndResource.ReadResources(parameters, current);
        return resourceError is null
            ? (grant, new TokenRequest(client, parameters, scopes, resources, current, now) { Sender = authenticated.Sender }, null)
            : (null, null, resourceError);
    }

    private async Task IssueAsync(HttpContext context, TokenRequest request, GrantApproval approval, string grantType)
    {
        switch (await issuer.IssueAsync(request, approval, context.RequestAborted))
        {
            case IssueOutcome.Refused refused:
                Record(context, request, grantType, approval.Subject?.Grant, null, refused.Error.Code);
                await RefuseAsync(context, refused.Error, request.Client.Id);
                break;
            case IssueOutcome.Issued issued:
                Log.TokenIssued(log, request.Client.Id, grantType);
                Record(context, request, grantType, issued.Grant, issued.Response.Scope, null);
                OAuthEndpoint.NeverCache(context.Response);
                await OAuthEndpoint.WriteJsonAsync(context, StatusCodes.Status200OK, issued.Response, static (writer, response) => response.WriteTo(writer));
                break;
        }
    }

    private void Record(HttpContext context, TokenRequest request, string grantType, Grant? grant, string? scope, string? error) =>
        audit.Record(new Issuance(request.Now, request.Client.Id, grantType, grant, scope, error, context.TraceIdentifier) { Address = context.Connection.RemoteIpAddress });

    private Task RefuseAsync(HttpContext context, OAuthError error, string? clientId)
    {
        Log.TokenRefused(log, clientId, error.Code, error.Detail);
        return OAuthEndpoint.WriteErrorAsync(context, error);
    }
}
