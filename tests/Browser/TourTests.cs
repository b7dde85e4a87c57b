namespace Browser.Tests;

/// <summary>What holds for every page in every state.</summary>
[Collection(WorldCollection.Name)]
public sealed class TourTests(World world)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "31")]
    public Task Axe_finds_nothing_in_light_or_dark(string language) => ShouldHaveFoundNothingAsync(language, "axe");

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "32")]
    public Task Nothing_scrolls_sideways_or_is_cut_off_at_400_percent(string language) => ShouldHaveFoundNothingAsync(language, "narrow");

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "32")]
    public Task Nothing_scrolls_sideways_or_is_cut_off_with_wide_spacing(string language) => ShouldHaveFoundNothingAsync(language, "spaced");

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "33")]
    public Task Focus_lands_on_what_is_wrong_or_on_the_first_field_or_on_the_heading(string language) => ShouldHaveFoundNothingAsync(language, "focus");

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "35")]
    public Task Every_page_is_in_the_language_of_the_browser(string language) => ShouldHaveFoundNothingAsync(language, "language");

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "38")]
    public async Task Nothing_foreign_is_asked_for_and_the_policy_is_broken_nowhere(string language)
    {
        await ShouldHaveFoundNothingAsync(language, "foreign");
        await ShouldHaveFoundNothingAsync(language, "console");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [Trait("Point", "40")]
    public Task Nothing_moves_after_it_was_shown(string language) => ShouldHaveFoundNothingAsync(language, "shift");

    private async Task ShouldHaveFoundNothingAsync(string language, string kind)
    {
        // Both walks at once: each waits for its browser most of the time.
        var tours = await Task.WhenAll(world.TourAsync("en"), world.TourAsync("zh-CN"));
        var tour = tours[language == "en" ? 0 : 1];
        tour.States.Count.ShouldBeGreaterThan(20);
        tour.Of(kind).ShouldBeEmpty();
    }
}
