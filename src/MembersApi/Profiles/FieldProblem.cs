namespace MembersApi;

internal enum Language
{
    English,
    Chinese,
}

/// <summary>What can be wrong with a field, said to the person who filled it in.</summary>
internal sealed record FieldProblem(string English, string Chinese)
{
    public static readonly FieldProblem Missing = new("Please fill this in.", "请填写此项。");
    public static readonly FieldProblem NotText = new("This must be text.", "此项必须是文本。");
    public static readonly FieldProblem Unstorable = new("This contains a character that cannot be kept.", "此项包含无法保存的字符。");
    public static readonly FieldProblem NotAnAddress = new("This is not an e-mail address.", "邮箱地址格式不正确。");
    public static readonly FieldProblem NotADate = new("Please write the date as in 2026-11-20.", "请按 2026-11-20 的格式填写日期。");
    public static readonly FieldProblem ImpossibleDate = new("This date cannot be right.", "日期不合理，请检查。");

    public static FieldProblem TooLong(int maxLength) => new($"At most {maxLength} characters, please.", $"最多 {maxLength} 个字符。");

    public string In(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>Chinese for whoever prefers any kind of it to English (RFC 9110 §12.5.4).</summary>
    public static Language LanguageOf(HttpRequest request)
    {
        var preferred = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString())
            .FirstOrDefault(tag => Is(tag, "zh") || Is(tag, "en"));
        return preferred is not null && Is(preferred, "zh") ? Language.Chinese : Language.English;
    }

    private static bool Is(string tag, string language) =>
        tag.Equals(language, StringComparison.OrdinalIgnoreCase) || tag.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase);
}
