using System.Security.Cryptography;
using System.Text.Json;
using Oidc;

namespace IdentityProvider;

/// <summary>Interactions of this browser: begun, found again by the handle in the address, moved on.</summary>
public sealed class Interactions(InteractionStore store, ConsentStore consents, BrowserId browser, TimeProvider time)
{
    /// <summary>The name of the handle in every address.</summary>
    public const string Parameter = "interaction";

    // How long a form post that came without any cookie has to be taken up by the browser it came from.
    private static readonly TimeSpan TakeUp = TimeSpan.FromMinutes(1);

    /// <summary>Keeps an authorization request, bound to this browser.</summary>
    /// <param name="unbound">Leave it to the browser that comes next: this request is a cross-site form post, which carries no cookie
    /// (RFC 6265bis §5.6.7.1), so that who sent it is only known once the browser follows the redirect.</param>
    public async Task<Interaction> BeginAsync(HttpContext context, AuthorizeRequest request, InteractionState state, bool unbound)
    {
        var interaction = New(Handle.Create(Interaction.Kind), request.Client.Id, request.Parameters, state);
        await InsertAsync(interaction, unbound ? [] : BrowserId.Hash(browser.Ensure(context)), context.RequestAborted);
        return interaction;
    }

    /// <summary>The handle of an interaction that begins when the button is pressed; until then nothing is stored.</summary>
    public string DrawHandle(HttpContext context)
    {
        browser.Ensure(context);
        return Handle.Create(Interaction.Kind);
    }

    /// <summary>
    /// The interaction of a person who came by themselves. Its handle was drawn when the page was shown, so that pressing the button twice
    /// begins one interaction, not two.
    /// </summary>
    /// <param name="session">The session of this browser, if any.</param>
    public async Task<Interaction?> BeginAsync(HttpContext context, string handle, FoundSession? session)
    {
        if (Handle.HashOf(handle, Interaction.Kind) is null)
        {
            return null;
        }

        await InsertAsync(New(handle, clientId: null, Parameters.Empty, new InteractionState().Asking(Question.SignIn, session?.Session.Id)), BrowserId.Hash(browser.Ensure(context)), context.RequestAborted);
        return (await FindAsync(context, handle)).Interaction;
    }

    /// <summary>The interaction of this browser by that handle.</summary>
    public async Task<InteractionFinding> FindAsync(HttpContext context, string handle)
    {
        if (Handle.HashOf(handle, Interaction.Kind) is not { } hash || await store.FindAsync(hash, context.RequestAborted) is not { } row)
        {
            return new InteractionFinding(null, null);
        }

        var now = time.GetUtcNow();
        if (!await IsOursAsync(context, row, now))
        {
            return new InteractionFinding(null, row.ClientId);
        }

        var interaction = Restore(handle, row);
        return row.StartedAt + Interaction.Lifetime > now ? new InteractionFinding(interaction, row.ClientId) : new InteractionFinding(null, row.ClientId) { Expired = interaction };
    }

    /// <summary>Stores a step forward.</summary>
    public async Task MoveAsync(Interaction interaction, InteractionState state)
    {
        interaction.State = state;
        // Not the request's own token: the step was taken, whether or not somebody still waits for the answer.
        await store.SaveAsync(interaction.Hash, Serialize(state), CancellationToken.None);
    }

    /// <summary>Stores that the person of a session allowed what this interaction's client asks for, and remembers it, in one step.</summary>
    public async Task ConsentAsync(Interaction interaction, FoundSession session, Consent consent)
    {
        interaction.State = interaction.State with { ConsentedSession = session.Session.Id, Subject = session.Session.Subject, Notice = null };
        await consents.GiveAsync(session.PersonId, interaction.ClientId!, consent, time.GetUtcNow(), interaction.Hash, Serialize(interaction.State));
    }

    private async Task<bool> IsOursAsync(HttpContext context, InteractionRow row, DateTimeOffset now)
    {
        if (row.BrowserHash.Length == 0)
        {
            return row.StartedAt + TakeUp > now && await store.BindAsync(row.Hash, BrowserId.Hash(browser.Ensure(context)), context.RequestAborted);
        }

        return browser.Find(context) is { } secret && CryptographicOperations.FixedTimeEquals(BrowserId.Hash(secret), row.BrowserHash);
    }

    private static string Serialize(InteractionState state) => JsonSerializer.Serialize(state, PagesJson.Default.InteractionState);

    private Interaction New(string handle, string? clientId, Parameters parameters, InteractionState state) =>
        new(handle, Handle.Hash(handle), clientId, parameters, time.GetUtcNow()) { State = state };

    private Task InsertAsync(Interaction interaction, byte[] browserHash, CancellationToken cancellation)
    {
        string[][] pairs = [.. interaction.Parameters.Items.Select(item => new[] { item.Key, item.Value })];
        return store.InsertAsync(new InteractionRow(interaction.Hash, browserHash, interaction.ClientId,
            JsonSerializer.Serialize(pairs, PagesJson.Default.StringArrayArray),
            Serialize(interaction.State),
            interaction.StartedAt, interaction.StartedAt + 2 * Interaction.Lifetime), cancellation);
    }

    private static Interaction Restore(string handle, InteractionRow row)
    {
        var pairs = JsonSerializer.Deserialize(row.Parameters, PagesJson.Default.StringArrayArray)!;
        return new Interaction(handle, row.Hash, row.ClientId, Parameters.From(pairs.Select(pair => KeyValuePair.Create(pair[0], pair[1]))), row.StartedAt)
        {
            State = JsonSerializer.Deserialize(row.State, PagesJson.Default.InteractionState)!,
        };
    }
}

/// <summary>The outcome of a search.</summary>
/// <param name="Interaction">Null when there is none, it is too old, or another browser's.</param>
/// <param name="ClientId">Whose it is or was, as far as known, so that a dead page can still name the application.</param>
public sealed record InteractionFinding(Interaction? Interaction, string? ClientId)
{
    /// <summary>This browser's own, too old to go on: its request can be sent once more.</summary>
    public Interaction? Expired { get; init; }
}
