// OpenID Connect Discovery §3 (issuer) and the lifetimes of RFC 6749 §4.1.2, §5.1, §6.
namespace Oidc;

/// <summary>What the engine is told at start; it does not change while running.</summary>
public sealed record OidcOptions
{
    /// <summary>The issuer identifier: an origin, with a path at most; no query, fragment or trailing slash. It always wins over the request's host.</summary>
    public required string Issuer { get; init; }

    public Lifetimes Lifetimes { get; init; } = new();

    /// <summary>How often a client's secret may be guessed from one network.</summary>
    public GuessLimit ClientGuesses { get; init; } = new(20, TimeSpan.FromMinutes(1));

    /// <summary>The languages of the pages, as BCP 47 tags (Discovery §3, <c>ui_locales_supported</c>).</summary>
    public IReadOnlyList<string> UiLocales { get; init; } = ["en", "zh-CN"];
}

/// <summary>How long what is issued lives.</summary>
public sealed record Lifetimes
{
    /// <summary>RFC 6749 §4.1.2 allows ten minutes at most; a redirect needs seconds.</summary>
    public TimeSpan Code { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Access and ID token.</summary>
    public TimeSpan Access { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan RefreshIdle { get; init; } = TimeSpan.FromDays(14);

    public TimeSpan RefreshAbsolute { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a retry with an already rotated token gets the same successor again.</summary>
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(2);

    public TimeSpan SessionAbsolute { get; init; } = TimeSpan.FromHours(12);

    /// <summary>A session whose person asked to stay signed in, used or not.</summary>
    public TimeSpan SessionRemembered { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a consent is remembered.</summary>
    public TimeSpan Consent { get; init; } = TimeSpan.FromDays(365);
}
