using System.Security.Claims;
using System.Text.Encodings.Web;
using Jose;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AccessTokens;

/// <summary>Judges the access token of a request (RFC 9068 §4) and answers as RFC 6750 §3 says when it does not suffice.</summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AccessTokenOptions> options, ILoggerFactory logging, UrlEncoder encoder, IIssuerKeys issuerKeys,
    TokenIntrospection introspection)
    : AuthenticationHandler<AccessTokenOptions>(options, logging, encoder)
{
    // Handles, which say nothing to anybody but the issuer.
    private const string ReferencePrefix = "at_";

    // Design: up to this long a revoked token may go on working until it expires.
    private static readonly TimeSpan LongestUnasked = TimeSpan.FromMinutes(15);

    // RFC 7662 §2.2: these say how the answer is to be read.
    private static readonly string[] AnswerMembers = ["active", "token_type"];

    // What the challenge will answer; a handler lives for one request.
    private BearerError _answer = BearerError.NoToken;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credentials = await BearerCredentials.ReadAsync(Request);
        if (credentials.Malformed)
        {
            return Refuse(BearerError.InvalidRequest, "malformed");
        }

        if (credentials.Token is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        return token.StartsWith(ReferencePrefix, StringComparison.Ordinal) ? await JudgeReferenceAsync(token) : await JudgeSignedAsync(token);
    }

    private async Task<AuthenticateResult> JudgeReferenceAsync(string token)
    {
        var judgement = Options.IntrospectionSecret is null ? null : await introspection.JudgeAsync(token, Context.RequestAborted);
        return RefusalOf(judgement) ?? Accept(AccessTokenPrincipal.From(judgement!.Claims!, AnswerMembers));
    }

    private async Task<AuthenticateResult> JudgeSignedAsync(string token)
    {
        if (await issuerKeys.GetAsync(Context.RequestAborted) is not { } keys)
        {
            return Refuse(BearerError.Unavailable, "no keys yet");
        }

        var reading = Read(token, keys);
        if (reading.Refusal == JwtRefusal.UnknownKey && await issuerKeys.GetNewerAsync(keys, Context.RequestAborted) is { } newer)
        {
            reading = Read(token, newer);
        }

        if (reading.Refusal == JwtRefusal.Expired)
        {
            return Refuse(BearerError.ExpiredToken, "Expired");
        }

        if (!reading.Accepted)
        {
            return Refuse(BearerError.InvalidToken, $"{reading.Refusal}");
        }

        if (reading.Claims.ExpiresAt - reading.Claims.IssuedAt > LongestUnasked)
        {
            var judgement = Options.IntrospectionSecret is null ? null : await introspection.JudgeAsync(token, Context.RequestAborted);
            if (RefusalOf(judgement) is { } refused)
            {
                return refused;
            }
        }

        return Accept(AccessTokenPrincipal.From(reading.Claims));
    }

    /// <summary>What to answer when the issuer does not stand by the token; null when it does.</summary>
    /// <param name="judgement">Null when this API has nothing to ask it with.</param>
    private AuthenticateResult? RefusalOf(Judgement? judgement) =>
        judgement is null ? Refuse(BearerError.InvalidToken, "for its issuer to judge, and there is no Introspection:Secret to ask it with")
        : judgement.Unknown ? Refuse(BearerError.Unavailable, "its issuer could not be asked")
        : judgement.Refusal is { } reason ? Refuse(BearerError.InvalidToken, reason)
        : null;

    private AuthenticateResult Accept(ClaimsPrincipal? principal) => principal is null
        ? Refuse(BearerError.InvalidToken, "not a bearer token of RFC 9068")
        : AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AnswerAsync(_answer);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        AnswerAsync(RequiredScopes.All(Context.User.HasScope) ? BearerError.Forbidden : BearerError.InsufficientScope);

    private IEnumerable<string> RequiredScopes =>
        Context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>().Select(requirement => requirement.Scope) ?? [];

    private JwtReading Read(string token, JwkSet keys) => Jwt.Read(token, Options.Expectations, keys, TimeProvider.GetUtcNow());

    private AuthenticateResult Refuse(BearerError answer, string reason)
    {
        _answer = answer;
        Log.TokenRefused(Logger, reason);
        return AuthenticateResult.Fail(answer.Description);
    }

    private Task AnswerAsync(BearerError answer)
    {
        var unavailable = answer == BearerError.Unavailable;
        if (!unavailable)
        {
            Response.Headers.WWWAuthenticate = answer.Challenge(Options.RealmOrAudience, RequiredScopes);
        }

        return new ApiError(answer.Status, answer.Code, answer.Description)
        {
            RetryAfter = unavailable ? DiscoveredKeys.FirstKeysPause : null,
        }.ExecuteAsync(Context);
    }
}
