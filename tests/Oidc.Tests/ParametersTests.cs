using System.Diagnostics;

namespace Oidc.Tests;

/// <summary>What a request may say: one honest request, and every way of breaking it.</summary>
public sealed class ParametersTests
{
    private const string Malformed = "A parameter is not valid UTF-8 in form encoding.";

    [Fact]
    public void Reads_names_and_values_in_their_order()
    {
        var parameters = Parse("client_id=spa&scope=openid+profile&state=a%20b");

        parameters.Items.ShouldBe([new("client_id", "spa"), new("scope", "openid profile"), new("state", "a b")]);
        parameters["scope"].ShouldBe("openid profile");
        parameters["nonce"].ShouldBeNull();
    }

    // RFC 6749 appendix B.
    [Theory]
    [InlineData("+", " ")]
    [InlineData("%2B", "+")]
    [InlineData("%2b", "+")]
    [InlineData("a;b", "a;b")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("a?b", "a?b")]
    [InlineData("%26x%3D1", "&x=1")]
    [InlineData("%E7%88%B1", "爱")]
    [InlineData("%F0%9F%94%91", "🔑")]
    [InlineData("%0D%0A", "\r\n")]
    [InlineData("%2525", "%25")]
    [InlineData("%EF%BB%BFx", "\uFEFFx")]
    public void Decodes_a_value_once(string sent, string meant) => Parse("state=" + sent)["state"].ShouldBe(meant);

    [Fact]
    public void Decodes_a_name_as_it_does_a_value() => Parse("client%5Fid=spa")["client_id"].ShouldBe("spa");

    [Fact]
    public void Finds_a_doubled_parameter_under_another_spelling() => ErrorOf("client_id=a&client%5fid=a").ShouldNotBeNull();

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%4g")]
    [InlineData("%%41")]
    [InlineData("%u0041")]
    [InlineData("%00")]
    [InlineData("a%00b")]
    [InlineData("\0")]
    [InlineData("%80")]
    [InlineData("%C3")]
    [InlineData("%C3%28")]
    [InlineData("%C0%AF")]
    [InlineData("%E0%80%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%ED%B0%80")]
    [InlineData("%F4%90%80%80")]
    [InlineData("%FE")]
    [InlineData("é")]
    [InlineData("\u0080")]
    [InlineData("\uD800")]
    public void Refuses_what_no_encoder_writes(string sent)
    {
        var (_, error) = Parameters.Parse("state=" + sent);

        error!.Description.ShouldBe(Malformed);
        error.MayRedirect.ShouldBeFalse();
        Parameters.Parse(sent + "=x").Error!.Description.ShouldBe(Malformed);
    }

    // RFC 6749 §3.1: a parameter without a value is treated as if it were left out.
    [Theory]
    [InlineData("")]
    [InlineData("&&&")]
    [InlineData("state")]
    [InlineData("state=")]
    [InlineData("state=&state")]
    [InlineData("=")]
    public void Takes_an_empty_value_for_none(string sent) => Parse(sent).Items.ShouldBeEmpty();

    [Fact]
    public void An_empty_value_beside_a_full_one_is_not_a_second_one() => Parse("state=&state=x")["state"].ShouldBe("x");

    // RFC 6749 §3.1 and §3.2: no parameter more than once.
    [Theory]
    [InlineData("state=a&state=a", "The parameter state was sent twice.")]
    [InlineData("state=a&state=b", "The parameter state was sent twice.")]
    [InlineData("unknown=a&x=1&unknown=b", "The parameter unknown was sent twice.")]
    [InlineData("%22=a&%22=b", "A parameter was sent twice.")]
    [InlineData("a%0Ab=a&a%0Ab=b", "A parameter was sent twice.")]
    public void Refuses_a_parameter_that_is_sent_twice(string sent, string description) => ErrorOf(sent)!.Description.ShouldBe(description);

    [Fact]
    public void Names_differ_by_case() => Parse("state=a&State=b").Items.Count.ShouldBe(2);

