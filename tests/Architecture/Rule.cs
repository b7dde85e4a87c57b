namespace Architecture;

/// <summary>A house rule: what it finds wrong in one file, a sentence each.</summary>
internal static class Rule
{
    public static void Holds(Func<SourceFile, IEnumerable<string>> rule, IEnumerable<SourceFile> files) =>
        files.SelectMany(file => rule(file).Select(violation => $"{file}: {violation}")).ShouldBeEmpty();

    /// <summary>A rule that cannot fail holds nothing: <paramref name="violating"/> must be caught, <paramref name="obeying"/> let through.</summary>
    public static void Tells(Func<SourceFile, IEnumerable<string>> rule, string path, string violating, string obeying)
    {
        rule(new SourceFile(path, violating)).ShouldNotBeEmpty();
        rule(new SourceFile(path, obeying)).ShouldBeEmpty();
    }
}
