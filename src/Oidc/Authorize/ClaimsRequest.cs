// OpenID Connect Core §5.5: the claims parameter.
using System.Text.Json;

namespace Oidc;

/// <summary>
/// Claims asked for one by one. A claim this provider does not know, or whose scope the client may never ask for, is not here: what is voluntary is
/// left out in silence (Core §5.5.1), and of a person nothing is essential to us but who they are.
/// </summary>
public sealed record ClaimsRequest
{
    public static ClaimsRequest None { get; } = new();

    /// <summary>Claims about the person for the ID token.</summary>
    public IReadOnlyList<string> IdToken { get; private init; } = [];

    /// <summary>Claims about the person for userinfo.</summary>
    public IReadOnlyList<string> UserInfo { get; private init; } = [];

    /// <summary>The only people the answer may be about (Core §5.5.1, <c>sub</c> with a value); null: anybody.</summary>
    public IReadOnlyList<string>? Subjects { get; private init; }

    /// <summary>The only authentication contexts that will do (Core §5.5.1.1, <c>acr</c> essential with values); null: any.</summary>
    public IReadOnlyList<string>? EssentialAcr { get; private init; }

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads the parameter. Null: it is not of the form the specification gives it.</summary>
    public static ClaimsRequest? Read(string text, Client client)
    {
        try
        {
            return JsonElement.Parse(text, Strict) is { ValueKind: JsonValueKind.Object } root ? Read(root, client) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The second kind: half of a surrogate pair, found only when the string is asked for.
            return null;
        }
    }

    private static ClaimsRequest? Read(JsonElement root, Client client)
    {
        // §5.5: members other than these two are ignored.
        if (ReadMember(root, "id_token"u8) is not { } idToken || ReadMember(root, "userinfo"u8) is not { } userInfo)
        {
            return null;
        }

        var acr = idToken.FirstOrDefault(claim => claim is { Name: "acr", Essential: true });
        var subjects = idToken.Concat(userInfo).Where(claim => claim is { Name: StandardClaims.Subject, Values: not null }).Select(claim => claim.Values!).ToArray();
        return new ClaimsRequest
        {
            IdToken = Allowed(idToken, client),
            UserInfo = Allowed(userInfo, client),
            EssentialAcr = acr?.Values,
            Subjects = subjects.Length == 0 ? null : [.. subjects.Aggregate(static (these, those) => [.. these.Intersect(those, StringComparer.Ordinal)])],
        };
    }

    private static string[] Allowed(List<Individual> claims, Client client) =>
        [.. claims.Select(claim => claim.Name).Where(name => StandardClaims.ScopeOf(name) is { } scope && client.Scopes.Contains(scope))];

    private static List<Individual>? ReadMember(JsonElement root, ReadOnlySpan<byte> member)
    {
        if (!root.TryGetProperty(member, out var claims))
        {
            return [];
        }

        if (claims.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var read = new List<Individual>();
        foreach (var claim in claims.EnumerateObject())
        {
            if (ReadClaim(claim.Name, claim.Value) is not { } individual)
            {
                return null;
            }

            read.Add(individual);
        }

        return read;
    }

    // §5.5.1: null, or an object with essential, value and values, of which no two may contradict; members not understood are ignored.
    private static Individual? ReadClaim(string name, JsonElement claim)
    {
        if (claim.ValueKind == JsonValueKind.Null)
        {
            return new Individual(name, Essential: false, Values: null);
        }

        if (claim.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var essential = false;
        if (claim.TryGetProperty("essential"u8, out var flag))
        {
            if (flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }

            essential = flag.GetBoolean();
        }

        var hasOne = claim.TryGetProperty("value"u8, out var value);
        if (!claim.TryGetProperty("values"u8, out var values))
        {
            return new Individual(name, essential, hasOne ? [TextOf(value)] : null);
        }

        return hasOne || values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0
            ? null
            : new Individual(name, essential, [.. values.EnumerateArray().Select(TextOf)]);
    }

    // Only sub and acr are compared, and both are strings: any other value matches nobody.
    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private sealed record Individual(string Name, bool Essential, IReadOnlyList<string>? Values);
}
