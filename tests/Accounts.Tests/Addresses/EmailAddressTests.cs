namespace Accounts.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("Alice.Smith+tag@Example.COM", "alice.smith+tag@example.com")]
    [InlineData("  alice@example.com\u200b ", "alice@example.com")]
    [InlineData("\u202aalice@example.com\u202c", "alice@example.com")]
    [InlineData("ＡＬＩＣＥ＠ｅｘａｍｐｌｅ．ｃｏｍ", "alice@example.com")]
    [InlineData("\u212aelvin@example.com", "kelvin@example.com")]
    [InlineData("STRASSE@example.com", "strasse@example.com")]
    [InlineData("straße@example.com", "strasse@example.com")]
    [InlineData("straẞe@example.com", "strasse@example.com")]
    [InlineData("ΟΔΥΣΣΕΥΣ@example.com", "οδυσσευσ@example.com")]
    [InlineData("οδυσσευς@example.com", "οδυσσευσ@example.com")]
    [InlineData("zoe\u0308@example.com", "zoë@example.com")]
    [InlineData("用户@example.com", "用户@example.com")]
    [InlineData("alice@例え.jp", "alice@xn--r8jz45g.jp")]
    [InlineData("alice@XN--R8JZ45G.jp", "alice@xn--r8jz45g.jp")]
    [InlineData("o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk")]
    public void One_address_has_one_form(string typed, string canonical) => EmailAddress.Canonical(typed).ShouldBe(canonical);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("alice")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@localhost")]
    [InlineData("alice@bob@example.com")]
    [InlineData("alice＠bob@example.com")]
    [InlineData("alice@.example.com")]
    [InlineData("alice@example..com")]
    [InlineData("alice@-example.com")]
    [InlineData("alice@exa_mple.com")]
    [InlineData("alice@exa mple.com")]
    [InlineData("alice@[127.0.0.1]")]
    [InlineData("alice@127.0.0.1")]
    [InlineData(".alice@example.com")]
    [InlineData("alice.@example.com")]
    [InlineData("al..ice@example.com")]
    [InlineData("al ice@example.com")]
    [InlineData("\"alice\"@example.com")]
    [InlineData("alice<bob>@example.com")]
    [InlineData("alice,bob@example.com")]
    [InlineData("alice，bob@example.com")]
    [InlineData("alice@example.com,bob@example.com")]
    [InlineData("alice@example.com\r\nBcc: bob@example.com")]
    [InlineData("ali\u200bce@example.com")]
    [InlineData("ali\u202ece@example.com")]
    [InlineData("ali\0ce@example.com")]
    [InlineData("Alice <alice@example.com>")]
    public void Refuses_what_mail_cannot_be_sent_to(string? typed) => EmailAddress.Canonical(typed).ShouldBeNull();

    [Fact]
    public void Refuses_what_is_too_long()
    {
        EmailAddress.Canonical($"{new string('a', 64)}@example.com").ShouldNotBeNull();
        EmailAddress.Canonical($"{new string('a', 65)}@example.com").ShouldBeNull();
        EmailAddress.Canonical($"{new string('é', 33)}@example.com").ShouldBeNull();
        EmailAddress.Canonical($"a@{string.Join('.', Enumerable.Repeat(new string('b', 63), 4))}.com").ShouldBeNull();
        EmailAddress.Canonical(new string('a', 1_000_000) + "@example.com").ShouldBeNull();
    }

    [Fact]
    public void Refuses_what_is_no_text() => EmailAddress.Canonical("alice\ud800@example.com").ShouldBeNull();

    [Theory]
    [InlineData("alice@example.com", "a***@example.com")]
    [InlineData("用户@example.com", "用***@example.com")]
    public void Masks_all_but_the_first_character(string canonical, string masked) => EmailAddress.Mask(canonical).ShouldBe(masked);
}
