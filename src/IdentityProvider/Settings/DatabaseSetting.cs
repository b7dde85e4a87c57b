using Npgsql;

namespace IdentityProvider;

/// <summary>Setting <c>ConnectionStrings:Identity</c>, completed with what the hot path counts on; whatever it says itself stands.</summary>
public static class DatabaseSetting
{
    // Short times, so that a request meets an absent PostgreSQL with 503 within seconds. Connections carry no state of a request, so nothing
    // is reset between two; their statements stay prepared.
    private const string Defaults =
        "Application Name=identity;Timeout=3;Command Timeout=5;Maximum Pool Size=40;Max Auto Prepare=60;Auto Prepare Min Usages=2;No Reset On Close=true;Include Error Detail=false;";

    public static string? Check(string value)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(value).Host is { Length: > 0 } ? null : "must name a Host";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // The message of the exception may repeat the password.
            return "is not a connection string of Npgsql";
        }
    }

    // The last of two equal keywords wins.
    public static string Complete(string given) => new NpgsqlConnectionStringBuilder(Defaults + given).ConnectionString;
}
