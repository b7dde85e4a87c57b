namespace Conformance;

/// <summary>OpenID Connect Core §5.1 and §5.4: the standard claims, their types and the scopes they belong to.</summary>
public static class PersonClaims
{
    public static readonly string[] Profile =
    [
        "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
        "preferred_username",
    ];

    public static readonly string[] Email = ["email", "email_verified"];
    public static readonly string[] Address = ["address"];
    public static readonly string[] Phone = ["phone_number", "phone_number_verified"];

    /// <summary>Whatever standard claim is there has its type, and none is empty.</summary>
    public static void ShouldHaveTheirTypes(JsonElement claims)
    {
        foreach (var claim in claims.EnumerateObject().Where(claim => Profile.Concat(Email).Concat(Address).Concat(Phone).Contains(claim.Name)))
        {
            claim.Value.ValueKind.ShouldBeOneOf(TypeOf(claim.Name));
            if (claim.Value.ValueKind == JsonValueKind.String)
            {
                claim.Value.GetString().ShouldNotBeNullOrEmpty();
            }
        }
    }

    private static JsonValueKind[] TypeOf(string claim) => claim switch
    {
        "email_verified" or "phone_number_verified" => [JsonValueKind.True, JsonValueKind.False],
        "updated_at" => [JsonValueKind.Number],
        "address" => [JsonValueKind.Object],
        _ => [JsonValueKind.String],
    };
}
