using System.Security.Cryptography;
using System.Text;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// 256 random bits that tell one browser from another, signed in or not. Interactions and one-time codes are bound to them, so that a link or a
/// code carried to another browser is worth nothing there.
/// </summary>
public sealed class BrowserId(BrowserCookies cookies)
{
    private const string Kind = "br_";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);
    private static readonly object Drawn = new();

    /// <summary>The secret this browser carries; null when it carries none.</summary>
    public string? Find(HttpContext context) =>
        context.Items[Drawn] as string ?? (cookies.Read(context, BrowserCookies.Browser) is { } value && Handle.HashOf(value, Kind) is not null ? value : null);

    /// <summary>The secret this browser carries, drawn now when it carries none.</summary>
    public string Ensure(HttpContext context)
    {
        if (Find(context) is { } known)
        {
            return known;
        }

        var drawn = Handle.Create(Kind);
        context.Items[Drawn] = drawn;
        cookies.Write(context, BrowserCookies.Browser, drawn, Lifetime);
        return drawn;
    }

    /// <summary>What is kept of it.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
