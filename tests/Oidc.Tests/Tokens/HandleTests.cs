using System.Security.Cryptography;
using System.Text;

namespace Oidc.Tests;

public sealed class HandleTests
{
    // RFC 6749 §10.10: 256 bits here.
    [Fact]
    public void Is_drawn_anew_and_carries_256_bits()
    {
        var handles = Enumerable.Range(0, 1_000).Select(_ => Handle.Create(Handle.AuthorizationCode)).ToHashSet();

        handles.Count.ShouldBe(1_000);
        handles.ShouldAllBe(handle => handle.Length == 3 + 43);
    }

    [Fact]
    public void Is_kept_as_the_SHA_256_of_the_whole_with_its_kind() =>
        Handle.Hash("rt_abc").ShouldBe(SHA256.HashData(Encoding.ASCII.GetBytes("rt_abc")));

    [Fact]
    public void Is_looked_for_under_its_own_kind_only()
    {
        var handle = Handle.Create(Handle.RefreshToken);

        Handle.HashOf(handle, Handle.RefreshToken).ShouldBe(Handle.Hash(handle));
        Handle.HashOf(handle, Handle.AuthorizationCode).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("rt_")]
    [InlineData("rt_short")]
    [InlineData("RT_0123456789012345678901234567890123456789012")]
    [InlineData("rt_01234567890123456789012345678901234567890123")]
    [InlineData("rt_012345678901234567890123456789012345678901é")]
    public void Is_not_looked_for_when_it_cannot_be_one(string presented) => Handle.HashOf(presented, Handle.RefreshToken).ShouldBeNull();
}
