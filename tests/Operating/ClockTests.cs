namespace Operating;

/// <summary>users.md E.7: the clocks of two nodes' machines are a minute off, one each way.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly TimeSpan Off = TimeSpan.FromSeconds(60);

    private Provider _late = null!;
    private Provider _early = null!;

    public async Task InitializeAsync()
    {
        _late = await Provider.StartAtAsync(TimeProvider.System.GetUtcNow() - Off);
        _early = await _late.StartSecondNodeAsync(ahead: Off + Off);
    }

    public async Task DisposeAsync()
    {
        await _early.DisposeAsync();
        await _late.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_node_made_the_other_takes_at_once_and_until_its_end(bool earlyFirst)
    {
        var (one, other) = earlyFirst ? (_early, _late) : (_late, _early);
        var person = await SignedIn.AsAsync(one, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", "openid offline_access");

        var tokens = await other.RedeemAsync("storefront", code);
        var refreshed = await one.RefreshAsync("storefront", tokens.RefreshToken);

        (await one.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await other.UserInfoAsync(refreshed.AccessToken)).Succeeded.ShouldBeTrue();
        // A lost answer, asked for again at the other node.
        (await other.RefreshAsync("storefront", tokens.RefreshToken)).RefreshToken.ShouldBe(refreshed.RefreshToken);
    }

    [Fact]
    public async Task A_code_dies_after_its_minute_at_both_nodes()
    {
        var person = await SignedIn.AsAsync(_late, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", "openid");
        _early.Time.Advance(TimeSpan.FromSeconds(62));

        (await _early.RedeemAsync("storefront", code)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Tokens_tell_the_time_of_PostgreSQL()
    {
        foreach (var node in new[] { _late, _early })
        {
            var issuedAt = DatabaseLooks.PayloadOf((await node.TokenAsync("machine", ("grant_type", "client_credentials"))).AccessToken).GetProperty("iat").GetInt64();

            Math.Abs(issuedAt - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).ShouldBeLessThan(30);
        }
    }

    [Fact]
    public async Task A_machine_that_is_hours_off_is_named_in_the_log_and_keeps_its_own_time()
    {
        await using var lost = await _late.StartSecondNodeAsync(ahead: TimeSpan.FromHours(5));

        lost.Log.Lines.ShouldContain(line => line.Contains("set one of them right", StringComparison.Ordinal));
        var issuedAt = DatabaseLooks.PayloadOf((await lost.TokenAsync("machine", ("grant_type", "client_credentials"))).AccessToken).GetProperty("iat").GetInt64();
        issuedAt.ShouldBe(lost.Time.Now.ToUnixTimeSeconds());
    }
}
