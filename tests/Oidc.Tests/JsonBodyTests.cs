using System.Text;

namespace Oidc.Tests;

/// <summary>Each thread keeps one buffer: what one answer says must never stand in another.</summary>
public sealed class JsonBodyTests
{
    [Fact]
    public void Writes_in_parallel_what_each_caller_wrote_whole_and_alone() => Parallel.For(0, 20_000, number =>
    {
        var text = new string((char)('a' + (number % 26)), number % 3_000);

        Encoding.UTF8.GetString(Write(text).Span).ShouldBe($$"""{"text":"{{text}}"}""");
    });

    [Fact]
    public void Begins_anew_after_a_writer_that_failed()
    {
        Should.Throw<InvalidOperationException>(() => JsonBody.Write(0, static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteString("left", "behind");
            throw new InvalidOperationException();
        }));

        Encoding.UTF8.GetString(Write("x").Span).ShouldBe("""{"text":"x"}""");
    }

    [Fact]
    public async Task Answers_in_parallel_each_person_about_themselves()
    {
        using var provider = new TestProvider();
        var alice = await provider.SignInAsync("openid profile");
        provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, provider.Time.Now, "session-2");
        var bob = await provider.SignInAsync("openid profile");

        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), async (number, _) =>
        {
            var (tokens, person) = number % 2 == 0 ? (alice, TestPeople.Alice) : (bob, TestPeople.Bob);

            var answer = await provider.UserInfoAsync(tokens);

            answer.Text("sub").ShouldBe(person.Subject);
            answer.Text("name").ShouldBe(person.Name);
        });
    }

    private static ReadOnlyMemory<byte> Write(string text) => JsonBody.Write(text, static (writer, value) =>
    {
        writer.WriteStartObject();
        writer.WriteString("text", value);
        writer.WriteEndObject();
    });
}
