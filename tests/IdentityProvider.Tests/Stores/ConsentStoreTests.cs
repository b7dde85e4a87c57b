using System.Security.Cryptography;
using Harness;
using Oidc;

namespace IdentityProvider.Tests;

/// <summary>Consents on PostgreSQL: given, grown, listed, withdrawn.</summary>
public sealed class ConsentStoreTests : IAsyncLifetime
{
    private static readonly Guid Alice = new("0198c0de-0000-7000-8000-00000000000a");
    private static readonly Guid Bob = new("0198c0de-0000-7000-8000-00000000000b");

    private readonly MigratedDatabase _database = new();
    private readonly ManualTime _time = new();
    private ConsentStore _consents = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _consents = new ConsentStore(_database.Source, new OidcOptions { Issuer = "https://id.example" });
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Remembers_what_was_allowed_to_whom_and_until_when()
    {
        await GiveAsync(Alice, "web", ["openid", "email"], ["picture"]);

        var given = (await ListAsync(Alice)).ShouldHaveSingleItem();
        given.ClientId.ShouldBe("web");
        given.Scopes.ShouldBe(["openid", "email"]);
        given.Claims.ShouldBe(["picture"]);
        given.GivenAt.ShouldBe(_time.Now);
        given.ExpiresAt.ShouldBe(_time.Now.AddDays(365));
        (await ListAsync(Bob)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Adds_new_scopes_to_those_in_force()
    {
        await GiveAsync(Alice, "web", ["openid", "email"], ["picture"]);
        _time.Advance(TimeSpan.FromDays(30));

        await GiveAsync(Alice, "web", ["openid", "phone"], ["name"]);

        var given = (await ListAsync(Alice)).ShouldHaveSingleItem();
        given.Scopes.ShouldBe(["email", "openid", "phone"]);
        given.Claims.ShouldBe(["name", "picture"]);
        given.ExpiresAt.ShouldBe(_time.Now.AddDays(365));
    }

    [Fact]
    public async Task Adds_nothing_to_what_has_expired()
    {
        await GiveAsync(Alice, "web", ["openid", "email"], []);
        _time.Advance(TimeSpan.FromDays(366));
        (await ListAsync(Alice)).ShouldBeEmpty();

        await GiveAsync(Alice, "web", ["openid"], []);

        (await ListAsync(Alice)).ShouldHaveSingleItem().Scopes.ShouldBe(["openid"]);
    }

    [Fact]
    public async Task Writes_the_answer_into_the_interaction_and_the_audit_in_the_same_statement()
    {
        var hash = RandomNumberGenerator.GetBytes(32);
        await _database.ExecuteAsync("insert into interactions (hash, browser_hash, parameters, state, started_at, expires_at) values ($1, '', '[]', '{}', $2, $2)", hash, _time.Now);

        await _consents.GiveAsync(Alice, "web", new Consent(["openid"], []), _time.Now, hash, """{"consentedSession":"s-1"}""");

        (await _database.ScalarAsync<string>("select state ->> 'consentedSession' from interactions")).ShouldBe("s-1");
        (await _database.ScalarAsync<string>("select details #>> '{scopes,0}' from audit where event = 'consent.given' and person_id = $1 and client_id = 'web'", Alice)).ShouldBe("openid");
    }

    [Fact]
    public async Task Withdrawing_ends_the_client_s_grants_and_codes_of_that_person_and_nobody_else_s()
    {
        await GiveAsync(Alice, "web", ["openid"], []);
        await AddGrantAsync(Alice, "web");
        await AddGrantAsync(Alice, "other");
        await AddGrantAsync(Bob, "web");
        await AddCodeAsync(Alice, "web");
        await AddCodeAsync(Bob, "web");

        (await _consents.WithdrawAsync(Alice, "web", _time.Now, default)).ShouldBeTrue();

        (await ListAsync(Alice)).ShouldBeEmpty();
        (await _database.ScalarAsync<long>("select count(*) from grants where revoked_at is not null")).ShouldBe(1);
        (await _database.ScalarAsync<string>("select revoked_reason from grants where person_id = $1 and client_id = 'web'", Alice)).ShouldBe("consent_withdrawn");
        (await _database.ScalarAsync<Guid>("select person_id from authorization_codes")).ShouldBe(Bob);
        (await _database.ScalarAsync<string>("select details ->> 'grants' from audit where event = 'consent.withdrawn'")).ShouldBe("1");
    }

    [Fact]
    public async Task Withdrawing_what_was_never_given_changes_and_reports_nothing()
    {
        (await _consents.WithdrawAsync(Alice, "web", _time.Now, default)).ShouldBeFalse();

        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Fact]
    public async Task Withdrawing_waits_for_a_code_that_is_just_being_redeemed_and_ends_its_grant()
    {
        await GiveAsync(Alice, "web", ["openid"], []);
        await AddCodeAsync(Alice, "web");
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var redeeming = await connection.BeginTransactionAsync();
        await using var redeem = new Npgsql.NpgsqlCommand("""
            with redeemed as (update authorization_codes set redeemed_at = expires_at returning grant_id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr)
            insert into grants (id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, created_at, expires_at)
            select redeemed.*, authenticated_at, authenticated_at from redeemed
            """, connection);
        await redeem.ExecuteNonQueryAsync();

        var withdrawing = _consents.WithdrawAsync(Alice, "web", _time.Now, default);
        await Task.WhenAny(withdrawing, Task.Delay(200));
        withdrawing.IsCompleted.ShouldBeFalse();
        await redeeming.CommitAsync();

        (await withdrawing).ShouldBeTrue();
        (await _database.ScalarAsync<string>("select revoked_reason from grants")).ShouldBe("consent_withdrawn");
    }

    [Fact]
    public async Task A_code_waits_for_a_withdrawal_under_way_and_is_not_stored()
    {
        await GiveAsync(Alice, "web", ["openid"], []);
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var withdrawing = await connection.BeginTransactionAsync();
        await using var delete = new Npgsql.NpgsqlCommand("delete from consents", connection);
        await delete.ExecuteNonQueryAsync();

        var storing = StoreCodeAsync(needsConsent: true);
        await Task.WhenAny(storing, Task.Delay(200));
        storing.IsCompleted.ShouldBeFalse();
        await withdrawing.CommitAsync();

        (await storing).ShouldBeFalse();
        (await _database.ScalarAsync<long>("select count(*) from authorization_codes")).ShouldBe(0);
    }

    [Fact]
    public async Task A_code_is_stored_on_a_consent_in_force_and_without_one_where_none_is_needed()
    {
        (await StoreCodeAsync(needsConsent: true)).ShouldBeFalse();
        (await StoreCodeAsync(needsConsent: false)).ShouldBeTrue();
        await GiveAsync(Alice, "web", ["openid"], []);
        (await StoreCodeAsync(needsConsent: true)).ShouldBeTrue();

        _time.Advance(TimeSpan.FromDays(366));
        (await StoreCodeAsync(needsConsent: true)).ShouldBeFalse();
    }

    private Task<bool> StoreCodeAsync(bool needsConsent)
    {
        var grant = new Grant
        {
            Id = Guid.CreateVersion7(_time.Now),
            ClientId = "web",
            Subject = Alice.ToString("D"),
            SessionId = "s",
            Scopes = ["openid"],
            AuthenticatedAt = _time.Now,
            Acr = Acr.OneFactor,
            Amr = ["pwd"],
        };
        var code = new AuthorizationCode { Hash = RandomNumberGenerator.GetBytes(32), Grant = grant, RedirectUri = "https://web.example/", ExpiresAt = _time.Now.AddMinutes(1) };
        return new GrantStore(_database.Source, new OidcOptions { Issuer = "https://id.example" }).StoreCodeAsync(new NewAuthorizationCode(code, needsConsent, _time.Now), default);
    }

    private Task GiveAsync(Guid person, string client, string[] scopes, string[] claims) =>
        _consents.GiveAsync(person, client, new Consent(scopes, claims), _time.Now, RandomNumberGenerator.GetBytes(32), "{}");

    private Task<IReadOnlyList<GivenConsent>> ListAsync(Guid person) => _consents.ListAsync(person, _time.Now, default);

    private Task AddGrantAsync(Guid person, string client) => _database.ExecuteAsync("""
        insert into grants (id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, created_at, expires_at)
        values ($1, $2, $3, 's', '{openid}', '{}', $4, 'a', '{}', $4, $4)
        """, Guid.CreateVersion7(_time.Now), client, person, _time.Now);

    private Task AddCodeAsync(Guid person, string client) => _database.ExecuteAsync("""
        insert into authorization_codes (hash, grant_id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, redirect_uri, expires_at)
        values ($1, $2, $3, $4, 's', '{openid}', '{}', $5, 'a', '{}', 'https://web.example/', $6)
        """, RandomNumberGenerator.GetBytes(32), Guid.CreateVersion7(_time.Now), client, person, _time.Now, _time.Now.AddMinutes(1));
}
