using System.Text;

namespace Accounts.Tests;

/// <summary>Hashes that others made.</summary>
internal static class Argon2Vectors
{
    /// <summary>From libargon2's own test suite.</summary>
    public const string Strong = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    public const string WeakPassword = "weakly kept";

    public const string WeakHash = "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$BQr+pkSCff7j2SdLKR7AJYYX7K34iydWCEyxgoLwmSo";

    public const string ChinesePassword = "密码密码密码密码";

    public const string ChineseHash = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$KIW1NZU2Fx8qluyYoP1pZdXz2iBmbYiOB30m+FpIVZI";
}

public sealed class Argon2idTests
{
    [Theory]
    [InlineData(Argon2Vectors.Strong, "password")]
    [InlineData(Argon2Vectors.WeakHash, Argon2Vectors.WeakPassword)]
    [InlineData(Argon2Vectors.ChineseHash, Argon2Vectors.ChinesePassword)]
    public void Agrees_with_libargon2s_own_encoding(string encoded, string password)
    {
        Argon2id.Verify(encoded, password).ShouldBeTrue();
        Argon2id.Verify(encoded, password + " ").ShouldBeFalse();
    }

    [Fact]
    public void Hashes_with_a_salt_of_its_own_at_the_cost_of_the_house()
    {
        var (first, second) = (Argon2id.Hash("some password"), Argon2id.Hash("some password"));
        first.ShouldMatch(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$");
        first.ShouldNotBe(second);
        Argon2id.Verify(first, "some password").ShouldBeTrue();
        Argon2id.IsWeak(first).ShouldBeFalse();
    }

    [Fact]
    public void One_password_is_one_however_its_characters_are_composed()
    {
        var composed = "Zoë's pässword";
        Argon2id.Verify(Argon2id.Hash(composed), composed.Normalize(NormalizationForm.FormD)).ShouldBeTrue();
        Argon2id.Verify(Argon2id.Hash("password1234"), "ｐａｓｓｗｏｒｄ１２３４").ShouldBeTrue();
    }

    [Theory]
    [InlineData(Argon2Vectors.Strong, false)]
    [InlineData(Argon2Vectors.WeakHash, true)]
    [InlineData("$argon2id$v=19$m=19456,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", true)]
    [InlineData("not a hash", true)]
    public void Knows_a_hash_cheaper_than_todays(string encoded, bool weak) => Argon2id.IsWeak(encoded).ShouldBe(weak);

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuuMPYUFVPGQUNuZNmUmHjHrQ1DxGZ6QxK")]
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=-1,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$!$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$")]
    public void What_is_no_Argon2id_hash_matches_nothing(string encoded) => Argon2id.Verify(encoded, "password").ShouldBeFalse();
}
