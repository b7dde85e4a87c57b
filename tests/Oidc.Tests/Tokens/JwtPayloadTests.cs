using System.Text.Json;
using Jose;

namespace Oidc.Tests;

/// <summary>Each thread keeps one buffer: what one request writes must never stand in the answer of another.</summary>
public sealed class JwtPayloadTests
{
    [Fact]
    public void Signs_in_parallel_what_each_caller_wrote_whole_and_alone() => Parallel.For(0, 4_000, number =>
    {
        // Of all lengths, so that a buffer always holds the end of something longer.
        var text = new string((char)('a' + (number % 26)), number % 700) + number;

        var token = JwtPayload.Sign(Keyring.Default.ActiveFor("ES256"), "test", text, static (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("text", value);
            writer.WriteEndObject();
        });

        Base64Url.TryDecode(token.Split('.')[1], out var payload).ShouldBeTrue();
        payload.ShouldBe(JsonSerializer.SerializeToUtf8Bytes(new { text }));
    });

    [Fact]
    public void Begins_anew_after_a_writer_that_failed()
    {
        var key = Keyring.Default.ActiveFor("ES256");
        Should.Throw<InvalidOperationException>(() => JwtPayload.Sign(key, "test", 0, static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteString("left", "behind");
            throw new InvalidOperationException();
        }));

        var token = JwtPayload.Sign(key, "test", 0, static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        });

        new WrittenToken(token).ClaimNames.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_in_parallel_each_client_its_own_tokens()
    {
        using var provider = new TestProvider();
        provider.Configuration.Put(TestConfiguration.Machine with { Id = "client-0", AuthenticationMethods = TestConfiguration.Set("client_secret_post") });
        foreach (var number in Enumerable.Range(1, 20))
        {
            provider.Configuration.Put(provider.Configuration.Current.FindClient("client-0")! with { Id = $"client-{number}" });
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), async (number, _) =>
        {
            var id = $"client-{number % 21}";
            var form = Flow.ClientCredentials.And("client_id", id).And("client_secret", TestConfiguration.Secret);

            var tokens = await provider.TokensAsync(number % 2 == 0 ? form : form.And("scope", "leads.write"));

            tokens.AccessToken["client_id"].ShouldBe(id);
            tokens.AccessToken["scope"].ShouldBe(tokens.Scope);
            tokens.AccessToken.ShouldVerify(Keyring.Default, "at+jwt", provider.Time.Now);
        });
    }
}
