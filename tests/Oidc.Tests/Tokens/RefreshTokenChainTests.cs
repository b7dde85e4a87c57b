namespace Oidc.Tests;

public sealed class RefreshTokenChainTests
{
    private static readonly string Token = Handle.Create(Handle.RefreshToken);

    private readonly RefreshTokenChain _chain = Chain(1);

    [Fact]
    public void Computes_the_same_successor_again_from_what_was_stored()
    {
        var (stored, successor) = _chain.Rotate(Token);

        _chain.Recompute(Token, Rotation(stored)).ShouldBe(successor);
        stored.Hash.ShouldBe(Handle.Hash(successor));
        Handle.HashOf(successor, Handle.RefreshToken).ShouldNotBeNull();
    }

    [Fact]
    public void Draws_another_successor_at_each_rotation() => _chain.Rotate(Token).Token.ShouldNotBe(_chain.Rotate(Token).Token);

    [Fact]
    public void Needs_the_token_the_nonce_and_the_key()
    {
        var (stored, successor) = _chain.Rotate(Token);

        _chain.Recompute(Handle.Create(Handle.RefreshToken), Rotation(stored)).ShouldNotBe(successor);
        _chain.Recompute(Token, Rotation(stored with { Nonce = new byte[32] })).ShouldNotBe(successor);
        new RefreshTokenChain(1, new Dictionary<int, byte[]> { [1] = [7] }).Recompute(Token, Rotation(stored)).ShouldNotBe(successor);
    }

    [Fact]
    public void Reads_rotations_of_an_older_key_and_writes_those_of_the_current_one()
    {
        var (old, successor) = _chain.Rotate(Token);
        var rewrapped = Chain(2);

        rewrapped.Recompute(Token, Rotation(old)).ShouldBe(successor);
        rewrapped.Rotate(Token).Stored.KeyVersion.ShouldBe(2);
    }

    [Fact]
    public void Computes_nothing_once_the_key_is_gone() => _chain.Recompute(Token, Rotation(_chain.Rotate(Token).Stored with { KeyVersion = 9 })).ShouldBeNull();

    private static RefreshTokenChain Chain(int current) => new(current, new Dictionary<int, byte[]> { [1] = [1, 1], [2] = [2, 2] });

    private static EarlierRotation Rotation(RefreshSuccessor stored) => new(DateTimeOffset.UnixEpoch, stored.Nonce, stored.KeyVersion, SuccessorUsed: false, SameRequest: true);
}
