using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>Parameters by name, one a line.</summary>
internal static class SqlParameters
{
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, string name, object value)
    {
        parameters.AddWithValue(name, value);
        return parameters;
    }

    /// <summary>A value that may be missing has to name its type.</summary>
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, string name, NpgsqlDbType type, object? value)
    {
        parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return parameters;
    }

    /// <summary>The two array parameters that <c>open_again_at</c> takes, and how many events to keep.</summary>
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, string name, Rates rates) =>
        parameters.With($"{name}_counts", rates.Counts).With($"{name}_windows", rates.Windows).With($"{name}_most", rates.Most);
}
