using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Tests;

public sealed class KeyEncryptionKeyTests
{
    private readonly KeyEncryptionKey _kek = new(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    [Fact]
    public void Unwraps_what_it_wrapped() => _kek.Unwrap(_kek.Wrap("secret"u8, "a thing"), "a thing").ShouldBe("secret"u8.ToArray());

    [Fact]
    public void Never_wraps_the_same_way_twice() => _kek.Wrap("secret"u8, "a thing").ShouldNotBe(_kek.Wrap("secret"u8, "a thing"));

    [Fact]
    public void Refuses_what_was_wrapped_as_something_else() =>
        Should.Throw<CryptographicException>(() => _kek.Unwrap(_kek.Wrap("secret"u8, "a thing"), "another"));

    [Fact]
    public void Refuses_what_another_key_wrapped() =>
        Should.Throw<CryptographicException>(() => _kek.Unwrap(new KeyEncryptionKey(new byte[32]).Wrap("secret"u8, "a thing"), "a thing"));

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(33)]
    public void Refuses_what_was_changed(int position)
    {
        var wrapped = _kek.Wrap("secret"u8, "a thing");
        wrapped[position] ^= 1;

        Should.Throw<CryptographicException>(() => _kek.Unwrap(wrapped, "a thing"));
    }

    [Fact]
    public void Refuses_what_was_cut() => Should.Throw<CryptographicException>(() => _kek.Unwrap(_kek.Wrap("secret"u8, "a thing").AsSpan(0, 20), "a thing"));

    [Fact]
    public void Gives_each_purpose_a_key_of_its_own_and_always_the_same()
    {
        _kek.Derive("mail").ShouldBe(_kek.Derive("mail"));
        _kek.Derive("mail").ShouldNotBe(_kek.Derive("refresh-chain"));
        _kek.Derive("mail").ShouldNotBe(new KeyEncryptionKey(new byte[32]).Derive("mail"));
    }

    // HKDF-SHA-256 (RFC 5869) of this key, computed apart from this code (openssl kdf): rows in databases depend on it.
    [Fact]
    public void Derives_what_it_always_derived() => Convert.ToHexStringLower(_kek.Derive("refresh-chain")).ShouldBe("b904f99f01dab3de0c2b09e1c8695b97e1bcde566cb7d888df33d1dbeb25007f");

    [Theory]
    [InlineData("10.0.6")]
    [InlineData("10.0.0+abc")]
    [InlineData("9.0.9")]
    [InlineData("unknown")]
    [InlineData(null)]
    [Trait("Advisory", "CVE-2026-40372")]
    public void A_runtime_whose_cookies_can_be_forged_is_refused(string? version) =>
        Should.Throw<StartRefusedException>(() => DataProtectionRegistration.RefuseForgeable(version)).Message.ShouldContain("CVE-2026-40372");

    [Theory]
    [InlineData("10.0.7")]
    [InlineData("10.0.12+abcdef")]
    [InlineData("11.0.0-preview.1")]
    public void A_runtime_that_was_mended_is_taken(string version) => Should.NotThrow(() => DataProtectionRegistration.RefuseForgeable(version));

    [Fact]
    public void The_runtime_of_these_tests_is_taken() => Should.NotThrow(DataProtectionRegistration.RefuseForgeableRuntime);
}
