namespace Accounts.Tests;

public sealed class SixDigitsTests
{
    [Theory]
    [InlineData("123456")]
    [InlineData(" 123456\n")]
    [InlineData("123 456")]
    [InlineData("123-456")]
    [InlineData("1 2 3 4 5 6")]
    [InlineData("１２３４５６")]
    [InlineData("１２３　４５６")]
    [InlineData("١٢٣٤٥٦")]
    [InlineData("Your code is 123 456")]
    [InlineData("Your Identity code: 123456")]
    [InlineData("Identity 登录验证码：123456，5 分钟内有效")]
    [InlineData("It works once, within 5 minutes.\n@localhost #123456")]
    public void Finds_the_digits_in_whatever_was_pasted(string typed) => SixDigits.Find(typed).ShouldBe("123456");

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("abcdef")]
    [InlineData("12345a")]
    [InlineData("12 34 5 within 5 minutes")]
    public void Finds_nothing_where_there_are_no_six(string typed) => SixDigits.Find(typed).ShouldBeNull();

    [Fact]
    public void Finds_nothing_in_what_is_no_text() => SixDigits.Find("\ud800123456").ShouldBeNull();

    [Fact]
    public void Reads_nothing_that_is_longer_than_any_mail() => SixDigits.Find(new string(' ', 100_000) + "123456").ShouldBeNull();

    [Fact]
    public void Draws_six_digits_leading_zeros_included()
    {
        var drawn = Enumerable.Range(0, 2000).Select(_ => SixDigits.New()).ToList();
        drawn.ShouldAllBe(code => code.Length == 6 && code.All(char.IsAsciiDigit));
        drawn.Distinct().Count().ShouldBeGreaterThan(1950);
        drawn.Select(code => code[0]).Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public void The_hash_depends_on_key_and_challenge()
    {
        byte[] hash = SixDigits.Hash([1], [2], "123456");
        hash.ShouldNotBe(SixDigits.Hash([3], [2], "123456"));
        hash.ShouldNotBe(SixDigits.Hash([1], [3], "123456"));
        hash.ShouldBe(SixDigits.Hash([1], [2], "123456"));
    }
}
