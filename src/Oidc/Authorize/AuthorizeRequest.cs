// RFC 6749 §4.1.1 and OpenID Connect Core §3.1.2.1: an authorization request that passed every check.
namespace Oidc;

/// <summary>How the answer travels (OAuth 2.0 Multiple Response Type Encoding §2.1, Form Post Response Mode).</summary>
public static class ResponseMode
{
    public const string Query = "query";
    public const string FormPost = "form_post";
}

/// <summary>The values of <c>prompt</c> (Core §3.1.2.1).</summary>
public static class Prompt
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";

    public static IReadOnlyList<string> All { get; } = [None, Login, Consent, SelectAccount];
}

/// <summary>A valid authorization request.</summary>
/// <param name="Target">Where the answer goes; registered for this client.</param>
public sealed record AuthorizeRequest(Client Client, ResponseTarget Target, IReadOnlyList<string> Scopes, IReadOnlyList<Resource> Resources, Parameters Parameters)
{
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>Core §3.1.2.1: how long ago the person may have signed in.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Core §5.5: what is asked for one by one.</summary>
    public ClaimsRequest Claims { get; init; } = ClaimsRequest.None;

    /// <summary>The claims asked for one by one that no scope of this request opens anyway; what a person is asked beside the scopes.</summary>
    public IReadOnlyList<string> IndividualClaims => [.. Claims.IdToken.Union(Claims.UserInfo, StringComparer.Ordinal).Where(claim => !Scopes.Contains(StandardClaims.ScopeOf(claim)!))];

    public string? Nonce => Parameters["nonce"];
    public string? CodeChallenge => Parameters["code_challenge"];
    public string? IdTokenHint => Parameters["id_token_hint"];
    public string? LoginHint => Parameters["login_hint"];
    public string? UiLocales => Parameters["ui_locales"];
}

/// <summary>A redirect URI the client registered, with the state it wants back.</summary>
public sealed record ResponseTarget(string RedirectUri, string ResponseMode, string? State);
