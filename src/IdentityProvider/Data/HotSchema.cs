namespace IdentityProvider;

/// <summary>The tables this project writes with plain SQL; the migrations execute it.</summary>
internal static class HotSchema
{
    public static string Version1 { get; } = Read("0001.sql");

    /// <summary>Consents, and the claims asked for one by one.</summary>
    public static string Version2 { get; } = Read("0002.sql");

    /// <summary>Used client assertions.</summary>
    public static string Version3 { get; } = Read("0003.sql");

    /// <summary>Clients to be told of sessions that ended.</summary>
    public static string Version4 { get; } = Read("0004.sql");

    /// <summary>Reference tokens, and signed access tokens that were revoked.</summary>
    public static string Version5 { get; } = Read("0005.sql");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(HotSchema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
