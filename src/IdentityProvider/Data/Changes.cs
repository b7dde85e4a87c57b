using Npgsql;

namespace IdentityProvider;

/// <summary>How nodes tell each other that something they keep in memory has changed (NOTIFY).</summary>
internal static class Changes
{
    public const string Channel = "identity_changes";

    public const string Keys = "keys", Configuration = "configuration";

    public static async Task NotifyAsync(NpgsqlDataSource database, string what, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select pg_notify($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = what });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
