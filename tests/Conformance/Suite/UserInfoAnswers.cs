namespace Conformance;

/// <summary>OpenID Connect Core §5.3.2: what holds for every answer of the userinfo endpoint.</summary>
public static class UserInfoAnswers
{
    public static void ShouldBeUserInfo(this Reply reply, IdToken idToken)
    {
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.ToString());
        reply.MediaType.ShouldBe("application/json");
        var claims = reply.Json;

        // Core §5.3.4.
        claims.GetProperty("sub").GetString().ShouldBe(idToken.Subject);
        PersonClaims.ShouldHaveTheirTypes(claims);

        // Core §5.6.2: this provider aggregates nothing, so there is nothing whose sources could be missing.
        claims.TryGetProperty("_claim_names", out _).ShouldBeFalse();
    }
}
