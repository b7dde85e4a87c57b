using System.Text;

namespace Oidc.Tests;

/// <summary>Who a client is, and every way of not proving it.</summary>
public sealed class ClientAuthenticatorTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestConfiguration _configuration = new();

    [Fact]
    public void Knows_a_public_client_by_its_id() => Authenticated(null, Form.Of(("client_id", "spa"))).ShouldBe(("spa", "none"));

    [Fact]
    public void Knows_a_confidential_client_by_the_header() => Authenticated(Basic("web", TestConfiguration.Secret), Form.Of()).ShouldBe(("web", "client_secret_basic"));

    [Fact]
    public void Knows_a_confidential_client_by_the_body() =>
        Authenticated(null, Form.Of(("client_id", "web"), ("client_secret", TestConfiguration.Secret))).ShouldBe(("web", "client_secret_post"));

    [Theory]
    [InlineData("basic")]
    [InlineData("BASIC")]
    public void The_scheme_has_no_case(string scheme) =>
        Authenticated(Basic("web", TestConfiguration.Secret).Replace("Basic", scheme), Form.Of()).ShouldBe(("web", "client_secret_basic"));

    [Fact]
    public void Lets_the_body_repeat_the_client_id_of_the_header() =>
        Authenticated(Basic("web", TestConfiguration.Secret), Form.Of(("client_id", "web"))).ShouldBe(("web", "client_secret_basic"));

    [Theory]
    [InlineData("machine")]
    [InlineData("spa")]
    [InlineData("WEB")]
    public void Refuses_a_body_that_names_another_client_than_the_header(string clientId) =>
        Refused(Basic("web", TestConfiguration.Secret), Form.Of(("client_id", clientId))).ShouldBe(("invalid_request", 400));

    // RFC 6749 §2.3: one method per request.
    [Fact]
    public void Refuses_a_secret_in_both_places() =>
        Refused(Basic("web", TestConfiguration.Secret), Form.Of(("client_secret", TestConfiguration.Secret))).ShouldBe(("invalid_request", 400));

    [Fact]
    public void Refuses_a_request_that_names_no_client() => Refused(null, Form.Of()).ShouldBe(("invalid_client", 401));

    [Theory]
    [InlineData("unknown")]
    [InlineData("WEB")]
    [InlineData("web ")]
    [InlineData("web\n")]
    public void Refuses_an_unknown_client(string clientId)
    {
        Refused(null, Form.Of(("client_id", clientId))).ShouldBe(("invalid_client", 401));
        Refused(null, Form.Of(("client_id", clientId), ("client_secret", TestConfiguration.Secret))).ShouldBe(("invalid_client", 401));
        Refused(BasicEncoded(clientId, TestConfiguration.Secret), Form.Of()).ShouldBe(("invalid_client", 401));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("a-secret-of-the-web-client-32-char")]
    [InlineData("a-secret-of-the-web-client-32-chars ")]
    [InlineData("A-SECRET-OF-THE-WEB-CLIENT-32-CHARS")]
    [InlineData("web")]
    public void Refuses_a_wrong_secret(string secret)
    {
        Refused(null, Form.Of(("client_id", "web"), ("client_secret", secret))).ShouldBe(("invalid_client", 401));
        Refused(BasicEncoded("web", secret), Form.Of()).ShouldBe(("invalid_client", 401));
    }

    // The SHA-256 of a secret, which a thief of the database has, is not the secret.
    [Fact]
    public void Refuses_the_hash_of_a_secret()
    {
        var hash = TestConfiguration.SecretOf(TestConfiguration.Secret).Sha256;

        Refused(null, Form.Of(("client_id", "web"), ("client_secret", Convert.ToHexStringLower(hash)))).ShouldBe(("invalid_client", 401));
        Refused(null, Form.Of(("client_id", "web"), ("client_secret", Convert.ToBase64String(hash)))).ShouldBe(("invalid_client", 401));
    }

    [Fact]
    public void Refuses_a_confidential_client_without_a_secret()
    {
        Refused(null, Form.Of(("client_id", "web"))).ShouldBe(("invalid_client", 401));
        Refused(null, Form.Of(("client_id", "web"), ("client_secret", ""))).ShouldBe(("invalid_client", 401));
    }

    // RFC 6749 §2.3: a client that registered one method is not let in by another.
    [Fact]
    public void Refuses_a_method_that_the_client_did_not_register()
    {
        Refused(null, Form.Of(("client_id", "machine"), ("client_secret", TestConfiguration.Secret))).ShouldBe(("invalid_client", 401));

        _configuration.Put(TestConfiguration.Web with { AuthenticationMethods = TestConfiguration.Set("client_secret_post") });
        Refused(Basic("web", TestConfiguration.Secret), Form.Of()).ShouldBe(("invalid_client", 401));
    }

    [Fact]
    public void Refuses_a_public_client_that_sends_a_secret()
    {
        Refused(null, Form.Of(("client_id", "spa"), ("client_secret", "anything"))).ShouldBe(("invalid_client", 401));
        Refused(Basic("spa", "anything"), Form.Of()).ShouldBe(("invalid_client", 401));
        Refused(Basic("spa", ""), Form.Of()).ShouldBe(("invalid_client", 401));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("spa")]
    public void Refuses_a_disabled_client_as_if_it_had_not_proven_itself(string clientId)
    {
        var client = _configuration.Current.FindClient(clientId)!;
        var form = client.IsPublic ? Form.Of(("client_id", clientId)) : Form.Of(("client_id", clientId), ("client_secret", TestConfiguration.Secret));
        var unknown = Error(null, Form.Of(("client_id", "unknown")));
        _configuration.Put(client with { Enabled = false });

        var disabled = Error(null, form);

        (disabled.Code, disabled.Description, disabled.Status).ShouldBe((unknown.Code, unknown.Description, unknown.Status));
    }

    [Fact]
    public void Takes_each_of_two_secrets_while_it_lives()
    {
        _configuration.Put(TestConfiguration.Web with
        {
            Secrets = [TestConfiguration.SecretOf("old", Now.AddMinutes(1)), TestConfiguration.SecretOf("new"), TestConfiguration.SecretOf("expired", Now)],
        });

        Authenticated(Basic("web", "old"), Form.Of()).ShouldBe(("web", "client_secret_basic"));
        Authenticated(Basic("web", "new"), Form.Of()).ShouldBe(("web", "client_secret_basic"));
        Refused(Basic("web", "expired"), Form.Of()).ShouldBe(("invalid_client", 401));
    }

    [Fact]
    public void Refuses_every_secret_of_a_client_that_has_none()
    {
        _configuration.Put(TestConfiguration.Web with { Secrets = [] });

        Refused(Basic("web", TestConfiguration.Secret), Form.Of()).ShouldBe(("invalid_client", 401));
        Refused(Basic("web", new string('\0', 32)), Form.Of()).ShouldBe(("invalid_client", 401));
    }

    // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
    [Theory]
    [InlineData("client:with:colons", "secret:with:colons")]
    [InlineData("client with spaces", "a+b/c=d&e%f")]
    [InlineData("客户端", "пароль-🔑")]
    public void Decodes_id_and_secret_of_the_header(string id, string secret)
    {
        _configuration.Put(TestConfiguration.Web with { Id = id, Secrets = [TestConfiguration.SecretOf(secret)] });

        Authenticated(BasicEncoded(id, secret), Form.Of()).ShouldBe((id, "client_secret_basic"));
    }

    [Fact]
    public void The_first_colon_ends_the_id()
    {
        _configuration.Put(TestConfiguration.Web with { Secrets = [TestConfiguration.SecretOf("a:b")] });

        Authenticated(Basic("web", "a:b"), Form.Of()).ShouldBe(("web", "client_secret_basic"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic d2Vi")]
    [InlineData("Basic d2ViOg==")]
    [InlineData("Basic OnNlY3JldA==")]
    [InlineData("Basic d2ViOnNlY3JldA")]
    [InlineData("Basic d2Vi%3Ac2VjcmV0")]
    [InlineData("Basic d2Vi-nNl_3JldA==")]
    [InlineData("Basic d2ViOiVGRg==")]
    [InlineData("Basic d2ViOiUwMA==")]
    [InlineData("Basic d2ViOiU=")]
    [InlineData("Basic d2ViOukA")]
    [InlineData("Basic d2ViOnNlY3JldA==,Basic d2ViOnNlY3JldA==")]
    [InlineData("Basic d2ViOnNlY3JldA==, Basic d2ViOnNlY3JldA==")]
    [InlineData("Bearer d2ViOnNlY3JldA==")]
    [InlineData("Digest username=\"web\"")]
    [InlineData("d2ViOnNlY3JldA==")]
    [InlineData("\u0000")]
    public void Refuses_a_header_that_is_not_Basic_of_id_and_secret(string header)
    {
        _configuration.Put(TestConfiguration.Web with { Secrets = [TestConfiguration.SecretOf("secret")] });

        Refused(header, Form.Of()).ShouldBe(("invalid_client", 401));
        Refused(header, Form.Of(("client_id", "spa"))).ShouldBe(("invalid_client", 401));
    }

    // 2 048 characters of base64 are read; what is longer cannot be an id and a secret of at most 512 characters each.
    [Theory]
    [InlineData(1_532, true)]
    [InlineData(1_533, false)]
    [InlineData(20_000, false)]
    public void Reads_a_header_of_bounded_length(int secretLength, bool accepted)
    {
        var secret = new string('x', secretLength);
        _configuration.Put(TestConfiguration.Web with { Secrets = [TestConfiguration.SecretOf(secret)] });

        (Authenticate(Basic("web", secret), Form.Of()) is ClientAuthenticationOutcome.Authenticated).ShouldBe(accepted);
    }

    [Fact]
    public void Refuses_a_header_of_blanks_only() => Refused("Basic " + new string(' ', 4_000), Form.Of()).ShouldBe(("invalid_client", 401));

    [Fact]
    public void Remembers_that_the_header_was_used()
    {
        Outcome(Basic("web", "wrong"), Form.Of()).ByHeader.ShouldBeTrue();
        Outcome("Basic", Form.Of()).ByHeader.ShouldBeTrue();
        Outcome(null, Form.Of(("client_id", "web"), ("client_secret", "wrong"))).ByHeader.ShouldBeFalse();
    }

    [Fact]
    public void Tells_the_client_the_same_whatever_was_wrong()
    {
        OAuthError[] errors =
        [
            Error(null, Form.Of(("client_id", "unknown"))),
            Error(Basic("web", "wrong"), Form.Of()),
            Error(null, Form.Of(("client_id", "web"))),
            Error("Basic", Form.Of()),
        ];

        errors.Select(error => error.Description).Distinct().ShouldHaveSingleItem();
        errors.Select(error => error.Detail).Distinct().Count().ShouldBe(4);
    }

    private static string Basic(string id, string secret) => TestProvider.Basic(id, secret);

    private static string BasicEncoded(string id, string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"));

    private (string Id, string Method) Authenticated(string? header, Form form)
    {
        var authenticated = Authenticate(header, form).ShouldBeOfType<ClientAuthenticationOutcome.Authenticated>();
        return (authenticated.Client.Id, authenticated.Method);
    }

    private (string Code, int Status) Refused(string? header, Form form)
    {
        var error = Error(header, form);
        error.Detail.ShouldNotContain(TestConfiguration.Secret);
        return (error.Code, error.Status);
    }

    private OAuthError Error(string? header, Form form) => Outcome(header, form).Error;

    private ClientAuthenticationOutcome.Refused Outcome(string? header, Form form) => Authenticate(header, form).ShouldBeOfType<ClientAuthenticationOutcome.Refused>();

    // Without an assertion nothing is waited for.
    private ClientAuthenticationOutcome Authenticate(string? header, Form form) =>
        Authenticator(100).AuthenticateAsync(new ClientCredentials(header, form.Parameters(), 0), _configuration.Current, Now, default).AsTask().Result;

    private static ClientAuthenticator Authenticator(int guesses)
    {
        var store = new InMemoryStore();
        return new ClientAuthenticator(new ClientAssertions(TestProvider.Options, store, store), new Guesses(new GuessLimit(guesses, TimeSpan.FromMinutes(1))));
    }
}
