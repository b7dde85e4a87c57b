namespace Operating;

/// <summary>Two nodes of one installation in this process, on one clock, and the mail server they share.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private readonly Postbox _postbox = new();

    public Provider First { get; private set; } = null!;

    public Provider Second { get; private set; } = null!;

    /// <summary>The node that the balancer gives the request of that number to.</summary>
    public Provider this[int request] => request % 2 == 0 ? First : Second;

    public async Task InitializeAsync()
    {
        First = await Provider.StartAsync(null, await _postbox.StartAsync());
        Second = await First.StartSecondNodeAsync();
    }

    public async Task DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
        await _postbox.DisposeAsync();
    }

    /// <summary>The code in the only mail to that address.</summary>
    public Task<string> MailedCodeAsync(string address) => _postbox.CodeAsync(address);
}
