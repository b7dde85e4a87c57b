using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider;

/// <summary>What may be registered as a redirect URI. Requests are then compared with it character by character.</summary>
public static class RedirectUri
{
    // What a request may bring (design §4); a longer one could be registered and never be used.
    private const int MaxLength = 512;

    // RFC 6749 §4.1.2, RFC 9207 §2 and OpenID Connect's own: of two parameters of one name the client might believe the wrong one (CVE-2026-9689).
    private static readonly string[] AnswerParameters = ["code", "state", "iss", "error", "error_description", "error_uri", "session_state", "id_token", "access_token", "response"];
    /// <summary>The end of the sentence “The redirect URI … which …”, or null when it may be registered.</summary>
    public static string? ProblemOf(string text)
    {
        // A wildcard would be compared as a star, and whoever wrote it meant something else.
        if (text.Contains('*', StringComparison.Ordinal))
        {
            return "has a star, and wildcards do not exist here (RFC 9700 §2.1)";
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !uri.IsWellFormedOriginalString())
        {
            return "is not an absolute URI";
        }
        // RFC 6749 §3.1.2.
        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "has a fragment";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "names a user";
        }

        if (text.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        if (QueryHelpers.ParseQuery(uri.Query).Keys.FirstOrDefault(key => AnswerParameters.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } taken)
        {
            return $"has the parameter {taken}, which the answer to the client has";
        }

        return uri.Scheme switch
        {
            "https" => uri.Host.Length > 0 ? null : "names no host",
            // RFC 8252 §7.3: plain http only where nothing leaves the machine.
            "http" => uri.IsLoopback ? null : "is plain http to another machine",
            // RFC 8252 §7.1: a private-use scheme is a reversed domain name; this also keeps out javascript, data and their like.
            _ => uri.Scheme.Contains('.', StringComparison.Ordinal) ? null : "has a scheme that is neither https nor a reversed domain name (RFC 8252 §7.1)",
        };
    }
}
