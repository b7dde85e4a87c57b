using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>What holds <c>src/Oidc</c> and <c>src/Jose</c> apart from web, database, vendors and each other.</summary>
public sealed partial class EngineTests
{
    private static IReadOnlyList<SourceFile> Engine => SourceFile.Under("src/Oidc", ".cs");
    private static IReadOnlyList<SourceFile> Jose => SourceFile.Under("src/Jose", ".cs");

    [Fact]
    public void Only_endpoints_see_HttpContext() => Rule.Holds(SeesHttp, Engine);

    [Fact]
    public void Notices_HttpContext_in_a_grant() => Rule.Tells(SeesHttp, "src/Oidc/Grants/RefreshTokenGrant.cs",
        "void Decide(HttpContext context)", "void Decide(TokenRequest request) // HttpContext stays outside");

    [Fact]
    public void An_endpoint_may_see_HttpContext() =>
        SeesHttp(new SourceFile("src/Oidc/Token/TokenEndpoint.cs", "Task Handle(HttpContext context)")).ShouldBeEmpty();

    [Fact]
    public void Knows_no_database_and_no_page() => Rule.Holds(KnowsStorageOrPages, Engine.Concat(Jose));

    [Fact]
    public void Notices_a_database() => Rule.Tells(KnowsStorageOrPages, "src/Oidc/Stores/Client.cs",
        "using Microsoft.EntityFrameworkCore;", "using System.Collections.Frozen;");

    [Fact]
    public void Names_no_vendor() => Rule.Holds(NamesVendor, Engine.Concat(Jose));

    [Fact]
    public void Notices_a_vendor() => Rule.Tells(NamesVendor, "src/Oidc/Grants/X.cs", "if (amr == \"wechat\")", "if (amr == \"pwd\")");

    [Fact]
    public void Jose_knows_no_web_framework() => Rule.Holds(KnowsWeb, Jose);

    [Fact]
    public void Notices_a_web_framework() => Rule.Tells(KnowsWeb, "src/Jose/Jwk.cs", "using Microsoft.AspNetCore.Http;", "using System.Text.Json;");

    [Fact]
    public void The_first_line_of_each_file_names_its_section() => Rule.Holds(NamesNoSection, Engine.Where(file => file.Room is not null));

    [Fact]
    public void Notices_a_first_line_without_a_section() => Rule.Tells(NamesNoSection, "src/Oidc/Pkce/Pkce.cs",
        "namespace Oidc;\n// RFC 7636 §4.6", "// RFC 7636 §4.6: the verifier\nnamespace Oidc;");

    [Fact]
    public void Error_codes_are_quoted_in_the_catalogue_only() => Rule.Holds(QuotesErrorCode, SourceFile.Under("src", ".cs", ".cshtml").Where(SeesCatalogue));

    [Fact]
    public void Notices_a_quoted_error_code() => Rule.Tells(QuotesErrorCode, "src/Oidc/Token/TokenEndpoint.cs",
        "return new(\"invalid_grant\");", "return OAuthError.InvalidGrant(detail); // invalid_grant");

    [Fact]
    public void A_resource_API_quotes_error_codes_in_one_file() =>
        SourceFile.Under("src/AccessTokens", ".cs").Count(file => ErrorCode().IsMatch(file.Code)).ShouldBeLessThanOrEqualTo(1);

    [Fact]
    public void Public_types_say_what_they_mean() => Rule.Holds(Undocumented, Engine.Concat(Jose));

    [Fact]
    public void Notices_a_public_type_without_a_word() => Rule.Tells(Undocumented, "src/Jose/Jwk.cs",
        "public sealed record Jwk(string Kid);", "/// <summary>A key.</summary>\n[JsonConverter(typeof(X))]\npublic sealed record Jwk(string Kid);");

    [Fact]
    public void Every_room_is_tested_under_its_own_name() =>
        Rooms().Where(room => !Directory.Exists(SourceFile.FullPath($"tests/Oidc.Tests/{room}"))).ShouldBeEmpty();

