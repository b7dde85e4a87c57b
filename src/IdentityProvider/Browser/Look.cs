using Microsoft.AspNetCore.Http.Headers;

namespace IdentityProvider;

/// <summary>What every page shows around its own content: language, colours, and the links that change them.</summary>
public sealed class Look
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly List<KeyValuePair<string, string?>> _kept = [];
    private string _page = "";

    public required Texts Texts { get; init; }

    /// <summary><c>light</c> or <c>dark</c> by hand; null follows the device.</summary>
    public required string? Theme { get; init; }

    /// <summary>False where the address alone would not bring the same page again.</summary>
    public required bool MaySwitch { get; set; }

    /// <summary>
    /// Decides language and colours, and keeps a choice the address carries. A language chosen by hand counts from when it was chosen; a relying
    /// party that asks for another later is heard again.
    /// </summary>
    /// <param name="uiLocales">What the request asked for, where it stands neither in an interaction nor in the address.</param>
    public static Look Of(HttpContext context, BrowserCookies cookies, DateTimeOffset now, Interaction? interaction, string? uiLocales = null)
    {
        var request = context.Request;
        var asked = request.Query["language"].ToString() is Language.English or Language.Chinese ? request.Query["language"].ToString() : null;
        if (asked is not null)
        {
            cookies.Write(context, BrowserCookies.Language, Language.ToCookie(asked, now), Lifetime);
        }

        var theme = ThemeOf(context, cookies);
        var language = asked ?? LanguageOf(context, cookies, interaction?.Parameters["ui_locales"] ?? uiLocales ?? UiLocalesOf(request), interaction?.StartedAt ?? now);
        var look = new Look
        {
            Texts = language == Language.Chinese ? ChineseTexts.Instance : EnglishTexts.Instance,
            Theme = theme,
            // A form that was posted to the protocol's own endpoints is gone once another page is asked for.
            MaySwitch = HttpMethods.IsGet(request.Method) || !request.Path.StartsWithSegments("/connect"),
        };
        if (Language.FromLocales(UiLocalesOf(request)) is { } wished)
        {
            look.Keep("ui_locales", wished);
        }

        context.Features.Set(look);
        return look;
    }

    /// <summary>The look that was decided for this request.</summary>
    public static Look In(HttpContext context) => context.Features.Get<Look>() ?? throw new InvalidOperationException("A page is shown before its look was decided.");

    /// <summary>
    /// Has the links that switch language and colours carry this along. They repeat nothing else of the request: whatever a stranger wrote into
    /// the address would stand on our page.
    /// </summary>
    /// <param name="value">One that was found to be ours.</param>
    public void Keep(string name, string value) => _kept.Add(KeyValuePair.Create<string, string?>(name, value));

    /// <summary>The switches lead to that page instead, for what is shown at an address that cannot be asked for again.</summary>
    public void SwitchAt(string page, string name, string value)
    {
        _page = page;
        _kept.Clear();
        Keep(name, value);
        Keep("ui_locales", Texts.Language);
        MaySwitch = true;
    }

    /// <summary>The address of this page with one choice changed.</summary>
    public string LinkTo(string name, string value) => _page + QueryString.Create([.. _kept, KeyValuePair.Create<string, string?>(name, value)]);

    private static string? ThemeOf(HttpContext context, BrowserCookies cookies)
    {
        switch (context.Request.Query["theme"].ToString())
        {
            case var chosen and ("light" or "dark"):
                cookies.Write(context, BrowserCookies.Theme, chosen, Lifetime);
                return chosen;
            case "auto":
                cookies.Delete(context, BrowserCookies.Theme);
                return null;
            default:
                return cookies.Read(context, BrowserCookies.Theme) is var kept and ("light" or "dark") ? kept : null;
        }
    }

    private static string LanguageOf(HttpContext context, BrowserCookies cookies, string? uiLocales, DateTimeOffset since)
    {
        var byHand = Language.FromCookie(cookies.Read(context, BrowserCookies.Language));
        var byClient = Language.FromLocales(uiLocales);
        return byHand?.At >= Seconds(since) ? byHand.Value.Language
            : byClient ?? byHand?.Language ?? Language.FromAcceptLanguage(new RequestHeaders(context.Request.Headers).AcceptLanguage) ?? Language.English;
    }

    // Logout and failing authorization requests carry it in the address; it is only a wish, so nothing depends on where it came from.
    private static string? UiLocalesOf(HttpRequest request) => request.Query["ui_locales"] is { Count: 1 } values ? values[0] : null;

    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
