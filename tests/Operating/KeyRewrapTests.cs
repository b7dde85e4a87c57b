using System.Net;
using System.Security.Cryptography;
using Accounts;
using IdentityProvider;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Oidc;

namespace Operating;

/// <summary>The key-encryption key is exchanged while the installation runs, and nothing made before is lost.</summary>
public sealed class KeyRewrapTests : IAsyncLifetime
{
    private readonly string _old = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly string _new = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private Database _database = null!;

    private string Old => "Keys:Kek=" + _old;

    private string Both => "Keys:Kek=" + _new;

    private string ReadingOld => "Keys:AlsoRead=" + _old;

    public async Task InitializeAsync() => _database = await Cluster.CreateDatabaseAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_node_is_destroyed_another_takes_its_place_and_old_cookies_and_keys_still_work()
    {
        var (sealedText, keyId) = await MakeAsync(Old);

        await using var another = await Provider.StartAsync(_database, Old);

        ShouldRead(another, sealedText, keyId);
    }

    [Fact]
    public async Task Old_cookies_and_keys_work_before_during_and_after_the_key_is_exchanged()
    {
        var (sealedText, keyId) = await MakeAsync(Old);
        await using (var between = await Provider.StartAsync(_database, Both, ReadingOld))
        {
            ShouldRead(between, sealedText, keyId);
            (await RewrapAsync(between))[0].ShouldContain(" 3 signing keys and 1 data-protection keys wrapped anew");
            ShouldRead(between, sealedText, keyId);
        }

        await using var after = await Provider.StartAsync(_database, Both);

        ShouldRead(after, sealedText, keyId);
        (await Should.ThrowAsync<StartRefusedException>(() => Provider.StartAsync(_database, Old))).Message.ShouldStartWith("Keys:Kek ");
    }

    [Fact]
    public async Task A_second_run_finds_nothing_to_do()
    {
        await MakeAsync(Old);
        await using var node = await Provider.StartAsync(_database, Both, ReadingOld);
        await RewrapAsync(node);

        (await RewrapAsync(node))[0].ShouldContain(" 0 signing keys and 0 data-protection keys wrapped anew");
    }

    [Fact]
    public async Task A_run_that_dies_halfway_has_done_nothing_and_can_be_repeated()
    {
        await MakeAsync(Old);
        await using var node = await Provider.StartAsync(_database, Both, ReadingOld);
        await node.ExecuteAsync("create function die() returns trigger language plpgsql as $$ begin raise exception 'power failure'; end $$");
        await node.ExecuteAsync("create trigger die before update on data_protection_keys execute function die()");
        var before = await StoredAsync(node);

        await Should.ThrowAsync<PostgresException>(() => RewrapAsync(node));

        (await StoredAsync(node)).ShouldBe(before);
        await node.ExecuteAsync("drop trigger die on data_protection_keys");
        (await RewrapAsync(node))[0].ShouldContain(" 3 signing keys and 1 data-protection keys wrapped anew");
    }

    [Fact]
    public async Task Rows_under_a_key_that_was_not_given_are_named_and_left_alone()
    {
        await MakeAsync(Old);
        await using var node = await Provider.StartAsync(_database, Both, ReadingOld);
        await node.ExecuteAsync("update signing_keys set kek_version = 7 where algorithm = 'ES256'");
        var before = await StoredAsync(node);

        (await Should.ThrowAsync<StartRefusedException>(() => RewrapAsync(node))).Message.ShouldContain("version 7");

        (await StoredAsync(node)).ShouldBe(before);
    }

