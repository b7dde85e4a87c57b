using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace AccessTokens;

/// <summary>The body of a call to a JSON API: one object, in UTF-8, in which no member stands twice at any depth.</summary>
public static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The object, or what is to be answered instead of looking further.</summary>
    /// <exception cref="BadHttpRequestException">The body is longer than the server takes.</exception>
    public static async Task<JsonBodyReading> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return new JsonBodyReading(default, ApiError.ForStatus(StatusCodes.Status415UnsupportedMediaType));
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return TryParse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), out var body)
            ? new JsonBodyReading(body, null)
            : new JsonBodyReading(default, ApiError.Invalid("The body must be one JSON object in which no member stands twice."));
    }

    internal static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement body)
    {
        body = default;
        try
        {
            if (Utf8.IsValid(utf8))
            {
                body = JsonElement.Parse(utf8, Strict);
            }
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            // The second is what comparing two names throws when one of them ends in half a character.
            return false;
        }

        return body.ValueKind == JsonValueKind.Object;
    }
}

/// <summary>Either a body or a refusal.</summary>
public sealed record JsonBodyReading(JsonElement Body, ApiError? Refusal)
{
    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool Refused => Refusal is not null;
}
