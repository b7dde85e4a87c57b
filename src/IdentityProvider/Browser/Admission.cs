namespace IdentityProvider;

/// <summary>Lets in whoever has just proven who they are, once, however often the button was pressed.</summary>
public sealed class Admission(BrowserSessions sessions, Interactions interactions, LatestCode latest, Seal seal, TimeProvider time)
{
    private const string Purpose = "session of an interaction";

    // How long the second half of a double click may take to arrive.
    public static readonly TimeSpan TwinWindow = TimeSpan.FromSeconds(30);

    /// <summary>Makes the session and gives the address to go on to.</summary>
    /// <param name="hadAccount">They meant to sign up and had an account already.</param>
    public async Task<string> AdmitAsync(HttpContext context, Interaction interaction, Proof proof, bool hadAccount = false)
    {
        var secret = await sessions.StartAsync(context, proof);
        latest.Forget(context);
        await interactions.MoveAsync(interaction, interaction.State with
        {
            Code = null,
            SealedPasswordHash = null,
            ProvenAt = null,
            Notice = null,
            SealedSession = seal.Close(Purpose, secret),
            SignedInAt = time.GetUtcNow(),
            Subject = proof.PersonId.ToString("D"),
            HadAccount = hadAccount,
        });
        return hadAccount ? PagePaths.With(PagePaths.CreateAccount, interaction) : PagePaths.After(interaction);
    }

    /// <summary>
    /// The session that the first half of a double click made, when the browser dropped that answer and its cookie for the second half.
    /// </summary>
    public async Task<FoundSession?> FindTwinAsync(HttpContext context, Interaction interaction)
    {
        var state = interaction.State;
        if (state.SignedInAt + TwinWindow > time.GetUtcNow() && seal.Open(Purpose, state.SealedSession) is { } secret)
        {
            return await sessions.TakeOverAsync(context, secret, interaction.ClientId);
        }

        return null;
    }
}
