using System.Text.Json.Serialization;

namespace MembersApi;

/// <summary>Who travels, as a person tells it before paying: the seed's fields, one row a person.</summary>
internal record Profile
{
    public required string Name { get; init; }

    public string? Gender { get; init; }

    public DateOnly? BirthDate { get; init; }

    public string? ContactInfo { get; init; }

    public string? Companions { get; init; }

    public string? EmergencyContact { get; init; }

    public required string Email { get; init; }

    public DateOnly? CheckupDate { get; init; }
}

/// <summary>A profile as it is kept and answered; <see cref="UserId"/> is the token's <c>sub</c>.</summary>
internal sealed record StoredProfile : Profile
{
    public required string UserId { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredProfile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