    [Fact]
    public async Task A_code_sent_under_the_old_key_proves_its_address_under_the_new_one()
    {
        await using var mail = new Postbox();
        var request = new CodeRequest("erin@example.com", CodePurpose.SignIn, Surface.Page, [1], IPAddress.Loopback, "en", KnownDevice: false);
        await using var before = await Provider.StartAsync(_database, [Old, .. await mail.StartAsync()]);
        var sent = (await before.Services.GetRequiredService<OneTimeCodes>().SendAsync(request, CancellationToken.None)).ShouldBeOfType<SendOutcome.Sent>();
        var code = await mail.CodeAsync("erin@example.com");

        await using var after = await Provider.StartAsync(_database, Both, ReadingOld);

        (await RewrapAsync(after))[1].ShouldContain($"{sent.ExpiresAt:yyyy-MM-dd HH:mm:ss}Z");
        var attempt = new CodeAttempt(sent.Challenge, code, CodePurpose.SignIn, Surface.Page, [1], IPAddress.Loopback, KnownDevice: false);
        (await after.Services.GetRequiredService<OneTimeCodes>().VerifyAsync(attempt, CancellationToken.None)).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task A_mail_queued_under_the_old_key_goes_out_under_the_new_one()
    {
        var request = new CodeRequest("frank@example.com", CodePurpose.SignIn, Surface.Page, [1], IPAddress.Loopback, "en", KnownDevice: false);
        // Nobody listens on this port, so the mail waits.
        await using (var before = await Provider.StartAsync(_database, Old, "Smtp:Host=localhost", "Smtp:Port=1", "Smtp:From=identity@example.com"))
        {
            (await before.Services.GetRequiredService<OneTimeCodes>().SendAsync(request, CancellationToken.None)).ShouldBeOfType<SendOutcome.Sent>();
            await before.ExecuteAsync("update mail_queue set due_at = created_at, holder = null, handed_over = 0, tries = 0");
        }

        await using var mail = new Postbox();
        await using var after = await Provider.StartAsync(_database, [Both, ReadingOld, .. await mail.StartAsync()]);
        await after.ExecuteAsync("update mail_queue set due_at = created_at, holder = null");

        (await mail.CodeAsync("frank@example.com")).Length.ShouldBe(6);
    }

    [Fact]
    public async Task A_refresh_whose_answer_was_lost_gives_the_same_successor_under_the_new_key()
    {
        await using var before = await Provider.StartAsync(_database, Old);
        var person = await SignedIn.AsAsync(before, "alice@example.com");
        var first = await before.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        var lost = await before.RefreshAsync("storefront", first.RefreshToken);

        await using var after = await Provider.StartAsync(_database, Both, ReadingOld);

        (await after.RefreshAsync("storefront", first.RefreshToken)).RefreshToken.ShouldBe(lost.RefreshToken);
    }

    [Fact]
    public async Task The_command_says_what_it_did()
    {
        await MakeAsync(Old);
        var installation = new Installation(_database);

        var (exitCode, output) = await NodeProcess.RunAsync(["keys", "rewrap"], installation, Both, ReadingOld);

        exitCode.ShouldBe(0, output);
        output.ShouldContain(" 3 signing keys and 1 data-protection keys wrapped anew");
        output.ShouldNotContain(_old);
        output.ShouldNotContain(_new);
    }

    // What a cookie is sealed with, and a key that tokens were signed with.
    private async Task<(string SealedText, string KeyId)> MakeAsync(params string[] settings)
    {
        await using var node = await Provider.StartAsync(_database, settings);
        return (ProtectorOf(node).Protect("text"), RingOf(node).ActiveFor("ES256").KeyId);
    }

    private static void ShouldRead(Provider node, string sealedText, string keyId)
    {
        ProtectorOf(node).Unprotect(sealedText).ShouldBe("text");
        RingOf(node).ActiveFor("ES256").KeyId.ShouldBe(keyId);
    }

    private static IDataProtector ProtectorOf(Provider node) => node.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static KeyRing RingOf(Provider node) => node.Services.GetRequiredService<ISigningKeys>().Current;

    private static Task<IReadOnlyList<string>> RewrapAsync(Provider node) => node.Services.GetRequiredService<KeyRewrap>().RunAsync(CancellationToken.None);

    private static Task<long> StoredAsync(Provider node) => node.CountAsync(
        "select hashtextextended(string_agg(t, '|' order by t), 0) from (select k::text t from signing_keys k union all select d::text from data_protection_keys d) stored");
}
