namespace Conformance;

// Whether the person is asked again.
public abstract partial class BasicModules
{
    [Module("oidcc-prompt-login")]
    public async Task Asks_again_with_prompt_login()
    {
        var first = await SignInAsync(Client.Request());
        Wait(seconds: 1);

        var second = await SignInAsync(Client.Request().And("prompt", "login"));

        second.Arrival.Pages.ShouldContain("/log-in/password");
        second.IdToken.SignedInAt.ShouldBeGreaterThan(first.IdToken.SignedInAt);
        second.IdToken.Subject.ShouldBe(first.IdToken.Subject);
    }

    [Module("oidcc-prompt-none-not-logged-in")]
    public async Task Shows_nothing_with_prompt_none_to_who_is_not_signed_in()
    {
        var request = Client.Request().With("state", RelyingParty.Draw(128)).And("prompt", "none");

        (await AskAsync(request)).ShouldNeedInteraction(request);
    }

    [Module("oidcc-prompt-none-logged-in")]
    public async Task Shows_nothing_with_prompt_none_to_who_is_signed_in()
    {
        var first = await SignInAsync(Client.Request());
        Wait(seconds: 1);

        var second = await SignInAsync(Client.Request().And("prompt", "none"));

        ShouldBeTheSameSignIn(first, second);
    }

    [Module("oidcc-max-age-1")]
    public async Task Asks_again_who_signed_in_longer_ago_than_max_age()
    {
        var first = await SignInAsync(Client.Request());
        Wait(seconds: 2);

        var second = await SignInAsync(Client.Request().And("max_age", "1"));

        second.Arrival.Pages.ShouldContain("/log-in/password");
        second.IdToken.SignedInAt.ShouldBeGreaterThan(first.IdToken.SignedInAt);
        second.IdToken.SignedInAt.ShouldBeInRange(provider.Time.Now.ToUnixTimeSeconds() - 1, provider.Time.Now.ToUnixTimeSeconds());
    }

    [Module("oidcc-max-age-10000")]
    public async Task Asks_nobody_who_signed_in_within_max_age()
    {
        var first = await SignInAsync(Client.Request().And("max_age", "15000"));
        Wait(seconds: 1);

        var second = await SignInAsync(Client.Request().And("max_age", "10000"));

        ShouldBeTheSameSignIn(first, second);
    }

    [Module("oidcc-id-token-hint")]
    public async Task Takes_its_ID_token_as_a_hint()
    {
        var first = await SignInAsync(Client.Request());
        Wait(seconds: 1);

        var second = await SignInAsync(Client.Request().And("prompt", "none").And("id_token_hint", first.RawIdToken));

        ShouldBeTheSameSignIn(first, second);
    }

    private static void ShouldBeTheSameSignIn(SignIn first, SignIn second)
    {
        second.Arrival.Pages.ShouldBeEmpty();
        second.IdToken.SignedInAt.ShouldBe(first.IdToken.SignedInAt);
        second.IdToken.Subject.ShouldBe(first.IdToken.Subject);
    }
}