    [Fact]
    public void Every_room_has_a_row_in_the_README() => Rooms().Where(room => !HasRow(SourceFile.Read("README.md").Text, room)).ShouldBeEmpty();

    [Fact]
    public void Notices_a_room_without_a_row()
    {
        const string table = "| Keys | RFC 7517 | `src/Oidc/Keys` |\n`src/Oidc/Tokens` is mentioned in passing\n";
        HasRow(table, "Keys").ShouldBeTrue();
        HasRow(table, "Tokens").ShouldBeFalse();
        HasRow(table, "Key").ShouldBeFalse();
    }

    private static bool HasRow(string readme, string room) =>
        readme.Split('\n').Any(line => line.StartsWith('|') && line.Contains($"`src/Oidc/{room}`", StringComparison.Ordinal));

    private static IEnumerable<string> Rooms() => Engine.Select(file => file.Room).OfType<string>().Distinct();

    private static IEnumerable<string> SeesHttp(SourceFile file) =>
        file.Name == "Endpoints.cs" || file.Name.EndsWith("Endpoint.cs", StringComparison.Ordinal) ? [] : HttpTypes().Found(file.Code);

    private static IEnumerable<string> KnowsStorageOrPages(SourceFile file) => StorageOrPages().Found(file.Code);

    private static IEnumerable<string> NamesVendor(SourceFile file) => Vendors().Found(file.Code);

    private static IEnumerable<string> KnowsWeb(SourceFile file) => Web().Found(file.Code);

    private static IEnumerable<string> NamesNoSection(SourceFile file) => Section().IsMatch(file.Lines[0]) ? [] : [$"begins with: {file.Lines[0]}"];

    // The resource APIs do not see the engine; what RFC 6750 has them answer is held by a rule of its own.
    private static bool SeesCatalogue(SourceFile file) => !ResourceApi().IsMatch(file.Path);

    private static IEnumerable<string> QuotesErrorCode(SourceFile file) => file.Path == "src/Oidc/OAuthError.cs" ? [] : ErrorCode().Found(file.Code);

    private static IEnumerable<string> Undocumented(SourceFile file)
    {
        for (var i = 0; i < file.Lines.Length; i++)
        {
            if (!PublicType().IsMatch(file.Lines[i]))
            {
                continue;
            }
            // Attributes, also of several lines, stand between the comment and the type.
            var above = file.Lines.Take(i).Reverse().TakeWhile(line => line.Length > 0);
            if (!above.Any(line => line.StartsWith("///", StringComparison.Ordinal)))
            {
                yield return $"no doc comment: {file.Lines[i]}";
            }
        }
    }

    [GeneratedRegex(@"\bI?Http(Context|Request|Response|ContextAccessor)\b")]
    private static partial Regex HttpTypes();

    [GeneratedRegex(@"EntityFrameworkCore|\bNpgsql|AspNetCore\.(Mvc|Razor)|AspNetCore\.Identity")]
    private static partial Regex StorageOrPages();

    [GeneratedRegex("wechat|weixin|feishu|google|paypal|shopify|feedo", RegexOptions.IgnoreCase)]
    private static partial Regex Vendors();

    [GeneratedRegex(@"Microsoft\.(AspNetCore|Extensions)")]
    private static partial Regex Web();

    [GeneratedRegex(@"^// \w.* §\w")]
    private static partial Regex Section();

    [GeneratedRegex("^src/(AccessTokens|MembersApi|SmartCs)/")]
    private static partial Regex ResourceApi();

    [GeneratedRegex("""
        "(invalid_(request|client|grant|scope|token|target|request_uri|request_object|dpop_proof)|unauthorized_client|unsupported_(grant_type|response_type|token_type)|access_denied|server_error|temporarily_unavailable|(interaction|login|account_selection|consent)_required|insufficient_scope|slow_down|authorization_pending|expired_token|(request|request_uri|registration)_not_supported|unmet_authentication_requirements)"
        """)]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|partial|ref) )*(class|record|interface|enum|struct|delegate) ")]
    private static partial Regex PublicType();
}
