using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MembersApi.Tests;

/// <summary>One profile that is fine, and one thing wrong with it at a time.</summary>
public sealed class ProfileFormTests(Members members) : IClassFixture<Members>
{
    [Fact]
    public async Task Takes_a_profile_with_a_name_and_an_address() => (await PostAsync(Valid())).StatusCode.ShouldBe(HttpStatusCode.OK);

    public static TheoryData<string, string?> Wrong => new()
    {
        { "name", null },
        { "name", "null" },
        { "name", "\" \"" },
        { "name", "7" },
        { "name", "[\"Alice\"]" },
        { "name", "\"a\\u0000b\"" },
        { "name", "\"a\\u001bb\"" },
        { "name", "\"\\ud800\"" },
        { "name", $"\"{new string('x', 201)}\"" },
        { "gender", $"\"{new string('x', 33)}\"" },
        { "gender", "true" },
        { "birth_date", "\"1990-02-30\"" },
        { "birth_date", "\"28.02.1990\"" },
        { "birth_date", "\"1990-2-8\"" },
        { "birth_date", "\"1990-02-28T00:00:00Z\"" },
        { "birth_date", "\"1899-12-31\"" },
        { "birth_date", "\"2999-01-01\"" },
        { "birth_date", "19900228" },
        { "checkup_date", "\"1999-12-31\"" },
        { "checkup_date", "\"2999-01-01\"" },
        { "checkup_date", "\"tomorrow\"" },
        { "contact_info", $"\"{new string('x', 501)}\"" },
        { "companions", $"\"{new string('x', 501)}\"" },
        { "companions", "{}" },
        { "emergency_contact", $"\"{new string('x', 501)}\"" },
        { "email", null },
        { "email", "\"alice\"" },
        { "email", "\"alice@\"" },
        { "email", "\"@example.com\"" },
        { "email", "\"alice@example.com, bob@example.com\"" },
        { "email", "\"Alice <alice@example.com>\"" },
        { "email", "\"<alice@example.com>\"" },
        { "email", "\"\\\"al ice\\\"@example.com\"" },
        { "email", "\"al ice@example.com\"" },
        { "email", "\"alice@exa\\nmple.com\"" },
        { "email", $"\"{new string('x', 250)}@example.com\"" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Names_the_field_that_is_wrong(string field, string? value)
    {
        // By hand, since some of these are not values that JSON could be written from.
        var body = Valid();
        body.Remove(field);
        var json = value is null ? body.ToJsonString() : $"{body.ToJsonString()[..^1]},\"{field}\":{value}}}";

        var response = await PostAsync(json);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        error["code"]!.GetValue<string>().ShouldBe("REQUEST_INVALID");
        error["details"]!["fields"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe(field);
    }

    [Fact]
    public async Task Names_all_fields_that_are_wrong_at_once() =>
        (await FieldsAsync("""{"birth_date":"x","email":"x"}""", language: null)).Select(field => field.Key)
            .ShouldBe(["name", "birth_date", "email"], ignoreOrder: true);

    [Theory]
    [InlineData(null, "Please fill this in.")]
    [InlineData("en-GB", "Please fill this in.")]
    [InlineData("fr, en;q=0.5, zh;q=0.4", "Please fill this in.")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "请填写此项。")]
    [InlineData("en;q=0.1, zh-Hant-TW", "请填写此项。")]
    public async Task Says_what_is_wrong_in_the_language_of_the_person(string? language, string sentence) =>
        (await FieldsAsync("""{"email":"a@example.com"}""", language))["name"]!.GetValue<string>().ShouldBe(sentence);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"name\"")]
    [InlineData("{")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\",\"email\":\"a@example.com\"}")]
    [InlineData("{\"name\":\"a\",\"n\\u0061me\":\"b\",\"email\":\"a@example.com\"}")]
    [InlineData("{\"name\":\"a\",\"email\":\"a@example.com\",\"x\":{\"y\":1,\"y\":2}}")]
    [InlineData("{\"name\":\"a\",\"email\":\"a@example.com\",\"\\ud800\":1,\"\\ud800\":2}")]
    public async Task Refuses_a_body_that_is_not_one_object_with_each_member_once(string json) =>
        await ShouldBeRefusedAsync(Encoding.UTF8.GetBytes(json));

    [Fact]
    public async Task Refuses_a_body_that_is_not_UTF8() =>
        await ShouldBeRefusedAsync([.. "{\"email\":\"a@example.com\",\"name\":\"a\",\"unread\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

    [Fact]
    public async Task Refuses_endless_depth() => await ShouldBeRefusedAsync(
        Encoding.ASCII.GetBytes($"{{\"name\":\"a\",\"email\":\"a@example.com\",\"x\":{new string('[', 9000)}{new string(']', 9000)}}}"));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Refuses_a_body_of_another_type(string mediaType)
    {
        var response = await members.PostProfileAsync(members.Issuer.Token(), Valid().ToJsonString(), mediaType);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"REQUEST_INVALID\"");
    }

    [Fact]
    public async Task Refuses_a_body_over_64_KiB()
    {
        var body = Valid();
        body["x"] = new string('x', 64 * 1024);

        var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"REQUEST_TOO_LARGE\"");
    }

    private static JsonObject Valid() => new() { ["name"] = "Alice", ["email"] = "alice@example.com", ["birth_date"] = "1990-02-28" };

    private Task<HttpResponseMessage> PostAsync(JsonObject body) => PostAsync(body.ToJsonString());

    private Task<HttpResponseMessage> PostAsync(string json) => members.PostProfileAsync(members.Issuer.Token(), json);

    private async Task ShouldBeRefusedAsync(byte[] body)
    {
        var response = await members.PostProfileAsync(members.Issuer.Token("nobody"), body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"REQUEST_INVALID\"");
        (await members.GetProfileAsync(members.Issuer.Token("nobody"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<JsonObject> FieldsAsync(string json, string? language)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/profile") { Content = content };
        if (language is not null)
        {
            request.Headers.Add("Accept-Language", language);
        }

        var response = await members.SendAsync(request, members.Issuer.Token());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["details"]!["fields"]!.AsObject();
    }
}