    // RFC 8707 §2 and RFC 8693 §2.1.
    [Theory]
    [InlineData("resource")]
    [InlineData("audience")]
    public void Takes_resource_and_audience_any_number_of_times(string name) => Parse($"{name}=a&{name}=b&{name}=a").All(name).ShouldBe(["a", "b", "a"]);

    [Theory]
    [InlineData("client_id", 512)]
    [InlineData("redirect_uri", 512)]
    [InlineData("scope", 512)]
    [InlineData("code_verifier", 512)]
    [InlineData("resource", 512)]
    [InlineData("unknown", 512)]
    [InlineData("state", 2_048)]
    [InlineData("nonce", 2_048)]
    [InlineData("claims", 4_096)]
    [InlineData("id_token_hint", 16_384)]
    [InlineData("request", 16_384)]
    [InlineData("refresh_token", 16_384)]
    [InlineData("access_token", 16_384)]
    [InlineData("subject_token", 16_384)]
    public void Holds_each_parameter_to_its_length(string name, int limit)
    {
        ErrorOf($"{name}={new string('x', limit)}").ShouldBeNull();
        ErrorOf($"{name}={new string('x', limit + 1)}")!.Description.ShouldBe($"The parameter {name} is too long.");
    }

    [Fact]
    public void Repeats_no_name_that_could_not_stand_in_a_description() =>
        ErrorOf($"a%22b={new string('x', 513)}")!.Description.ShouldBe("A parameter is too long.");

    [Fact]
    public void Repeats_no_name_as_long_as_a_credential() =>
        ErrorOf($"{Handle.Create(Handle.RefreshToken)}={new string('x', 513)}")!.Description.ShouldBe("A parameter is too long.");

    [Theory]
    [InlineData("client_id=a&client_id=b")]
    [InlineData("redirect_uri=a&redirect_uri=b")]
    [InlineData("redirect_uri=<long>")]
    [InlineData("client_id=<long>")]
    public void Redirects_nothing_while_client_or_redirect_URI_is_in_doubt(string sent) => ErrorOf(Long(sent))!.MayRedirect.ShouldBeFalse();

    [Theory]
    [InlineData("state=a&state=b")]
    [InlineData("scope=<long>")]
    public void May_redirect_any_other_error(string sent) => ErrorOf(Long(sent))!.MayRedirect.ShouldBeTrue();

    [Theory]
    [InlineData("scope=<long>&redirect_uri=a&redirect_uri=b")]
    [InlineData("state=a&state=b&client_id=a&client_id=b")]
    [InlineData("x=1&x=2&redirect_uri=<long>")]
    [InlineData("x=1&x=2&y=%FF")]
    public void Doubt_about_the_redirect_URI_outweighs_an_error_before_it(string sent) => ErrorOf(Long(sent))!.MayRedirect.ShouldBeFalse();

    [Fact]
    public void Takes_a_hundred_parameters_and_no_more()
    {
        ErrorOf(Distinct(100)).ShouldBeNull();

        var error = ErrorOf(Distinct(101))!;
        error.Description.ShouldBe("The request has too many parameters.");
        error.MayRedirect.ShouldBeFalse();
    }

    // A body of 64 KiB holds 13 000 names; comparing each with each would take seconds.
    [Fact]
    public void Costs_little_however_many_parameters_there_are()
    {
        var body = Distinct(13_000);
        var started = Stopwatch.GetTimestamp();

        for (var i = 0; i < 20; i++)
        {
            ErrorOf(body).ShouldNotBeNull();
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private static Parameters Parse(string text)
    {
        var (parameters, error) = Parameters.Parse(text);
        error.ShouldBeNull();
        return parameters;
    }

    private static OAuthError? ErrorOf(string text) => Parameters.Parse(text).Error;

    private static string Long(string text) => text.Replace("<long>", new string('x', 3_000));

    private static string Distinct(int count) => string.Join('&', Enumerable.Range(0, count).Select(number => $"p{number}=1"));
}
