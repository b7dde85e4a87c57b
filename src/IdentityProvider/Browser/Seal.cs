using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider;

/// <summary>
/// Encrypts and authenticates what must come back unread and unchanged: from a cookie, or from a row that a database dump would show.
/// </summary>
public sealed class Seal(IDataProtectionProvider protection)
{
    /// <param name="purpose">What it is for; sealed for one purpose it opens for no other.</param>
    public string Close(string purpose, string text) => protection.CreateProtector("IdentityProvider.Pages", purpose).Protect(text);

    /// <summary>The text, or null when this is none of ours, changed, or of a key that is gone.</summary>
    public string? Open(string purpose, string? sealedText)
    {
        if (string.IsNullOrEmpty(sealedText))
        {
            return null;
        }

        try
        {
            return protection.CreateProtector("IdentityProvider.Pages", purpose).Unprotect(sealedText);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
