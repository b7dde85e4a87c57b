namespace AccessTokens.Tests;

public sealed class AccessTokenOptionsTests
{
    [Fact]
    public async Task Starts_with_an_issuer_and_an_audience()
    {
        await using var api = await ResourceApi.StartAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("issuer.example")]
    [InlineData("ftp://issuer.example")]
    [InlineData("http://issuer.example")]
    public async Task Does_not_start_without_an_issuer(string issuer) =>
        (await FailureAsync(options => options.Issuer = issuer)).ShouldStartWith("Oidc:Issuer must be");

    [Fact]
    public async Task Does_not_start_without_an_audience() =>
        (await FailureAsync(options => options.Audience = "")).ShouldContain("audience");

    [Theory]
    [InlineData("a\"b")]
    [InlineData("会员")]
    public async Task Does_not_start_with_a_realm_that_breaks_the_header(string realm) =>
        (await FailureAsync(options => options.Realm = realm)).ShouldContain("realm");

    [Fact]
    public async Task Does_not_start_with_a_metadata_address_of_another_kind() =>
        (await FailureAsync(options => options.MetadataAddress = new Uri("file:///etc/metadata"))).ShouldContain("metadata address");

    [Theory]
    [InlineData(-1)]
    [InlineData(301)]
    public async Task Does_not_start_with_a_skew_that_opens_a_door(int seconds) =>
        (await FailureAsync(options => options.Skew = TimeSpan.FromSeconds(seconds))).ShouldContain("skew");

    [Theory]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("a-long-one-that-everybody-knows-development-secret")]
    public async Task Does_not_start_with_a_secret_that_can_be_guessed(string secret) =>
        (await FailureAsync(options => options.IntrospectionSecret = secret)).ShouldStartWith("Introspection:Secret is too short or a default");

    [Fact]
    public async Task Starts_with_a_default_secret_in_development_only()
    {
        await using var api = await ResourceApi.StartAsync(configure: options =>
            (options.IntrospectionSecret, options.AllowDevelopmentSecret) = ("members-development-secret", true));
    }

    private static async Task<string> FailureAsync(Action<AccessTokenOptions> configure) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => ResourceApi.StartAsync(configure: configure))).Message;
}
