using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider;

/// <summary>The languages of the pages and mails, as BCP 47 tags.</summary>
public static class Language
{
    public const string English = "en";
    public const string Chinese = "zh-CN";

    /// <summary>The first of a list of tags (Core §3.1.2.1 <c>ui_locales</c>) that is spoken here; null when none is.</summary>
    public static string? FromLocales(string? locales) => locales?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Spoken).FirstOrDefault(tag => tag is not null);

    /// <summary>RFC 9110 §12.5.4: the most wanted one that is spoken here.</summary>
    public static string? FromAcceptLanguage(IList<StringWithQualityHeaderValue> accepted) =>
        accepted.Where(value => value.Quality is null or > 0).OrderByDescending(value => value.Quality ?? 1).Select(value => Spoken(value.Value.Value)).FirstOrDefault(tag => tag is not null);

    /// <summary>A choice by hand and when it was made: <c>zh-CN.1700000000</c>.</summary>
    public static (string Language, DateTimeOffset At)? FromCookie(string? cookie) =>
        cookie?.Split('.') is [English or Chinese, var text] parts && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 1L << 37
            ? (parts[0], DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;

    public static string ToCookie(string language, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{language}.{at.ToUnixTimeSeconds()}");

    // RFC 4647 §3.4 lookup: zh-Hans-SG and zh-HK readers are better served by zh-CN than by English.
    private static string? Spoken(string? tag) =>
        tag is null ? null
        : tag.Equals("zh", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("zh-", StringComparison.OrdinalIgnoreCase) ? Chinese
        : tag.Equals("en", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("en-", StringComparison.OrdinalIgnoreCase) ? English
        : null;
}
