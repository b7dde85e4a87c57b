using System.Net;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Oidc;

namespace Operating;

/// <summary>docs/production.md, Backup and restore: with pg_dump, into another database.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly string _dump = Path.GetTempFileName();
    private readonly string _kek = "Keys:Kek=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private Database _original = null!;
    private Database _restored = null!;
    private string _issuer = null!;
    private string _cookie = null!;
    private string _keyId = null!;
    private byte[] _signingKey = null!;
    private TokenAnswer _tokens = null!;

    public async Task InitializeAsync()
    {
        _original = await Cluster.CreateDatabaseAsync();
        _restored = await Cluster.CreateDatabaseAsync();
        await using var provider = await Provider.StartAsync(_original, _kek);
        _issuer = "Oidc:Issuer=" + provider.Issuer;
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        _tokens = await provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        _cookie = provider.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("text");
        var key = provider.Services.GetRequiredService<ISigningKeys>().Current.ActiveFor("ES256");
        (_keyId, _signingKey) = (key.KeyId, key.ExportPkcs8()[36..68]);
        await _original.DumpAsync(_dump);
        await _restored.RestoreAsync(_dump);
    }

    public async Task DisposeAsync()
    {
        File.Delete(_dump);
        await _original.DisposeAsync();
        await _restored.DisposeAsync();
    }

    [Fact]
    public async Task Old_tokens_sessions_and_cookies_work_on_the_restored_database()
    {
        await using var provider = await Provider.StartAsync(_restored, _kek, _issuer);

        (await provider.UserInfoAsync(_tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await provider.RefreshAsync("storefront", _tokens.RefreshToken)).Succeeded.ShouldBeTrue();
        provider.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(_cookie).ShouldBe("text");
        provider.Services.GetRequiredService<ISigningKeys>().Current.ActiveFor("ES256").KeyId.ShouldBe(_keyId);
        (await provider.CountAsync("select count(*) from sessions where ended_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_dump_alone_yields_no_key()
    {
        var dump = await File.ReadAllBytesAsync(_dump);
        var text = Encoding.Latin1.GetString(dump);

        text.ShouldContain(_keyId);
        text.ShouldNotContain(Convert.ToHexStringLower(_signingKey));
        text.ShouldNotContain(Convert.ToBase64String(_signingKey)[..40]);
        dump.AsSpan().IndexOf(_signingKey).ShouldBe(-1);
        var another = "Keys:Kek=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        (await Should.ThrowAsync<StartRefusedException>(() => Provider.StartAsync(_restored, another, _issuer))).Message.ShouldStartWith("Keys:Kek ");
    }

    // docs/production.md, "If it is lost".
    [Fact]
    public async Task A_lost_key_costs_everybody_a_sign_in_and_nobody_their_account()
    {
        var another = "Keys:Kek=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using (var source = Npgsql.NpgsqlDataSource.Create(_restored.ConnectionString))
        await using (var command = source.CreateCommand("delete from signing_keys; delete from data_protection_keys"))
        {
            await command.ExecuteNonQueryAsync();
        }

        await using var provider = await Provider.StartAsync(_restored, another, _issuer);

        (await provider.UserInfoAsync(_tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var signIn = provider.Services.GetRequiredService<Accounts.PasswordSignIn>();
        (await signIn.TryAsync(new Accounts.PasswordAttempt("alice@example.com", SignIn.Password, IPAddress.Loopback, KnownDevice: false), CancellationToken.None))
            .ShouldBeOfType<Accounts.PasswordOutcome.SignedIn>();
    }

    // users.md A row 27: nodes of this version go on while the next one has already migrated.
    [Fact]
    public async Task This_version_works_on_a_schema_that_a_later_one_has_added_to()
    {
        await using (var source = Npgsql.NpgsqlDataSource.Create(_restored.ConnectionString))
        {
            foreach (var sql in new[]
            {
                """insert into "__EFMigrationsHistory" values ('29991231000000_Later', '99.0.0')""", "create table later (id int primary key)",
                "alter table sessions add later text", "alter table grants add later text not null default ''", "alter table refresh_tokens add later int not null default 0",
                "alter table clients add later text", "alter table people add later timestamptz", "create index grants_later on grants (later)",
            })
            {
                await using var command = source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
            }
        }

        await using var provider = await Provider.StartAsync(_restored, _kek, _issuer);
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var tokens = await provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));

        (await provider.RefreshAsync("storefront", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
        (await provider.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await provider.CountAsync("""select count(*) from "__EFMigrationsHistory" where "MigrationId" = '29991231000000_Later'""")).ShouldBe(1);
    }
}
