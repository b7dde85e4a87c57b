using System.Collections.Frozen;

namespace Accounts;

/// <summary>The passwords most often found in breaches; read when the first new password is judged.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> All = new(Read);

    /// <param name="folded">In lower case, after NFKC.</param>
    public static bool Contain(string folded) => All.Value.Contains(folded);

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
