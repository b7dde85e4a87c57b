using System.Text.Json;

namespace Oidc.Tests;

/// <summary>The people of the tests.</summary>
public static class TestPeople
{
    /// <summary>Has every claim there is.</summary>
    public static SubjectSnapshot Alice { get; } = new("0198c0de-0000-7000-8000-00000000000a", Enabled: true)
    {
        Name = "Alice 爱丽丝",
        Email = "alice@example.com",
        EmailVerified = true,
        PhoneNumber = "+8613800138000",
        PhoneNumberVerified = true,
        Picture = "https://login.example/pictures/alice.webp",
        UpdatedAt = new DateTimeOffset(2029, 12, 1, 0, 0, 0, TimeSpan.Zero),
        Roles = ["teacher"],
        OtherClaims = JsonElement.Parse(
            """
            {"given_name":"Alice","family_name":"Example","middle_name":"B","nickname":"al","preferred_username":"alice","profile":"https://example.com/alice",
             "website":"https://example.com","gender":"female","birthdate":"1990-01-01","zoneinfo":"Asia/Shanghai","locale":"zh-CN","address":{"country":"CN"},
             "shoe_size":"37"}
            """),
    };

    /// <summary>Has nothing but an account.</summary>
    public static SubjectSnapshot Bob { get; } = new("0198c0de-0000-7000-8000-00000000000b", Enabled: true);

    /// <summary>A sign-in of that person now.</summary>
    public static Session SessionOf(SubjectSnapshot person, DateTimeOffset now, string id = "session-1") => new(id, person.Subject, now, Acr.OneFactor, ["pwd"]);
}
