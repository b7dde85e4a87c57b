using System.Text;

namespace Accounts.Tests;

public sealed class CaseFoldTests
{
    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("straẞe", "strasse")]
    [InlineData("ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("ᾳ", "αι")]
    [InlineData("\u212a", "k")]
    [InlineData("ſ", "S")]
    [InlineData("ﬁ", "FI")]
    [InlineData("Ⅷ", "viii")]
    [InlineData("É", "e\u0301")]
    [InlineData("\u0130", "i\u0307")]
    public void Texts_that_differ_only_in_case_or_form_are_one(string one, string other) =>
        CaseFold.Fold(one).ShouldBe(CaseFold.Fold(other));

    [Theory]
    [InlineData("\u0131", "i")]
    [InlineData("a", "\u0430")]
    [InlineData("e", "é")]
    public void Letters_of_their_own_stay_apart(string one, string other) => CaseFold.Fold(one).ShouldNotBe(CaseFold.Fold(other));

    [Fact]
    public void What_is_folded_stays_so_for_every_character_there_is()
    {
        for (var code = 0; code <= 0x10ffff; code++)
        {
            // Surrogates and what will never be a character have no folding.
            if (!Rune.TryCreate(code, out var rune) || CaseFold.Fold(rune.ToString()) is not { } folded)
            {
                continue;
            }

            if (CaseFold.Fold(folded) != folded || CaseFold.Fold(Rune.ToUpperInvariant(rune).ToString()) != folded)
            {
                Assert.Fail($"U+{code:X4}");
            }
        }
    }

    [Fact]
    public void What_is_no_text_has_no_folding() => CaseFold.Fold("a\ud800b").ShouldBeNull();
}
