using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Conformance;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
[Plan("oidcc-rp-initiated-logout")]
[Collection(TestedProviderCollection.Name)]
public sealed class RpInitiatedLogoutPlan(TestedProvider provider)
{
    private readonly LogoutFlow _flow = new(provider, "conformance");

    [Module("oidcc-rp-initiated-logout-discovery-endpoint-verification")]
    public void Publishes_where_to_sign_out()
    {
        Metadata.ShouldBeHttps(provider.Endpoint("end_session_endpoint"));
        Metadata.ShouldBeKnownAndTyped(provider.Metadata);
    }

    [Module("oidcc-rp-initiated-logout")]
    public async Task Signs_out_and_returns_with_the_state()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldHaveReturnedAsync(await _flow.EndAsync(request), request["state"]);
    }

    [Module("oidcc-rp-initiated-logout-no-state")]
    public async Task Signs_out_and_returns_without_a_state_that_was_not_sent()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldHaveReturnedAsync(await _flow.EndAsync(request.Without("state")), state: null);
    }

    [Module("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri")]
    public async Task Does_not_return_to_an_address_that_is_not_registered()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(request.With("post_logout_redirect_uri", $"{_flow.Client.PostLogoutRedirectUri}/{RelyingParty.Draw()}")));
    }

    [Module("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri")]
    public async Task Does_not_return_to_an_address_with_a_query_that_is_not_registered()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(request.With("post_logout_redirect_uri", _flow.Client.PostLogoutRedirectUri + "?foo=bar")));
    }

    [Module("oidcc-rp-initiated-logout-modified-id-token-hint")]
    public async Task Does_not_return_for_a_hint_whose_signature_was_taken_off()
    {
        var request = await _flow.BeginAsync();
        var unsigned = $"{Encode("""{"alg":"none"}""")}.{_flow.SignIn.RawIdToken.Split('.')[1]}.";

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(request.With("id_token_hint", unsigned)));
    }

    [Module("oidcc-rp-initiated-logout-bad-id-token-hint")]
    public async Task Does_not_return_for_a_hint_that_the_client_made_itself()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(request.With("id_token_hint", MadeByTheClient(_flow.SignIn.IdToken))));
    }

    [Module("oidcc-rp-initiated-logout-no-id-token-hint")]
    public async Task Does_not_return_without_a_hint()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(request.Without("id_token_hint")));
    }

    [Module("oidcc-rp-initiated-logout-no-params")]
    public async Task Signs_out_here_when_nothing_is_said()
    {
        await _flow.BeginAsync();

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(Form.Of()));
    }

    [Module("oidcc-rp-initiated-logout-only-state")]
    public async Task Signs_out_here_when_only_a_state_is_sent()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldAskAndStayAsync(await _flow.EndAsync(request.Without("id_token_hint", "post_logout_redirect_uri")));
    }

    [Module("oidcc-rp-initiated-logout-no-post-logout-redirect-uri")]
    public async Task Signs_out_here_when_no_address_to_return_to_is_sent()
    {
        var request = await _flow.BeginAsync();

        await _flow.ShouldSaySignedOutAsync(await _flow.EndAsync(request.Without("post_logout_redirect_uri")));
    }

    // The ID token with issuer and audience exchanged, signed by a key of the client's own under the name of the provider's key.
    private static string MadeByTheClient(IdToken idToken)
    {
        var claims = idToken.Claims.EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value, StringComparer.Ordinal);
        (claims["iss"], claims["aud"]) = (claims["aud"], claims["iss"]);
        var signed = $"{Encode(JsonSerializer.Serialize(idToken.Header))}.{Encode(JsonSerializer.Serialize(claims))}";
        using var key = RSA.Create(2_048);
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
