namespace Accounts.Tests;

public sealed class AddressNormalizerTests
{
    private readonly AddressNormalizer _normalizer = new();

    [Fact]
    public void Identity_compares_addresses_as_we_do() => _normalizer.NormalizeEmail(" ＡLICE@Example.com").ShouldBe("alice@example.com");

    [Fact]
    public void What_is_no_address_is_folded() => _normalizer.NormalizeEmail("NOBODY").ShouldBe("nobody");

    [Fact]
    public void Names_are_folded() => _normalizer.NormalizeName("Straße").ShouldBe("strasse");

    [Fact]
    public void Nothing_stays_nothing()
    {
        _normalizer.NormalizeEmail(null).ShouldBeNull();
        _normalizer.NormalizeName(null).ShouldBeNull();
    }
}
