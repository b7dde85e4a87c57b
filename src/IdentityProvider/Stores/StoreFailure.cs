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

    public static StoreUnavailableException Unavailable(Exception exception) => new("PostgreSQL did not answer.", exception);
}
