using System.Text.Json;

namespace Oidc.Tests;

public sealed class KeyRingTests
{
    private static JsonElement[] Published(KeyRing ring) => [.. JsonElement.Parse(ring.Jwks.Span).GetProperty("keys").EnumerateArray()];

    // OpenID conformance, every module: each key has a kid, no two the same, no private member.
    [Fact]
    public void Publishes_each_key_by_its_public_half()
    {
        var keys = Published(Keyring.Default);

        keys.Length.ShouldBe(3);
        keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count().ShouldBe(3);
        keys.Select(key => key.GetProperty("alg").GetString()).Order().ShouldBe(["ES256", "PS256", "RS256"]);
        keys.ShouldAllBe(key => key.GetProperty("use").GetString() == "sig");
        keys.SelectMany(key => key.EnumerateObject().Select(member => member.Name)).ShouldBeSubsetOf(["kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"]);
    }

    [Theory]
    [InlineData(KeyState.Announced, 6)]
    [InlineData(KeyState.Retired, 6)]
    [InlineData(KeyState.Removed, 3)]
    public void Publishes_announced_and_retired_keys_and_no_removed_ones(KeyState state, int count)
    {
        var ring = Keyring.RotatedTo(state);

        Published(ring).Length.ShouldBe(count);
        ring.Published.Keys.Count.ShouldBe(count);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public void Signs_with_the_active_key_only(string algorithm)
    {
        var ring = Keyring.RotatedTo(KeyState.Announced);

        ring.ActiveFor(algorithm).KeyId.ShouldNotBe(Keyring.Default.ActiveFor(algorithm).KeyId);
        ring.ActiveFor(algorithm).Algorithm.ShouldBe(algorithm);
    }

    [Fact]
    public void Is_the_same_document_whatever_order_the_keys_came_in()
    {
        var keys = new[] { "ES256", "RS256", "PS256" }.Select(algorithm => new RingKey(Keyring.Default.ActiveFor(algorithm), KeyState.Active)).ToArray();

        new KeyRing(keys.Reverse()).Jwks.ToArray().ShouldBe(new KeyRing(keys).Jwks.ToArray());
    }

    // A ring with two active keys or none would be a bug of its maker, and is none to work on with.
    [Fact]
    public void Takes_no_two_active_keys_of_one_algorithm() => Should.Throw<ArgumentException>(() => new KeyRing(
    [
        new RingKey(Keyring.Default.ActiveFor("ES256"), KeyState.Active),
        new RingKey(Keyring.RotatedTo(KeyState.Removed).ActiveFor("ES256"), KeyState.Active),
    ]));

    [Fact]
    public void Knows_no_key_for_an_algorithm_it_was_not_given() => Should.Throw<KeyNotFoundException>(() => Keyring.Default.ActiveFor("HS256"));
}
