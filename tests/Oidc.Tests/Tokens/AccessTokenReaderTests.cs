namespace Oidc.Tests;

/// <summary>An access token of ours that comes back, and everything that is not one.</summary>
public sealed class AccessTokenReaderTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Reads_a_token_that_speaks_for_a_person()
    {
        var tokens = await _provider.SignInAsync();

        var read = Read(tokens.AccessToken.Text)!;

        (read.Subject, read.ClientId, read.GrantId).ShouldBe((TestPeople.Alice.Subject, "spa", _provider.Store.TheGrant.Id));
        read.Scopes.ShouldBe(["openid", "offline_access", "members"]);
    }

    [Theory]
    [InlineData(599, true)]
    [InlineData(600, false)]
    [InlineData(630, false)]
    public async Task Reads_it_until_it_expires(int seconds, bool reads)
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;
        _provider.Time.Advance(TimeSpan.FromSeconds(seconds));

        (Read(token) is not null).ShouldBe(reads);
    }

    // Another node issued it, and its clock is ahead.
    [Theory]
    [InlineData(1, true)]
    [InlineData(60, true)]
    [InlineData(62, false)]
    public async Task Reads_a_token_of_a_node_whose_clock_is_ahead(int seconds, bool reads)
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;
        _provider.Time.Advance(-TimeSpan.FromSeconds(seconds));

        (Read(token) is not null).ShouldBe(reads);
    }

    [Fact]
    public async Task Reads_one_that_a_retired_key_signed()
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;
        _provider.Keys.Current = Keyring.RotatedTo(KeyState.Retired);

        Read(token).ShouldNotBeNull();
    }

    [Fact]
    public async Task Reads_no_ID_token_no_handle_and_nothing_forged()
    {
        var tokens = await _provider.SignInAsync();

        foreach (var other in new[] { "", "x", "..", tokens.IdToken.Text, tokens.RefreshToken, tokens.AccessToken.Text[..^1], tokens.AccessToken.Text + "A", tokens.AccessToken.Text[1..] })
        {
            Read(other).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Finds_no_grant_in_one_of_a_client_that_speaks_for_itself() =>
        Read((await _provider.TokensAsync(Flow.ClientCredentials, Flow.MachineCredentials)).AccessToken.Text)!.GrantId.ShouldBeNull();

    [Fact]
    public async Task Reads_none_of_a_client_that_was_disabled_or_deleted()
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;

        _provider.Configuration.Put(TestConfiguration.Spa with { Enabled = false });
        Read(token).ShouldBeNull();

        _provider.Configuration.Delete("spa");
        Read(token).ShouldBeNull();
    }

    private ReadAccessToken? Read(string token) => _provider.Get<AccessTokenReader>().Read(token, _provider.Time.Now, out _);
}
