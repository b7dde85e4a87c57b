namespace Accounts;

/// <summary>The tables this room writes with plain SQL, because every at-most-once is one statement there.</summary>
public static class AccountsSchema
{
    /// <summary>DDL of challenges, counters, mail queue and audit; the host's first migration executes it.</summary>
    public static string Version1 { get; } = Read("0001.sql");

    /// <summary>Registration tokens.</summary>
    public static string Version2 { get; } = Read("0002.sql");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(AccountsSchema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
