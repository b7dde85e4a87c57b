namespace Oidc.Tests;

/// <summary>An ID token shown back: who is meant, however old it is, and nothing that is not one.</summary>
public sealed class IdTokenHintTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Names_client_person_and_session_also_after_it_expired(int days)
    {
        var token = (await _provider.SignInAsync()).IdToken.Text;
        _provider.Time.Advance(TimeSpan.FromDays(days));

        Read(token).ShouldBe(new IdTokenHint("spa", TestPeople.Alice.Subject, "session-1"));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Reads_every_algorithm_it_signs_with(string algorithm)
    {
        _provider.Configuration.Put(TestConfiguration.Spa with { IdTokenAlgorithm = algorithm });

        Read((await _provider.SignInAsync()).IdToken.Text).ShouldNotBeNull();
    }

    [Fact]
    public async Task Reads_one_that_a_retired_key_signed()
    {
        var token = (await _provider.SignInAsync()).IdToken.Text;
        _provider.Keys.Current = Keyring.RotatedTo(KeyState.Retired);

        Read(token).ShouldNotBeNull();
    }

    [Fact]
    public async Task Reads_none_that_a_removed_key_signed()
    {
        var token = (await _provider.SignInAsync()).IdToken.Text;
        _provider.Keys.Current = Keyring.RotatedTo(KeyState.Removed);

        Read(token).ShouldBeNull();
    }

    [Fact]
    public async Task Reads_no_access_token_nothing_forged_and_nothing_of_another_issuer()
    {
        var tokens = await _provider.SignInAsync();
        var parts = tokens.IdToken.Text.Split('.');

        Read(tokens.AccessToken.Text).ShouldBeNull();
        Read(tokens.RefreshToken).ShouldBeNull();
        Read("").ShouldBeNull();
        Read($"{parts[0]}.{parts[1]}.").ShouldBeNull();
        Read($"eyJhbGciOiJub25lIn0.{parts[1]}.").ShouldBeNull();
        Read($"{parts[0]}.{tokens.AccessToken.Text.Split('.')[1]}.{parts[2]}").ShouldBeNull();
        IdTokenHint.Read(tokens.IdToken.Text, "https://other.example", _provider.Keys.Current, _provider.Time.Now).ShouldBeNull();
    }

    private IdTokenHint? Read(string token) => IdTokenHint.Read(token, TestProvider.Issuer, _provider.Keys.Current, _provider.Time.Now);
}
