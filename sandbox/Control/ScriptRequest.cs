using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandbox;

/// <summary>The body of <c>POST /control/{service}/script</c>.</summary>
public sealed record ScriptRequest(string? Call, int? Status, JsonElement? Errcode, string? Body, int? DelayMs, int? Times)
{
    private const int LongestDelayMs = 120_000;
    private const int MostTimes = 10_000;

    /// <returns>The script, or a sentence that says which member is wrong.</returns>
    public (Script? Script, string? Wrong) For(ScriptedService service)
    {
        if (Call is not { Length: > 0 } call || !service.Knows(call))
        {
            return (null, $"call: one of {string.Join(", ", service.KnownCalls)} is needed.");
        }

        if (Status is not null and not 0 and not (>= 200 and <= 599))
        {
            return (null, "status: from 200 to 599, or 0 to drop the connection.");
        }

        if (Errcode is { ValueKind: not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null) })
        {
            return (null, "errcode: a string or a number.");
        }

        if (DelayMs is < 0 or > LongestDelayMs)
        {
            return (null, $"delayMs: from 0 to {LongestDelayMs}.");
        }

        if (Times is < 1 or > MostTimes)
        {
            return (null, $"times: from 1 to {MostTimes}.");
        }

        var errorCode = Errcode is { ValueKind: not JsonValueKind.Null } code ? code.ToString() : null;
        return (new Script(call, Status, errorCode, Body, TimeSpan.FromMilliseconds(DelayMs ?? 0), Times ?? 1), null);
    }
}

/// <summary>A refusal of the control interface.</summary>
public sealed record Refusal(string Error, string Code);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ScriptRequest))]
[JsonSerializable(typeof(IReadOnlyList<RecordedCall>))]
[JsonSerializable(typeof(IReadOnlyList<MailboxMessage>))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class SandboxJson : JsonSerializerContext;
