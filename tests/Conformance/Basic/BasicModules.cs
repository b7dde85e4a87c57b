namespace Conformance;

/// <summary>
/// The 38 modules of the basic profile. The form post profile has the same ones; there each request asks for <c>response_mode=form_post</c> and each
/// answer must come that way.
/// </summary>
public abstract partial class BasicModules(TestedProvider provider, string? responseMode)
{
    // What OpenID Connect Core §2, RFC 7519 §4.1 and the logout specifications put into an ID token whatever is asked for.
    private static readonly string[] ProtocolClaims =
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "nbf", "jti", "sid", "txn"];

    private readonly Browser _browser = new(provider);

    private RelyingParty Client { get; } = new(provider, "conformance", responseMode);

    private RelyingParty SecondClient { get; } = new(provider, "conformance-second", responseMode) { RegisteredQuery = "?dummy1=lorem&dummy2=ipsum" };

    private Task<SignIn> SignInAsync(Form request) => Client.SignInAsync(_browser, request);

    private Task<Arrival> AskAsync(Form request) => Client.AskAsync(_browser, request);

    private void Wait(int seconds) => provider.Time.Advance(TimeSpan.FromSeconds(seconds));
}

[Plan("oidcc-basic")]
[Collection(TestedProviderCollection.Name)]
public sealed class BasicPlan(TestedProvider provider) : BasicModules(provider, responseMode: null);

[Plan("oidcc-formpost-basic")]
[Collection(TestedProviderCollection.Name)]
public sealed class FormPostBasicPlan(TestedProvider provider) : BasicModules(provider, "form_post");
