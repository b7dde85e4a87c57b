namespace IdentityProvider;

/// <summary>A browser in words its owner recognises, such as <c>Chrome, Windows</c>: made of fixed words only, whatever it says of itself.</summary>
public static class DeviceLabel
{
    // The more particular name first: nearly every browser also claims to be Chrome or Safari.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("MicroMessenger/", "WeChat"), ("DingTalk/", "DingTalk"), ("Lark/", "Feishu"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("HuaweiBrowser/", "Huawei Browser"), ("MiuiBrowser/", "Mi Browser"), ("UCBrowser/", "UC Browser"), ("QQBrowser/", "QQ Browser"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux"),
    ];

    private static readonly string[] Phones = ["iPhone", "iPad", "HarmonyOS", "Android"];

    /// <summary>Null when nothing in it is known.</summary>
    public static string? Of(string? userAgent)
    {
        if (userAgent is null)
        {
            return null;
        }

        string?[] words = [Find(Browsers, userAgent), Find(Systems, userAgent)];
        return words.Any(word => word is not null) ? string.Join(", ", words.OfType<string>()) : null;
    }

    /// <summary>The label names a telephone or a tablet.</summary>
    public static bool IsPhone(string? label) => label is not null && Phones.Any(phone => label.EndsWith(phone, StringComparison.Ordinal));

    private static string? Find((string Mark, string Name)[] names, string userAgent) =>
        names.FirstOrDefault(name => userAgent.Contains(name.Mark, StringComparison.Ordinal)).Name;
}
