using ProviderHarness;

namespace Attacks;

/// <summary>Everything a refused request must leave as it was, in one line of text. Counters of guesses, audit and half-way interactions may move.</summary>
public static class Ledger
{
    private static readonly string[] Tables =
    [
        "authorization_codes", "grants", "refresh_tokens", "sessions", "people", "person_claims", "person_logins", "person_passkeys", "person_tokens", "person_roles",
        "roles", "clients", "client_secrets", "resources", "resource_scopes", "signing_keys",
    ];

    private static readonly string Sql = string.Join(
        " || ' ' || ", Tables.Select(table => $"(select count(*) || ':' || md5(coalesce(string_agg(t::text, '' order by t::text), '')) from {table} t)"));

    public static async Task<string> LedgerAsync(this Provider provider)
    {
        await using var command = provider.Sql.CreateCommand("select " + Sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public static Task<long> CodesAsync(this Provider provider) => provider.CountAsync("select count(*) from authorization_codes");
}
