using System.Security.Cryptography;
using System.Text.Json;
using Oidc;

namespace IdentityProvider;

/// <summary>Interactions of this browser: begun, found again by the handle in the address, moved on.</summary>
public sealed class Interactions(InteractionStore store, BrowserId browser, TimeProvider time)
{
    /// <summary>The name of the handle in every address.</summary>
    public const string Parameter = "interaction";

    // How long a form post that came without any cookie has to be taken up by the browser it came from.
    private static readonly TimeSpan TakeUp = TimeSpan.FromMinutes(1);

    /// <summary>Keeps an authorization request, bound to this browser.</summary>
    /// <param name="unbound">Leave it to the browser that comes next: this request is a cross-site form post, which carries no cookie
    /// (RFC 6265bis §5.6.7.1), so that who sent it is only known once the browser follows the redirect.</param>
    public async Task<Interaction> BeginAsync(HttpContext context, AuthorizeRequest request, bool unbound)
    {
        var interaction = New(Handle.Create(Interaction.Kind), request.Client.Id, request.Parameters);
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
    public async Task<Interaction?> BeginAsync(HttpContext context, string handle)
    {
        if (Handle.HashOf(handle, Interaction.Kind) is null)
        {
            return null;
        }

        await InsertAsync(New(handle, clientId: null, Parameters.Empty), BrowserId.Hash(browser.Ensure(context)), context.RequestAborted);
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
        var live = row.StartedAt + Interaction.Lifetime > now && await IsOursAsync(context, row, now);
        return live ? new InteractionFinding(Restore(handle, row), row.ClientId) : new InteractionFinding(null, row.ClientId);
    }

    /// <summary>Stores a step forward.</summary>
    public async Task MoveAsync(Interaction interaction, InteractionState state)
    {
        interaction.State = state;
        // Not the request's own token: the step was taken, whether or not somebody still waits for the answer.
        await store.SaveAsync(interaction.Hash, JsonSerializer.Serialize(state, PagesJson.Default.InteractionState), CancellationToken.None);
    }

    private async Task<bool> IsOursAsync(HttpContext context, InteractionRow row, DateTimeOffset now)
    {
        if (row.BrowserHash.Length == 0)
        {
            return row.StartedAt + TakeUp > now && await store.BindAsync(row.Hash, BrowserId.Hash(browser.Ensure(context)), context.RequestAborted);
        }

        return browser.Find(context) is { } secret && CryptographicOperations.FixedTimeEquals(BrowserId.Hash(secret), row.BrowserHash);
    }

    private Interaction New(string handle, string? clientId, Parameters parameters) => new(handle, Handle.Hash(handle), clientId, parameters, time.GetUtcNow());

    private Task InsertAsync(Interaction interaction, byte[] browserHash, CancellationToken cancellation)
    {
        string[][] pairs = [.. interaction.Parameters.Items.Select(item => new[] { item.Key, item.Value })];
        return store.InsertAsync(new InteractionRow(interaction.Hash, browserHash, interaction.ClientId,
            JsonSerializer.Serialize(pairs, PagesJson.Default.StringArrayArray),
            JsonSerializer.Serialize(interaction.State, PagesJson.Default.InteractionState),
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
public sealed record InteractionFinding(Interaction? Interaction, string? ClientId);
