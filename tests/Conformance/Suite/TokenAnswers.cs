namespace Conformance;

/// <summary>What holds for every answer of the token endpoint.</summary>
public static class TokenAnswers
{
    public static void ShouldBeTokens(this Reply reply)
    {
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body);
        reply.MediaType.ShouldBe("application/json");

        // RFC 6749 §5.1.
        reply["Cache-Control"]!.ShouldContain("no-store");
        reply.Json.GetProperty("token_type").GetString().ShouldBe("Bearer", StringCompareShould.IgnoreCase);
        Randomness.ShouldBeUnguessable(reply.Json.GetProperty("access_token").GetString()!);
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBeInRange(1, 365 * 86_400);
    }

    /// <param name="errors">Any of these.</param>
    public static void ShouldBeTokenError(this Reply reply, params string[] errors)
    {
        reply.MediaType.ShouldBe("application/json");
        var error = reply.Json.GetProperty("error").GetString();
        error.ShouldBeOneOf(errors);
        ErrorTexts.ShouldBeWellFormed(error, TextOf(reply, "error_description"), TextOf(reply, "error_uri"));

        // RFC 6749 §5.2: 401 belongs to invalid_client alone.
        ((int)reply.Status).ShouldBeOneOf(error == "invalid_client" ? [400, 401] : [400]);
    }

    private static string? TextOf(Reply reply, string member) => reply.Json.TryGetProperty(member, out var value) ? value.GetString() : null;
}
