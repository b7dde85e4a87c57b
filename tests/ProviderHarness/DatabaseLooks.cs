using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace ProviderHarness;

/// <summary>Looks at what the provider wrote.</summary>
public static class DatabaseLooks
{
    /// <summary>One number.</summary>
    public static async Task<long> CountAsync(this Provider provider, string sql, params object[] parameters)
    {
        await using var command = provider.Sql.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Changes something the way an administrator or another part would.</summary>
    public static async Task ExecuteAsync(this Provider provider, string sql, params object[] parameters)
    {
        await using var command = provider.Sql.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How many events of a name stand in the audit of the session that a token was made in.</summary>
    public static Task<long> AuditedAsync(this Provider provider, string name, TokenAnswer answer) =>
        provider.CountAsync("select count(*) from audit where event = $1 and details ->> 'session' = $2", name, PayloadOf(answer.AccessToken).GetProperty("sid").GetString()!);

    /// <summary>The claims of a token, unverified.</summary>
    public static JsonElement PayloadOf(string token) => JsonElement.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])));
}
