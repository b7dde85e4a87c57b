using System.Text.Json;

namespace IdentityProvider;

/// <summary>
/// The code this browser asked for last, sealed in a cookie. Whoever goes back to the relying party and begins again within the minute in which
/// no new code is sent can then use the one that is already in their mailbox.
/// </summary>
public sealed class LatestCode(BrowserCookies cookies, Seal seal, TimeProvider time)
{
    private const string Purpose = "latest code";

    /// <summary>The code under way to this address, if it was asked for here and still works.</summary>
    public SentCode? Find(HttpContext context, string address)
    {
        var text = seal.Open(Purpose, cookies.Read(context, BrowserCookies.LatestCode));
        var code = text is null ? null : JsonSerializer.Deserialize(text, PagesJson.Default.SentCode);
        return code?.Address == address && code.ExpiresAt > time.GetUtcNow() ? code : null;
    }

    public void Remember(HttpContext context, SentCode code) => cookies.Write(context, BrowserCookies.LatestCode,
        seal.Close(Purpose, JsonSerializer.Serialize(code, PagesJson.Default.SentCode)), code.ExpiresAt - time.GetUtcNow());

    public void Forget(HttpContext context) => cookies.Delete(context, BrowserCookies.LatestCode);
}
