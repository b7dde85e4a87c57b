using System.Text.Json;

namespace Sandbox;

/// <summary>How tests script the stand-ins and read what they received. A service that does not stand here is 404.</summary>
public static class ControlEndpoint
{
    private const string NeedsScript = "A JSON object is needed: {call, status?, errcode?, body?, delayMs?, times}.";

    /// <summary><c>POST /control/{service}/script</c>: 204, or 400 with a sentence.</summary>
    public static async Task<IResult> AddScript(
        string service, IEnumerable<ScriptedService> services, HttpRequest request, CancellationToken cancellationToken)
    {
        if (Find(service, services) is not { } scripted)
        {
            return Unknown(service);
        }

        ScriptRequest? body;
        try
        {
            // Read whatever the content type is: command lines often send none.
            body = await JsonSerializer.DeserializeAsync(request.Body, SandboxJson.Default.ScriptRequest, cancellationToken);
        }
        catch (JsonException wrong)
        {
            return Invalid($"{NeedsScript} {wrong.Message}");
        }

        if (body is null)
        {
            return Invalid(NeedsScript);
        }

        var (script, sentence) = body.For(scripted);
        if (script is null)
        {
            return Invalid(sentence!);
        }

        return scripted.TryAdd(script) ? Results.NoContent() : Invalid($"{ScriptedService.MaxScripts} scripts wait already: reset first.");
    }

    /// <summary><c>POST /control/{service}/reset</c>: forgets scripts and recorded calls.</summary>
    public static IResult Reset(string service, IEnumerable<ScriptedService> services)
    {
        if (Find(service, services) is not { } scripted)
        {
            return Unknown(service);
        }

        scripted.Reset();
        return Results.NoContent();
    }

    /// <summary><c>GET /control/{service}/calls?call=</c>: what came, oldest first.</summary>
    public static IResult Calls(string service, string? call, IEnumerable<ScriptedService> services) =>
        Find(service, services) is { } scripted
            ? Results.Json(scripted.Calls(string.IsNullOrEmpty(call) ? null : call), SandboxJson.Default.IReadOnlyListRecordedCall)
            : Unknown(service);

    private static ScriptedService? Find(string name, IEnumerable<ScriptedService> services) =>
        services.FirstOrDefault(service => service.Name == name);

    private static IResult Unknown(string service) =>
        Results.Json(new Refusal($"No stand-in is called {service}.", "NOT_FOUND"), SandboxJson.Default.Refusal, statusCode: 404);

    private static IResult Invalid(string sentence) =>
        Results.Json(new Refusal(sentence, "REQUEST_INVALID"), SandboxJson.Default.Refusal, statusCode: 400);
}
