namespace Oidc.Tests;

/// <summary>Back-Channel Logout 1.0 §2.4 and §2.8: what a client is sent, and what its answer means.</summary>
public sealed class LogoutTokenTests : IDisposable
{
    private static readonly LogoutNotice Notice = new("spa", TestPeople.Alice.Subject, "session-1");

    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public void Is_signed_with_the_algorithm_of_the_clients_ID_tokens(string algorithm)
    {
        var token = new WrittenToken(Sign(algorithm));

        token.Header.GetProperty("alg").GetString().ShouldBe(algorithm);
        token.ShouldVerify(_provider.Keys.Current, "logout+jwt", _provider.Time.Now);
    }

    [Fact]
    public void Says_who_to_whom_which_session_and_nothing_else()
    {
        var claims = new WrittenToken(Sign("RS256")).Claims;

        claims.EnumerateObject().Select(claim => claim.Name).ShouldBe(["iss", "sub", "aud", "iat", "exp", "jti", "sid", "events"]);
        claims.GetProperty("iss").GetString().ShouldBe(TestProvider.Issuer);
        claims.GetProperty("sub").GetString().ShouldBe(Notice.Subject);
        claims.GetProperty("aud").GetString().ShouldBe("spa");
        claims.GetProperty("sid").GetString().ShouldBe("session-1");
        claims.GetProperty("iat").GetInt64().ShouldBe(_provider.Time.Now.ToUnixTimeSeconds());
        claims.GetProperty("exp").GetInt64().ShouldBe(_provider.Time.Now.ToUnixTimeSeconds() + 120);
        claims.GetProperty("events").GetRawText().ShouldBe("""{"http://schemas.openid.net/event/backchannel-logout":{}}""");
    }

    [Fact]
    public void Never_has_the_id_of_another() => new WrittenToken(Sign("ES256"))["jti"].ShouldNotBe(new WrittenToken(Sign("ES256"))["jti"]);

    // RFC 8725 §3.11: the type keeps it apart.
    [Fact]
    public void Is_no_hint() => IdTokenHint.Read(Sign("RS256"), TestProvider.Issuer, _provider.Keys.Current, _provider.Time.Now).ShouldBeNull();

    [Theory]
    [InlineData(200, LogoutVerdict.Done)]
    [InlineData(204, LogoutVerdict.Done)]
    [InlineData(400, LogoutVerdict.Refused)]
    [InlineData(201, LogoutVerdict.Unknown)]
    [InlineData(302, LogoutVerdict.Unknown)]
    [InlineData(401, LogoutVerdict.Unknown)]
    [InlineData(404, LogoutVerdict.Unknown)]
    [InlineData(500, LogoutVerdict.Unknown)]
    [InlineData(503, LogoutVerdict.Unknown)]
    public void An_answer_is_done_refused_or_worth_another_try(int status, LogoutVerdict verdict) => LogoutAnswer.Of(status).Verdict.ShouldBe(verdict);

    private string Sign(string algorithm) => LogoutToken.Sign(Notice, TestProvider.Issuer, _provider.Time.Now, _provider.Keys.Current.ActiveFor(algorithm));
}
