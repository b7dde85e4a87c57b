namespace IdentityProvider;

/// <summary>Settings that are lists of origins: <c>Outbound:Allow</c>, <c>Api:Origins</c>.</summary>
public static class AllowedOrigins
{
    /// <summary>The origins, each in its canonical spelling, or null when something in the list is none.</summary>
    public static IReadOnlyList<string>? Parse(string value)
    {
        var origins = value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return origins.All(IsOrigin) ? origins : null;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && text == uri.GetLeftPart(UriPartial.Authority);
}
