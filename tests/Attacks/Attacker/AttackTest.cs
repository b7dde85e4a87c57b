using ProviderHarness;

namespace Attacks;

/// <summary>A class of attacks. After each test everything that was logged meanwhile is searched for credentials.</summary>
[Collection(AttackedProviderCollection.Name)]
public abstract class AttackTest(AttackedProvider attacked) : IAsyncLifetime
{
    protected AttackedProvider Attacked => attacked;

    protected Provider Provider => attacked.Provider;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        attacked.ShouldHaveLoggedNothingSecret();
        return Task.CompletedTask;
    }

    protected Task<Reply> SendAsync(Shot shot) => attacked.SendAsync(shot);

    protected Visitor NewVisitor() => new(attacked);
}
