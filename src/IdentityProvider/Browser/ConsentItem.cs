using Oidc;

namespace IdentityProvider;

/// <summary>One thing an application asks for, in words.</summary>
/// <param name="Means">What that comprises, or the very value it would read; null when the name says it.</param>
/// <param name="Known">It was allowed before.</param>
public sealed record ConsentItem(string Name, string? Means, bool Known)
{
    public static IReadOnlyList<ConsentItem> Of(AuthorizeRequest request, FoundSession session, Texts texts)
    {
        var before = session.Consent;
        var scopes = request.Scopes.Select(scope => new ConsentItem(texts.Scope(scope).Name, ValueOf(scope, session) ?? texts.Scope(scope).Means, before?.Scopes.Contains(scope) == true));
        var claims = request.IndividualClaims.Select(claim => new ConsentItem(texts.SeeClaim(claim), null, before?.Allows(claim) == true));
        return [.. scopes, .. claims];
    }

    private static string? ValueOf(string scope, FoundSession session) => scope switch
    {
        "email" => session.Email,
        "phone" => session.Phone,
        _ => null,
    };
}
