namespace Accounts.Tests;

public sealed class RatesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reads_a_list_of_rates()
    {
        var rates = Rates.Parse("1/60s, 5/h,100/2d ,3/15min");
        rates.Counts.ShouldBe([1, 5, 100, 3]);
        rates.Windows.ShouldBe([TimeSpan.FromSeconds(60), TimeSpan.FromHours(1), TimeSpan.FromDays(2), TimeSpan.FromMinutes(15)]);
        rates.Most.ShouldBe(100);
        rates.Longest.ShouldBe(TimeSpan.FromDays(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5/")]
    [InlineData("/h")]
    [InlineData("0/h")]
    [InlineData("-1/h")]
    [InlineData("5/0s")]
    [InlineData("5/w")]
    [InlineData("5/h,")]
    [InlineData("5/h/h")]
    [InlineData("99999999999/h")]
    [InlineData("5/99999999999s")]
    public void Refuses_what_is_no_rate(string text)
    {
        Rates.TryParse(text).ShouldBeNull();
        Should.Throw<FormatException>(() => Rates.Parse(text));
    }

    [Fact]
    public void Counts_what_is_left_of_the_tightest_rate()
    {
        var rates = Rates.Parse("3/min, 5/h");
        rates.Left([], Now).ShouldBe(3);
        rates.Left(Ago(1, 2), Now).ShouldBe(1);
        rates.Left(Ago(60, 61), Now).ShouldBe(3);
        rates.Left(Ago(1, 100, 200, 300), Now).ShouldBe(1);
        rates.Left(Ago(1, 2, 3, 4, 5, 6), Now).ShouldBe(0);
    }

    private static DateTimeOffset[] Ago(params int[] seconds) => [.. seconds.Select(s => Now.AddSeconds(-s))];
}
