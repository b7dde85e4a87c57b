using System.Text.Json;
using Npgsql;

namespace IdentityProvider;

/// <summary>
/// Remembers in the browser, sealed, whose accounts were signed in to there. Guesses made elsewhere can then close an account to strangers
/// without closing it to its owner.
/// </summary>
public sealed class KnownDevices(NpgsqlDataSource database, BrowserCookies cookies, Seal seal)
{
    private const string Purpose = "known devices";
    private const int Most = 5;

    private const string FindSql = "select id from people where normalized_email = $1 or phone_number = $1";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Whether somebody signed in here to the account that has this canonical address or number.</summary>
    public async Task<bool> IsKnownAsync(HttpContext context, string identifier)
    {
        if (Read(context) is not { Length: > 0 } people)
        {
            return false;
        }

        var owner = await new Statement(database, FindSql).With(identifier).ReadAsync(static row => new Owner(row.GetGuid(0)), context.RequestAborted);
        return owner is not null && people.Contains(owner.Id);
    }

    public void Remember(HttpContext context, Guid person)
    {
        Guid[] people = [person, .. Read(context).Where(known => known != person).Take(Most - 1)];
        cookies.Write(context, BrowserCookies.KnownDevices, seal.Close(Purpose, JsonSerializer.Serialize(people, PagesJson.Default.GuidArray)), Lifetime);
    }

    private Guid[] Read(HttpContext context) =>
        seal.Open(Purpose, cookies.Read(context, BrowserCookies.KnownDevices)) is { } text ? JsonSerializer.Deserialize(text, PagesJson.Default.GuidArray) ?? [] : [];

    private sealed record Owner(Guid Id);
}
