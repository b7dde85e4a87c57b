using System.Collections.Concurrent;
using System.Text;

namespace Bench;

/// <summary>Asks for codes with the cookies of somebody who is signed in.</summary>
internal sealed class Authorizing(byte[] request, int count) : Scenario
{
    private int _left = count;

    public ConcurrentQueue<string> Codes { get; } = new();

    public string Refusal { get; private set; } = "";

    public override ReadOnlyMemory<byte> Next(int connection) => Interlocked.Decrement(ref _left) >= 0 ? request : default;

    public override bool Take(int connection, HttpAnswer answer)
    {
        if (CodeIn(answer) is not { } code)
        {
            Refusal = $"{answer.Status} {Encoding.UTF8.GetString(answer.Header("location"u8))}";
            return false;
        }

        Codes.Enqueue(code);
        return true;
    }

    public static string? CodeIn(HttpAnswer answer)
    {
        var location = answer.Header("location"u8);
        var start = location.IndexOf("code="u8);
        if (start < 0)
        {
            return null;
        }

        var code = location[(start + 5)..];
        var end = code.IndexOf((byte)'&');
        return Encoding.ASCII.GetString(end < 0 ? code : code[..end]);
    }
}

/// <summary>RFC 6749 §4.1.3: each request redeems a code of its own.</summary>
internal sealed class Redeeming(Participant participant) : Scenario
{
    private ConcurrentQueue<string> _codes = new();

    public override async Task PrepareAsync(int units) => _codes = await participant.CodesAsync(units);

    public override ReadOnlyMemory<byte> Next(int connection) => _codes.TryDequeue(out var code) ? participant.Redemption(code) : default;

    public override bool Take(int connection, HttpAnswer answer) => answer.Status == 200 && answer.Member("\"refresh_token\":"u8).Length > 0;
}

/// <summary>RFC 6749 §6: each connection is a client that rotates its refresh token with every request.</summary>
internal sealed class Refreshing(Participant participant, int connections) : Scenario
{
    private readonly byte[][] _next = new byte[connections][];

    public override async Task PrepareAsync(int units)
    {
        if (_next[0] is not null)
        {
            return;
        }

        var first = new FirstTokens(this, participant, await participant.CodesAsync(connections));
        var stretch = await LoadGenerator.RunAsync(participant.Server.Port, first, connections, TimeSpan.FromSeconds(30));
        if (stretch.Failures > 0 || _next.Contains(null))
        {
            throw new InvalidOperationException($"{participant.Name} gave no first refresh token.");
        }
    }

    public override ReadOnlyMemory<byte> Next(int connection) => _next[connection];

    public override bool Take(int connection, HttpAnswer answer)
    {
        var token = answer.Status == 200 ? answer.Member("\"refresh_token\":"u8) : default;
        if (token.IsEmpty)
        {
            return false;
        }

        _next[connection] = participant.Refresh(token);
        return true;
    }

    private sealed class FirstTokens(Refreshing refreshing, Participant participant, ConcurrentQueue<string> codes) : Scenario
    {
        public override ReadOnlyMemory<byte> Next(int connection) =>
            refreshing._next[connection] is null && codes.TryDequeue(out var code) ? participant.Redemption(code) : default;

        public override bool Take(int connection, HttpAnswer answer) => refreshing.Take(connection, answer);
    }
}

/// <summary>The whole of it for somebody who is signed in: an authorization request and the redemption of its code.</summary>
internal sealed class Flowing(Participant participant, string resource, int connections) : Scenario
{
    private readonly string?[] _codes = new string?[connections];
    private byte[] _authorize = [];

    public override int RequestsPerUnit => 2;

    public override async Task PrepareAsync(int units)
    {
        // What a stretch left unredeemed would have expired by the next.
        Array.Clear(_codes);
        if (_authorize.Length == 0)
        {
            _authorize = Request.Get(participant.Server.Port, participant.AuthorizePath(resource), await participant.SignInAsync());
        }
    }

    public override ReadOnlyMemory<byte> Next(int connection) => _codes[connection] is { } code ? participant.Redemption(code) : _authorize;

    public override bool Take(int connection, HttpAnswer answer)
    {
        if (_codes[connection] is not null)
        {
            _codes[connection] = null;
            return answer.Status == 200;
        }

        _codes[connection] = Authorizing.CodeIn(answer);
        return _codes[connection] is not null;
    }
}
