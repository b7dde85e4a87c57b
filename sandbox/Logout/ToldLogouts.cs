using System.Text;
using System.Text.Json;

namespace Sandbox;

/// <summary>A logout the client <c>web</c> was told of.</summary>
/// <param name="Way"><c>back channel</c> or <c>front channel</c>.</param>
/// <param name="What">The claims of the logout token, unverified, or the parameters of the address.</param>
public sealed record ToldLogout(string Way, string What, DateTimeOffset At);

/// <summary>The latest logouts the client <c>web</c> was told of, the newest first.</summary>
public sealed class ToldLogouts(TimeProvider time)
{
    private const int Most = 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<ToldLogout> _told = [];

    public IReadOnlyList<ToldLogout> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _told];
            }
        }
    }

    public void Add(string way, string what)
    {
        lock (_gate)
        {
            _told.AddFirst(new ToldLogout(way, what, time.GetUtcNow()));
            if (_told.Count > Most)
            {
                _told.RemoveLast();
            }
        }
    }

    /// <summary>The payload of a JWT as readable JSON; null when it is none.</summary>
    public static string? ClaimsOf(string? token)
    {
        if (token?.Split('.') is not [_, var payload, _])
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(payload))).ToString();
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
