using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>Tells PostgreSQL being away from everything else that can go wrong with a statement.</summary>
public static class StoreFailure
{
    /// <summary>
    /// True when the same statement may succeed later without anybody changing anything: no connection, no free one in time, no answer in time, a server
    /// that starts, stops, or has stopped taking writes.
    /// </summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException e => e.IsTransient
            || e.SqlState.StartsWith("08", StringComparison.Ordinal)
            || e.SqlState.StartsWith("53", StringComparison.Ordinal)
            || e.SqlState.StartsWith("57", StringComparison.Ordinal)
            || e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction,
        // What Npgsql itself reports: refused, cut or exhausted connections, and time-outs.
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>The outcome of work in a room that lets the driver's own exceptions through, told as the stores tell it.</summary>
    public static async Task<T> ToldAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Unavailable(e);
        }
    }

    public static StoreUnavailableException Unavailable(Exception exception) => new("PostgreSQL did not answer.", exception);
}
