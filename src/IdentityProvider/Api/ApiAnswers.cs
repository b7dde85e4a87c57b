using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IdentityProvider;

/// <summary>A code is on its way.</summary>
public sealed record CodeSentAnswer(string ChallengeId, int ExpiresIn, int ResendAfter);

/// <summary>Signed in.</summary>
public sealed record SignedInAnswer(string Token, string? RefreshToken, int ExpiresIn, UserAnswer User);

/// <summary>The address is proven, and nobody has it.</summary>
public sealed record RegistrationAnswer(string RegistrationToken);

/// <summary>A new pair for a refresh token.</summary>
public sealed record RefreshedAnswer(string Token, string? RefreshToken, int ExpiresIn);

/// <summary>A token for one purpose.</summary>
public sealed record SessionTokenAnswer(string Token, int ExpiresIn);

/// <summary>A person, to themselves.</summary>
public sealed record UserAnswer
{
    public required string Id { get; init; }
    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? Phone { get; init; }
    public bool PhoneVerified { get; init; }
    public string? Name { get; init; }
    public string? AvatarUrl { get; init; }
    public bool HasPassword { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }

    public static UserAnswer Of(ApiPerson person)
    {
        var snapshot = person.Snapshot;
        return new UserAnswer
        {
            Id = snapshot.Subject,
            Email = snapshot.Email,
            EmailVerified = snapshot.EmailVerified,
            Phone = snapshot.PhoneNumber,
            PhoneVerified = snapshot.PhoneNumberVerified,
            Name = snapshot.Name,
            AvatarUrl = snapshot.Picture,
            HasPassword = person.HasPassword,
            Roles = snapshot.Roles,
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CodeSentAnswer))]
[JsonSerializable(typeof(SignedInAnswer))]
[JsonSerializable(typeof(RegistrationAnswer))]
[JsonSerializable(typeof(RefreshedAnswer))]
[JsonSerializable(typeof(SessionTokenAnswer))]
[JsonSerializable(typeof(UserAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>An answer of the JSON API that is no refusal. Nothing of it is ever cached.</summary>
internal sealed class ApiAnswer<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}

/// <summary>Done, and nothing to say.</summary>
internal sealed class NoContent : IResult
{
    public static NoContent Answer { get; } = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
