using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>One file of the repository; its path is from the root, with forward slashes.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    private static readonly string Root = FindRoot();
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", "artifacts", ".git", ".data", "wwwroot/lib"];

    public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The text without its comments, line by line, so that a rule about code does not trip over prose.</summary>
    public string Code => Comment().Replace(Text, "");

    /// <summary>Migrations and their snapshot: written by a tool, read by the database.</summary>
    public bool IsGenerated => Path.Contains("/Migrations/", StringComparison.Ordinal);

    /// <summary>The room of the engine it lies in, or null: <c>src/Oidc/Token/TokenEndpoint.cs</c> lies in <c>Token</c>.</summary>
    public string? Room => EngineRoom().Match(Path) is { Success: true } match ? match.Groups[1].Value : null;

    public override string ToString() => Path;

    public static string FullPath(string path) => System.IO.Path.Combine(Root, path);

    public static SourceFile Read(string path) => new(path, File.ReadAllText(FullPath(path)));

    /// <summary>Every file we wrote under <paramref name="folder"/> with one of the extensions; never none, so that no rule passes for want of files.</summary>
    public static IReadOnlyList<SourceFile> Under(string folder, params string[] extensions)
    {
        var files = Directory.EnumerateFiles(FullPath(folder), "*", SearchOption.AllDirectories)
            .Select(full => System.IO.Path.GetRelativePath(Root, full).Replace('\\', '/'))
            .Where(path => extensions.Contains(System.IO.Path.GetExtension(path)))
            .Where(path => !NotOurs.Any(part => $"/{path}".Contains($"/{part}/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .ToList();
        files.ShouldNotBeEmpty($"no {string.Join(", ", extensions)} under {folder}");
        return files;
    }

    private static string FindRoot([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "../.."));

    [GeneratedRegex(@"(?<!:)//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("^src/Oidc/([^/]+)/[^/]+\\.cs$")]
    private static partial Regex EngineRoom();
}
