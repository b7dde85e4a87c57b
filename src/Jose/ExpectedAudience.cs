namespace Jose;

/// <summary>Whom a token must be addressed to. One name converts by itself: <c>Audience = "members"</c>.</summary>
public sealed class ExpectedAudience
{
    private readonly string[]? _names;

    private ExpectedAudience(string[]? names) => _names = names;

    /// <summary>
    /// Any audience or none: the caller judges <c>aud</c> itself, as for an ID token hint whose client it does not know yet.
    /// </summary>
    public static ExpectedAudience Any { get; } = new(null);

    /// <summary>At least one of these names.</summary>
    /// <exception cref="ArgumentException">No name, or an empty one.</exception>
    public static ExpectedAudience AnyOf(params string[] names) =>
        names.Length > 0 && !names.Any(string.IsNullOrEmpty)
            ? new ExpectedAudience([.. names])
            : throw new ArgumentException("An audience has a name.", nameof(names));

    public static implicit operator ExpectedAudience(string name) => FromString(name);

    public static ExpectedAudience FromString(string name) => AnyOf(name);

    internal bool Accepts(IReadOnlyList<string> audience) => _names is null || audience.Any(_names.Contains);
}
