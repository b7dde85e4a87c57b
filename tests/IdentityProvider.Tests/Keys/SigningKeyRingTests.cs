using System.Security.Cryptography;
using Harness;
using Jose;
using Microsoft.Extensions.Logging.Abstractions;
using Oidc;

namespace IdentityProvider.Tests;

public sealed class SigningKeyRingTests : IAsyncLifetime
{
    private static readonly KeyPeriods Periods = new();

    private readonly MigratedDatabase _database = new();
    private readonly ManualTime _time = new();
    private readonly KeyEncryptionKey _kek = new(RandomNumberGenerator.GetBytes(32));

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    private SigningKeyRing Node(KeyEncryptionKey? kek = null) =>
        new(_database.Source, new SigningKeyStore(_database.Source), new KeyEncryptionKeys(kek ?? _kek), Periods, _time, NullLogger<SigningKeyRing>.Instance);

    private async Task<SigningKeyRing> LoadedAsync()
    {
        var node = Node();
        await node.ReloadAsync(default);
        return node;
    }

    [Fact]
    public async Task A_fresh_database_gets_one_active_key_an_algorithm_however_many_nodes_start()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => Node()).ToArray();

        await Task.WhenAll(nodes.Select(node => node.ReloadAsync(default)));

        foreach (var algorithm in SigningKeyRing.Algorithms)
        {
            nodes.Select(node => node.Current.ActiveFor(algorithm).KeyId).Distinct().Count().ShouldBe(1);
        }

        (await _database.ScalarAsync<long>("select count(*) from signing_keys")).ShouldBe(3);
    }

    [Fact]
    public async Task Another_node_verifies_what_this_one_signed()
    {
        var signing = (await LoadedAsync()).Current.ActiveFor("ES256");
        var verifying = (await LoadedAsync()).Current.ActiveFor("ES256");

        var signature = new byte[signing.SignatureLength];
        signing.Sign("text"u8, signature);

        verifying.ShouldNotBeSameAs(signing);
        verifying.PublicKey.Verify("text"u8, signature, Algorithms.ES256).ShouldBeTrue();
    }

    [Fact]
    public async Task Announces_the_next_key_then_uses_it_then_retires_the_last_then_deletes_it()
    {
        var node = await LoadedAsync();
        var first = node.Current.ActiveFor("ES256").KeyId;

        await AdvanceAsync(node, Periods.Active - Periods.Announce);
        var next = Published(node).Except([first]).Single();
        node.Current.ActiveFor("ES256").KeyId.ShouldBe(first);

        await AdvanceAsync(node, Periods.Announce);
        node.Current.ActiveFor("ES256").KeyId.ShouldBe(next);
        Published(node).ShouldContain(first);

        await AdvanceAsync(node, Periods.Retire);
        Published(node).ShouldBe([next]);
        (await _database.ScalarAsync<bool>("select exists (select from signing_keys where key_id = $1)", first)).ShouldBeFalse();
    }

    [Fact]
    public async Task Moves_on_by_the_clock_while_the_database_is_away()
    {
        var node = await LoadedAsync();
        var first = node.Current.ActiveFor("ES256").KeyId;
        await AdvanceAsync(node, Periods.Active - Periods.Announce);
        await _database.ExecuteAsync("alter table signing_keys rename to signing_keys_away");

        _time.Advance(Periods.Announce);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => node.ReloadAsync(default));

        node.Current.ActiveFor("ES256").KeyId.ShouldNotBe(first);
    }

    [Fact]
    public async Task Refuses_keys_that_another_key_wrapped_with_a_sentence()
    {
        await LoadedAsync();

        var refusal = await Should.ThrowAsync<StartRefusedException>(() => Node(new KeyEncryptionKey(RandomNumberGenerator.GetBytes(32))).ReloadAsync(default));

        refusal.Message.ShouldStartWith("Keys:Kek ");
    }

    [Fact]
    public async Task A_wrapped_key_moved_to_another_row_does_not_unwrap_there()
    {
        await LoadedAsync();
        await _database.ExecuteAsync("""
            update signing_keys k set wrapped = other.wrapped from signing_keys other where k.algorithm = 'RS256' and other.algorithm = 'PS256'
            """);

        await Should.ThrowAsync<CryptographicException>(() => Node().ReloadAsync(default));
    }

    private async Task AdvanceAsync(SigningKeyRing node, TimeSpan by)
    {
        _time.Advance(by);
        await node.ReloadAsync(default);
    }

    private static IReadOnlyList<string> Published(SigningKeyRing node) =>
        [.. System.Text.Json.JsonDocument.Parse(node.Current.Jwks).RootElement.GetProperty("keys").EnumerateArray()
            .Where(key => key.GetProperty("alg").GetString() == Algorithms.ES256).Select(key => key.GetProperty("kid").GetString()!)];
}
