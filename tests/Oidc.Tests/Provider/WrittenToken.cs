using System.Text.Json;
using Jose;

namespace Oidc.Tests;

/// <summary>A token as anybody can read it. Whether it is genuine is asked of <see cref="ShouldVerify"/>.</summary>
public sealed record WrittenToken(string Text)
{
    public JsonElement Header => Part(0);

    public JsonElement Claims => Part(1);

    public IEnumerable<string> ClaimNames => Claims.EnumerateObject().Select(claim => claim.Name);

    public string? this[string claim] => Claims.TryGetProperty(claim, out var value) ? value.ToString() : null;

    public void ShouldVerify(KeyRing ring, string type, DateTimeOffset now) => Jwt.Read(Text, new JwtExpectations
    {
        Type = type,
        Issuer = TestProvider.Issuer,
        Audience = ExpectedAudience.Any,
        Algorithms = Algorithms.All.ToArray(),
        Skew = TimeSpan.Zero,
        RequiredClaims = [],
    }, ring.Published, now).Refusal.ShouldBeNull();

    private JsonElement Part(int index)
    {
        Base64Url.TryDecode(Text.Split('.')[index], out var bytes).ShouldBeTrue();
        return JsonElement.Parse(bytes);
    }
}
