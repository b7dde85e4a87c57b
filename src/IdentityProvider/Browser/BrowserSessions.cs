using Oidc;

namespace IdentityProvider;

/// <summary>The session of a browser: its cookie carries a secret of its own, never the <c>sid</c> that relying parties know.</summary>
public sealed class BrowserSessions(SessionStore store, BrowserCookies cookies, KnownDevices devices, OidcOptions options, TimeProvider time)
{
    private const string Kind = "se_";
    private const string Surface = "page";

    /// <summary>The session if it is alive and its person enabled.</summary>
    /// <param name="clientId">The client whose consent is to be read with it.</param>
    public async Task<FoundSession?> FindAsync(HttpContext context, string? clientId = null) =>
        Carried(context) is { } hash ? await store.FindAsync(hash, clientId, time.GetUtcNow(), context.RequestAborted) : null;

    /// <summary>
    /// Signs a person in here: a new session with a new id, whatever the browser carried before. Gives its secret, already on its way to the browser.
    /// </summary>
    public async Task<string> StartAsync(HttpContext context, Proof proof)
    {
        var secret = Handle.Create(Kind);
        var session = new NewSession(Handle.Hash(secret), proof.PersonId, Surface, Acr.OneFactor, [proof.Method])
        {
            ClientId = proof.ClientId,
            DeviceLabel = DeviceLabel.Of(context.Request.Headers.UserAgent),
            Address = context.Connection.RemoteIpAddress?.ToString(),
            Remembered = proof.Remember,
            Previous = Carried(context),
        };
        await store.StartAsync(session, time.GetUtcNow(), CancellationToken.None);
        Keep(context, secret, proof.Remember);
        devices.Remember(context, proof.PersonId);
        return secret;
    }

    /// <summary>Gives the browser the secret of a session that a page of it just made; null when that is over already.</summary>
    public async Task<FoundSession?> TakeOverAsync(HttpContext context, string secret, string? clientId)
    {
        if (await store.FindAsync(Handle.Hash(secret), clientId, time.GetUtcNow(), context.RequestAborted) is not { } session)
        {
            return null;
        }

        Keep(context, secret, session.Remembered);
        return session;
    }

    /// <summary>
    /// Takes the cookie away if the browser sent it. Where another site's form came without cookies, taking it would sign out whoever that site likes.
    /// </summary>
    public void Forget(HttpContext context)
    {
        if (cookies.Read(context, BrowserCookies.Session) is not null)
        {
            cookies.Delete(context, BrowserCookies.Session);
        }
    }

    /// <summary>A secret for a session that is made elsewhere; <see cref="Keep"/> hands it to the browser.</summary>
    public static string NewSecret() => Handle.Create(Kind);

    /// <summary>Hands the secret of a session that was made for this browser to it.</summary>
    public void Keep(HttpContext context, string secret, bool remember) =>
        cookies.Write(context, BrowserCookies.Session, secret, remember ? options.Lifetimes.SessionRemembered : null);

    /// <summary>The hash of the secret this browser carries, whatever became of its session.</summary>
    public byte[]? Carried(HttpContext context) => cookies.Read(context, BrowserCookies.Session) is { } secret ? Handle.HashOf(secret, Kind) : null;
}

/// <summary>A proof that was just accepted on a page.</summary>
/// <param name="Method">One value of <c>amr</c> (RFC 8176).</param>
/// <param name="Remember">Stay signed in on this device.</param>
public sealed record Proof(Guid PersonId, string Method, string? ClientId, bool Remember)
{
    public const string Password = "pwd";
    public const string Code = "otp";
}
