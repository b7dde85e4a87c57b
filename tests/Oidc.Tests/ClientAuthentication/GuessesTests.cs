using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Oidc.Tests;

/// <summary>RFC 6819 §4.3.5: guessing secrets at the token endpoint.</summary>
public sealed class GuessesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new ManualTime().Now;

    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Hears_no_more_guesses_after_too_many()
    {
        for (var guess = 0; guess < 20; guess++)
        {
            (await _provider.TokenAsync(Flow.ClientCredentials, TestProvider.Basic("machine", $"wrong-{guess}"))).ShouldRefuse("invalid_client", 401);
        }

        // Not even the right one: a guesser must not learn that it was.
        var answer = await _provider.TokenAsync(Flow.ClientCredentials, Flow.MachineCredentials);
        answer.ShouldRefuse("slow_down", 429);
        answer.Headers.RetryAfter.ToString().ShouldBe("60");

        // Another client is heard.
        (await _provider.TokenAsync(Flow.Refresh("rt_none", "web"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");

        _provider.Time.Advance(TimeSpan.FromSeconds(60));
        (await _provider.TokenAsync(Flow.ClientCredentials, Flow.MachineCredentials)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Counts_failed_assertions_like_secrets()
    {
        _provider.Configuration.Put(AssertionOf.Signer);
        for (var guess = 0; guess < 20; guess++)
        {
            (await _provider.TokenAsync(new AssertionOf { Audience = "\"x\"" }.Form())).ShouldRefuse("invalid_client", 401);
        }

        (await _provider.TokenAsync(new AssertionOf().Form())).ShouldRefuse("slow_down", 429);
    }

    [Fact]
    public void Counts_each_client_and_network_apart()
    {
        var guesses = new Guesses(new GuessLimit(2, TimeSpan.FromMinutes(1)));
        guesses.Count("web", 1, Now);
        guesses.Count("web", 1, Now.AddSeconds(20));

        guesses.BlockedFor("web", 1, Now.AddSeconds(20)).ShouldBe(TimeSpan.FromSeconds(40));
        guesses.BlockedFor("web", 2, Now).ShouldBeNull();
        guesses.BlockedFor("machine", 1, Now).ShouldBeNull();
        guesses.BlockedFor("web", 1, Now.AddMinutes(1)).ShouldBeNull();
    }

    [Fact]
    public void Begins_anew_after_its_time()
    {
        var guesses = new Guesses(new GuessLimit(2, TimeSpan.FromMinutes(1)));
        guesses.Count("web", 1, Now);
        guesses.Count("web", 1, Now);
        guesses.Count("web", 1, Now.AddMinutes(1));

        guesses.BlockedFor("web", 1, Now.AddMinutes(1)).ShouldBeNull();
    }

    [Fact]
    public void Keeps_a_bounded_number_of_counters()
    {
        var guesses = new Guesses(new GuessLimit(1, TimeSpan.FromMinutes(1)));
        for (var network = 0; network < 3 * Guesses.MaxCounters; network++)
        {
            guesses.Count("web", (UInt128)network, Now);
        }

        Enumerable.Range(0, 3 * Guesses.MaxCounters).Count(network => guesses.BlockedFor("web", (UInt128)network, Now) is not null).ShouldBeLessThanOrEqualTo(Guesses.MaxCounters);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Takes_an_IPv4_address_or_an_IPv6_64_for_one_network(string one, string other, bool same) =>
        (NetworkOf(one) == NetworkOf(other)).ShouldBe(same, string.Create(CultureInfo.InvariantCulture, $"{NetworkOf(one)} {NetworkOf(other)}"));

    private static UInt128 NetworkOf(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(address);
        return ClientEndpoint.CredentialsOf(context, Parameters.Empty).Network;
    }
}
