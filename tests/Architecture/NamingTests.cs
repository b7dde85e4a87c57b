using System.Text.RegularExpressions;

namespace Architecture;

public sealed partial class NamingTests
{
    private static IReadOnlyList<SourceFile> Sources => [.. SourceFile.Under("src", ".cs"), .. SourceFile.Under("sandbox", ".cs"), .. SourceFile.Under("bench", ".cs")];

    [Fact]
    public void Nothing_is_called_helper_utility_or_common() => Rule.Holds(IsDrawer, Sources);

    [Theory]
    [InlineData("src/Accounts/Helpers/Phone.cs", "class Phone;")]
    [InlineData("src/Accounts/StringUtils.cs", "class Phone;")]
    [InlineData("src/Accounts/Phone.cs", "static class PhoneHelper;")]
    [InlineData("src/Accounts/Phone.cs", "namespace Accounts.Common;")]
    public void Notices_a_drawer(string path, string text) => IsDrawer(new SourceFile(path, text)).ShouldNotBeEmpty();

    [Fact]
    public void A_name_that_says_something_is_no_drawer() =>
        IsDrawer(new SourceFile("src/Accounts/CommonPasswords.cs", "sealed class CommonPasswords;")).ShouldBeEmpty();

    [Fact]
    public void No_interface_has_just_a_default() => Rule.Holds(IsLayer, Sources);

    [Theory]
    [InlineData("interface ITokenService { }")]
    [InlineData("sealed class DefaultTokens : ITokens;")]
    [InlineData("Task Handle(IMediator mediator)")]
    [InlineData("interface IUserRepository { }")]
    public void Notices_a_layer(string violating) => Rule.Tells(IsLayer, "src/Oidc/X.cs", violating, "interface IRefreshTokenStore { }");

    [Fact]
    public void Accounts_knows_no_web() => Rule.Holds(KnowsWeb, SourceFile.Under("src/Accounts", ".cs"));

    [Fact]
    public void Notices_the_web_in_Accounts() => Rule.Tells(KnowsWeb, "src/Accounts/X.cs",
        "using Microsoft.AspNetCore.Http;", "using Microsoft.AspNetCore.Identity;");

    private static IEnumerable<string> IsDrawer(SourceFile file) => DrawerPath().Found(file.Path).Concat(DrawerName().Found(file.Code));

    private static IEnumerable<string> IsLayer(SourceFile file) => Layer().Found(file.Code);

    // ASP.NET Core Identity and data protection carry the name of the web framework and are none of it.
    private static IEnumerable<string> KnowsWeb(SourceFile file) => Web().Found(file.Code);

    [GeneratedRegex(@"(Helpers?|Util(s|ity|ities)?)(\.cs|/)|/Common(\.cs|/)")]
    private static partial Regex DrawerPath();

    [GeneratedRegex(@"\b(class|record|struct|interface) \w*(Helpers?|Utils?|Utility|Utilities)\b|\b(class|record|struct) Common\b|namespace [\w.]*\b(Helpers|Utils|Common)\b")]
    private static partial Regex DrawerName();

    [GeneratedRegex(@"\binterface I\w+(Service|Repository|Manager)\b|\bclass Default\w+[^{;]*: I[A-Z]|\bI?Mediat(o|R)r?\b")]
    private static partial Regex Layer();

    [GeneratedRegex(@"Microsoft\.AspNetCore\.(?!Identity|DataProtection|Cryptography)\w+|\bHttp(Context|Request|Response)\b")]
    private static partial Regex Web();
}
