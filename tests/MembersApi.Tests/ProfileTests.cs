using System.Net;
using System.Text.Json.Nodes;

namespace MembersApi.Tests;

/// <summary>What a person keeps at the members API, and what they get back.</summary>
public sealed class ProfileTests(Members members) : IClassFixture<Members>
{
    private const string Full = """
        {
          "name": "Alice Li", "gender": "female", "birth_date": "1990-02-28", "contact_info": "+86 138 0013 8000",
          "companions": "Bob\nCarol", "emergency_contact": "Dave, 110", "email": "alice@example.com", "checkup_date": "2027-01-15"
        }
        """;

    [Fact]
    public async Task Gives_back_what_was_saved()
    {
        var token = NewPerson(out var subject);

        var saved = await JsonAsync(await members.PostProfileAsync(token, Full));
        var read = await JsonAsync(await members.GetProfileAsync(token));

        read.ToJsonString().ShouldBe(saved.ToJsonString());
        read["user_id"]!.GetValue<string>().ShouldBe(subject);
        foreach (var (name, value) in JsonNode.Parse(Full)!.AsObject())
        {
            read[name]!.ToJsonString().ShouldBe(value!.ToJsonString(), name);
        }

        read["created_at"]!.GetValue<DateTimeOffset>().ShouldBe(read["updated_at"]!.GetValue<DateTimeOffset>());
        read.Select(member => member.Key).ShouldBe(
        [
            "user_id", "name", "gender", "birth_date", "contact_info", "companions", "emergency_contact", "email", "checkup_date",
            "created_at", "updated_at",
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Replaces_the_whole_profile_at_the_next_save()
    {
        var token = NewPerson(out _);
        var first = await JsonAsync(await members.PostProfileAsync(token, Full));

        var second = await JsonAsync(await members.PostProfileAsync(token, """{"name":"Alice Wang","email":"wang@example.com"}"""));

        second["name"]!.GetValue<string>().ShouldBe("Alice Wang");
        second["companions"].ShouldBeNull();
        second["birth_date"].ShouldBeNull();
        second["created_at"]!.GetValue<DateTimeOffset>().ShouldBe(first["created_at"]!.GetValue<DateTimeOffset>());
        second["updated_at"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(first["updated_at"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task Takes_many_saves_of_one_person_at_once()
    {
        var token = NewPerson(out _);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => members.PostProfileAsync(token, Full)));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Has_no_profile_before_one_is_saved()
    {
        var response = await members.GetProfileAsync(NewPerson(out _));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await JsonAsync(response))["code"]!.GetValue<string>().ShouldBe("PROFILE_NOT_FOUND");
    }

    [Fact]
    public async Task Shows_nobody_the_profile_of_somebody_else()
    {
        await members.PostProfileAsync(NewPerson(out _), Full);

        (await members.GetProfileAsync(NewPerson(out _))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Does_not_let_the_body_say_whose_profile_it_is()
    {
        var token = NewPerson(out var subject);

        var saved = await JsonAsync(await members.PostProfileAsync(token, """{"user_id":"bob","name":"A","email":"a@example.com"}"""));

        saved["user_id"]!.GetValue<string>().ShouldBe(subject);
    }

    [Fact]
    public async Task Stays_out_of_caches()
    {
        var token = NewPerson(out _);
        await members.PostProfileAsync(token, Full);

        (await members.GetProfileAsync(token)).Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Trims_texts_and_takes_empty_ones_for_absent()
    {
        const string padded =
            """{"name":"  李 雷 ","email":" lei@example.com\n","companions":"   ","contact_info":"","birth_date":"","gender":null,"x":1}""";

        var saved = await JsonAsync(await members.PostProfileAsync(NewPerson(out _), padded));

        saved["name"]!.GetValue<string>().ShouldBe("李 雷");
        saved["email"]!.GetValue<string>().ShouldBe("lei@example.com");
        saved["companions"].ShouldBeNull();
        saved["birth_date"].ShouldBeNull();
    }

    [Theory]
    [InlineData("openid members.read", "members", HttpStatusCode.Forbidden, "insufficient_scope")]
    [InlineData("openid", "members", HttpStatusCode.Forbidden, "insufficient_scope")]
    [InlineData("openid members", "smart-cs", HttpStatusCode.Unauthorized, "invalid_token")]
    [InlineData("openid members", "identity", HttpStatusCode.Unauthorized, "invalid_token")]
    public async Task Takes_only_tokens_for_members_with_that_scope(string scope, string audience, HttpStatusCode status, string error)
    {
        var token = members.Issuer.Token(scope: scope, audience: audience);

        foreach (var response in new[] { await members.GetProfileAsync(token), await members.PostProfileAsync(token, Full) })
        {
            response.StatusCode.ShouldBe(status);
            response.Headers.WwwAuthenticate.ToString().ShouldContain($"error=\"{error}\"");
        }
    }

    [Fact]
    public async Task Asks_whoever_sends_no_token_for_one()
    {
        var response = await members.PostProfileAsync(null, Full);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"members\", scope=\"members\"");
    }

    private string NewPerson(out string subject)
    {
        subject = Guid.CreateVersion7().ToString();
        return members.Issuer.Token(subject);
    }

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
}
