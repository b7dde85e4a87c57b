namespace Accounts.Tests;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("13800138000")]
    [InlineData("138 0013 8000")]
    [InlineData("+86-138-0013-8000")]
    [InlineData("+86 (138) 0013.8000")]
    [InlineData("008613800138000")]
    [InlineData("8613800138000")]
    [InlineData("＋８６１３８００１３８０００")]
    [InlineData("１３８００１３８０００")]
    [InlineData("\u202d138\u200b0013\u00a08000\u202c")]
    [InlineData("138–0013—8000")]
    [InlineData("١٣٨٠٠١٣٨٠٠٠")]
    public void One_number_has_one_form(string typed) => PhoneNumber.Canonical(typed).ShouldBe("+8613800138000");

    [Theory]
    [InlineData("+85291234567", "+85291234567")]
    [InlineData("0085366123456", "+85366123456")]
    [InlineData("+886912345678", "+886912345678")]
    [InlineData("+1 (212) 555-0100", "+12125550100")]
    [InlineData("17012345678", "+8617012345678")]
    public void Takes_numbers_of_other_countries_with_their_code(string typed, string canonical) =>
        PhoneNumber.Canonical(typed).ShouldBe(canonical);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("1380013800")]
    [InlineData("138001380000")]
    [InlineData("12800138000")]
    [InlineData("+8612800138000")]
    [InlineData("+86138001380001")]
    [InlineData("++8613800138000")]
    [InlineData("86+13800138000")]
    [InlineData("1380013800O")]
    [InlineData("13800138000 ext 5")]
    [InlineData("13800138000#5")]
    [InlineData("+0123456789")]
    [InlineData("+12345")]
    [InlineData("+1234567890123456")]
    [InlineData("alice@example.com")]
    public void Refuses_what_is_no_number(string? typed) => PhoneNumber.Canonical(typed).ShouldBeNull();

    [Fact]
    public void Refuses_what_is_no_text() => PhoneNumber.Canonical("\ud80013800138000").ShouldBeNull();

    [Theory]
    [InlineData("+8613800138000", "138****8000")]
    [InlineData("+85291234567", "+852****67")]
    [InlineData("+123456", "***")]
    public void Masks_the_middle(string canonical, string masked) => PhoneNumber.Mask(canonical).ShouldBe(masked);
}
