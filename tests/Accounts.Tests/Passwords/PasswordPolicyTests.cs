namespace Accounts.Tests;

public sealed class PasswordPolicyTests
{
    [Theory]
    [InlineData("Development-1")]
    [InlineData("correct horse battery staple")]
    [InlineData("密码要足够长才行")]
    [InlineData("        x")]
    public void Takes_what_is_long_enough_whatever_it_is_made_of(string password) =>
        PasswordPolicy.Check(password).ShouldBe(PasswordVerdict.Good);

    [Theory]
    [InlineData("")]
    [InlineData("seven77")]
    [InlineData("密码密码密码密")]
    [InlineData("👩‍👩‍👧‍👦")]
    public void Refuses_fewer_than_eight_characters(string password) => PasswordPolicy.Check(password).ShouldBe(PasswordVerdict.TooShort);

    [Fact]
    public void Takes_256_characters_and_no_more()
    {
        PasswordPolicy.Check(Long(256)).ShouldBe(PasswordVerdict.Good);
        PasswordPolicy.Check(Long(257)).ShouldBe(PasswordVerdict.TooLong);
        PasswordPolicy.Check(string.Concat(Enumerable.Repeat("😀🔑", 128))).ShouldBe(PasswordVerdict.Good);

        static string Long(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i * i % 26)));
    }

    [Fact]
    public void Refuses_what_is_no_text()
    {
        PasswordPolicy.Check("password\ud800word").ShouldBe(PasswordVerdict.TooLong);
        PasswordPolicy.Check("password\ufffeword").ShouldBe(PasswordVerdict.TooLong);
    }

    [Theory]
    [InlineData("aaaaaaaaaa")]
    [InlineData("12345678")]
    [InlineData("87654321")]
    [InlineData("abcdefghij")]
    [InlineData("password1")]
    [InlineData("PASSWORD1")]
    [InlineData("ｐａｓｓｗｏｒｄ１")]
    [InlineData("qwertyuiop")]
    [InlineData("1q2w3e4r")]
    public void Refuses_what_anybody_would_try_first(string password) => PasswordPolicy.Check(password).ShouldBe(PasswordVerdict.TooCommon);

    [Theory]
    [InlineData("alice.smith@example.com")]
    [InlineData("Alice.Smith")]
    public void Refuses_the_owners_own_address(string password) =>
        PasswordPolicy.Check(password, "alice.smith@example.com").ShouldBe(PasswordVerdict.TooCommon);
}
