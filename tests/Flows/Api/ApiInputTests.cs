using System.Net;
using System.Text.Json;

namespace Flows;

/// <summary>Every field of every call with everything that is wrong with it: 400, the field named, nothing changed.</summary>
public sealed class ApiInputTests(PagedProvider pages) : ApiTest(pages)
{
    private static readonly Dictionary<string, Dictionary<string, object>> Calls = new(StringComparer.Ordinal)
    {
        ["/api/auth/otp/send"] = new() { ["email"] = "input@example.com", ["purpose"] = "login_otp" },
        ["/api/auth/otp/verify"] = new() { ["challengeId"] = "ch_x", ["email"] = "input@example.com", ["purpose"] = "login_otp", ["code"] = "123456", ["password"] = Password },
        ["/api/auth/signup"] = new() { ["email"] = "input@example.com", ["password"] = Password },
        ["/api/auth/signup#token"] = new() { ["registrationToken"] = "rg_x", ["password"] = Password, ["name"] = "Guest" },
        ["/api/auth/login"] = new() { ["email"] = "input@example.com", ["password"] = Password },
        ["/api/auth/login#phone"] = new() { ["phone"] = "+8613800138077", ["password"] = Password },
        ["/api/auth/login#identifier"] = new() { ["identifier"] = "input@example.com", ["password"] = Password },
        ["/api/auth/refresh"] = new() { ["refreshToken"] = "rt_x" },
        ["/api/auth/send-code"] = new() { ["email"] = "input@example.com", ["type"] = "EMAIL_REGISTER" },
        ["/api/auth/register"] = new() { ["email"] = "input@example.com", ["code"] = "123456", ["password"] = Password, ["name"] = "Guest", ["challengeId"] = "ch_x" },
        ["/api/auth/reset-password"] = new() { ["email"] = "input@example.com", ["code"] = "123456", ["newPassword"] = Password, ["challengeId"] = "ch_x" },
    };

    private static readonly string[] Optional = ["/api/auth/otp/verify password", "/api/auth/signup#token password", "/api/auth/signup#token name", "/api/auth/register name"];

    public static TheoryData<string, string> Fields
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (call, body) in Calls)
            {
                foreach (var name in body.Keys)
                {
                    data.Add(call, name);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Paths => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Refuses_what_no_text_may_be(string call, string field)
    {
        object[] bad =
        [
            1, true, new[] { "a" }, new { a = 1 }, "input\r\n@example.com", "input\0@example.com", "\u2028", new string('a', 2_000),
            .. field is "email" ? (string[])["no-address", "a@b", "a@@example.com", "a b@example.com"] : [],
            .. field is "code" ? (string[])["12345", "1234567", "abcdef"] : [],
            .. field is "purpose" or "type" ? (string[])["LOGIN_OTP", "other"] : [],
            .. field is "phone" ? (string[])["12", "+0", "alice"] : [],
            .. field is "password" or "newPassword" ? (string[])[new string('p', 257)] : [],
        ];
        foreach (var value in bad)
        {
            (await PostAsync(call, new(Calls[call]) { [field] = value })).ShouldRefuse(field);
        }

        var half = JsonSerializer.Serialize(new Dictionary<string, object>(Calls[call]) { [field] = "HALF" }).Replace("HALF", "\\ud800", StringComparison.Ordinal);
        (await NewProgram().PostTextAsync(PathOf(call), half)).ShouldRefuse(field);
        (await Provider.Sql.CreateCommand("select count(*) from challenges where address = 'input@example.com'").ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Takes_absent_null_and_empty_alike(string call, string field)
    {
        if (Optional.Contains($"{call} {field}") || (call, field) is ("/api/auth/signup#token", "registrationToken"))
        {
            return;
        }

        var expected = call.StartsWith("/api/auth/login", StringComparison.Ordinal) && field is "phone" or "identifier" ? "email" : field;
        var absent = new Dictionary<string, object>(Calls[call]);
        absent.Remove(field);
        (await PostAsync(call, absent)).ShouldRefuse(expected);
        (await PostAsync(call, new(Calls[call]) { [field] = "" })).ShouldRefuse(expected);
        (await NewProgram().PostTextAsync(PathOf(call), JsonSerializer.Serialize(new Dictionary<string, object?>(Calls[call]!) { [field] = null }))).ShouldRefuse(expected);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Refuses_bodies_that_are_no_plain_object(string call)
    {
        var path = PathOf(call);
        string[] bodies = ["", "[]", "null", "\"a\"", "{", "{\"email\":\"a@example.com\",\"email\":\"b@example.com\"}", "{\"x\":{\"y\":1,\"y\":2}}",
            string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000)];
        foreach (var body in bodies)
        {
            (await NewProgram().PostTextAsync(path, body)).ShouldRefuse("body");
        }

        (await NewProgram().PostTextAsync(path, "{}", "text/plain")).ShouldBe(415, "REQUEST_INVALID");
        (await NewProgram().PostTextAsync(path, "{\"a\":\"" + new string('a', 70_000) + "\"}")).ShouldBe(413, "REQUEST_TOO_LARGE");
    }

    [Fact]
    public async Task Names_every_field_at_once() =>
        (await NewProgram().PostAsync("/api/auth/otp/verify", new { email = "none", purpose = "none" })).ShouldRefuse("challengeId", "email", "purpose", "code");

    [Fact]
    public async Task Takes_one_identifier_only() =>
        (await NewProgram().PostAsync("/api/auth/login", new { email = Alice, identifier = Alice, password = AlicePassword })).ShouldRefuse("email", "identifier");

    [Theory]
    [InlineData("GUEST@Example.COM")]
    [InlineData("ｇｕｅｓｔ@example.com")]
    [InlineData(" guest@example.com ")]
    public async Task Width_and_case_make_no_other_account(string variant)
    {
        var number = Pages.NewAddress();
        var email = number;
        await ProveAsync(NewProgram(), email, "signup_otp");
        Wait();

        var typed = variant.Replace("guest", number.Split('@')[0], StringComparison.Ordinal).Replace("GUEST", number.Split('@')[0].ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("ｇｕｅｓｔ", "ｇ" + number.Split('@')[0][1..], StringComparison.Ordinal);
        var visitor = NewProgram();
        var asked = await AskAsync(visitor, typed, "signup_otp");
        (await VerifyAsync(visitor, asked, typed, "signup_otp", await Pages.CodeAsync(email, 2))).ShouldBe(409, "AUTH_ACCOUNT_EXISTS");
    }

    [Fact]
    public async Task Ignores_members_nobody_asks_for()
    {
        var answer = await NewProgram().PostAsync("/api/auth/login", new { email = Alice, password = AlicePassword, rememberMe = true, nested = new { a = new[] { 1 } } });

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    [Theory]
    [InlineData("GET", "/api/auth/login", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("DELETE", "/api/auth/me", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/api/auth/nothing", 404, "NOT_FOUND")]
    [InlineData("POST", "/api/users/me", 404, "NOT_FOUND")]
    public async Task Answers_what_is_not_there_in_the_same_shape_even_to_who_wants_a_page(string method, string path, int status, string code)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");

        (await NewProgram().SendAsync(request)).ShouldBe(status, code);
    }

    private Task<ApiReply> PostAsync(string call, Dictionary<string, object> body) => NewProgram().PostAsync(PathOf(call), body);

    private static string PathOf(string call) => call.Split('#')[0];
}
