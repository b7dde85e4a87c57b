using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Jose.Tests;

public sealed class SigningKeyTests
{
    public static TheoryData<string> EveryAlgorithm => [.. Algorithms.All];

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Signs_what_its_public_key_verifies(string algorithm)
    {
        var key = SharedKeys.For(algorithm);
        var signature = new byte[key.SignatureLength];

        key.Sign("input"u8, signature);

        key.PublicKey.Verify("input"u8, signature, algorithm).ShouldBeTrue();
        key.PublicKey.Verify("another"u8, signature, algorithm).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Comes_back_from_its_PKCS8_encoding_as_the_same_key(string algorithm)
    {
        var key = SharedKeys.For(algorithm);
        using var again = SigningKey.Import(key.ExportPkcs8(), algorithm);
        var signature = new byte[key.SignatureLength];

        again.Sign("input"u8, signature);

        again.KeyId.ShouldBe(key.KeyId);
        key.PublicKey.Verify("input"u8, signature, algorithm).ShouldBeTrue();
    }

    // RFC 8725 §3.1: the same RSA key never speaks two algorithms.
    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Serves_no_algorithm_but_its_own(string algorithm)
    {
        var key = SharedKeys.For(algorithm);
        var signature = new byte[key.SignatureLength];
        key.Sign("input"u8, signature);

        Algorithms.All.Where(other => key.PublicKey.Verify("input"u8, signature, other)).ShouldBe([algorithm]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("EdDSA")]
    [InlineData("")]
    public void Is_not_made_for_an_algorithm_without_a_public_key(string algorithm) =>
        Should.Throw<ArgumentException>(() => SigningKey.Create(algorithm));

    // RFC 7518 §3.4: each ES algorithm has its curve.
    [Fact]
    public void Refuses_a_key_on_another_curve()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pkcs8 = p384.ExportPkcs8PrivateKey();

        Should.Throw<ArgumentException>(() => SigningKey.Import(pkcs8, Algorithms.ES256));
    }

    // RFC 7518 §3.3.
    [Fact]
    public void Refuses_an_RSA_key_under_2048_bits()
    {
        using var small = RSA.Create(1024);
        var pkcs8 = small.ExportPkcs8PrivateKey();

        Should.Throw<ArgumentException>(() => SigningKey.Import(pkcs8, Algorithms.RS256));
    }

    [Fact]
    public void Refuses_a_key_of_the_other_family()
    {
        var pkcs8 = SharedKeys.For(Algorithms.RS256).ExportPkcs8();

        Should.Throw<CryptographicException>(() => SigningKey.Import(pkcs8, Algorithms.ES256));
    }

    [Fact]
    public void Is_called_by_its_thumbprint_unless_it_is_given_a_name()
    {
        using var key = SigningKey.Create(Algorithms.ES256);
        using var named = SigningKey.Import(key.ExportPkcs8(), Algorithms.ES256, "2026-11");

        key.KeyId.ShouldBe(key.PublicKey.Thumbprint);
        named.KeyId.ShouldBe("2026-11");
        named.PublicKey.KeyId.ShouldBe("2026-11");
    }

    [Theory]
    [InlineData(Algorithms.ES256)]
    [InlineData(Algorithms.RS256)]
    public async Task Signs_for_many_threads_at_once(string algorithm)
    {
        var key = SharedKeys.For(algorithm);
        var wrong = new ConcurrentBag<int>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var signature = new byte[key.SignatureLength];
            for (var i = 0; i < 100; i++)
            {
                var input = Encoding.ASCII.GetBytes($"{thread}/{i}");
                key.Sign(input, signature);
                if (!key.PublicKey.Verify(input, signature, algorithm))
                {
                    wrong.Add(i);
                }
            }
        })));

        wrong.ShouldBeEmpty();
    }
}
