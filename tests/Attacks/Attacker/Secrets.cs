using System.Net;
using System.Text.RegularExpressions;

namespace Attacks;

/// <summary>Every credential that was issued or typed in this run.</summary>
public sealed partial class Secrets
{
    private static readonly string[] Cookies = ["identity.session", "identity.browser", "identity.devices", "identity.code", "identity.form"];

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    public void Add(string secret) => _known.Add(secret);

    /// <summary>Handles and tokens are known by their shape, wherever they stand.</summary>
    public void LearnFrom(string text)
    {
        foreach (var match in Shapes().EnumerateMatches(text))
        {
            _known.Add(text.Substring(match.Index, match.Length));
        }
    }

    public void LearnFrom(Reply reply)
    {
        LearnFrom(reply.Body);
        LearnFrom(WebUtility.UrlDecode(reply.Location ?? ""));
        foreach (var (name, value) in reply.Cookies.Where(cookie => Cookies.Contains(cookie.Name) && cookie.Value.Length > 0))
        {
            _known.Add(value);
        }
    }

    /// <summary>The first that stands in a line, or null.</summary>
    public string? FirstIn(string line)
    {
        // By words, since there are thousands of both: a credential never contains a character that ends one.
        foreach (var word in Words().EnumerateMatches(line))
        {
            var text = line.Substring(word.Index, word.Length);
            if (_known.Contains(text) || _known.Contains(text.TrimEnd('.')))
            {
                return text;
            }
        }

        return null;
    }

    // Handles carry 43 digits of base64url; a signed token three parts of it.
    [GeneratedRegex(@"\b[a-z]{2}_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])|\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
    private static partial Regex Shapes();

    [GeneratedRegex("[A-Za-z0-9_.~+/%-]{6,}")]
    private static partial Regex Words();
}
