using System.Text.Json;
using System.Text.RegularExpressions;
using Harness;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Flows;

/// <summary>What is written about the JSON API is true: the OpenAPI document names its routes and no others, and <c>demo.http</c> works from top to bottom.</summary>
public sealed partial class ApiDocumentTests(PagedProvider pages) : ApiTest(pages)
{
    private const string DemoAddress = "demo@example.com";

    private static JsonElement Document => JsonElement.Parse(File.ReadAllText(Repository.PathOf("docs/openapi.json")));

    [Fact]
    public void The_document_names_every_route_and_no_other()
    {
        var documented = Document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));

        documented.Order(StringComparer.Ordinal).ShouldBe(Routes().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_schema_that_is_named_is_there()
    {
        var text = File.ReadAllText(Repository.PathOf("docs/openapi.json"));
        var schemas = Document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToArray();

        Reference().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ShouldBe(schemas.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_code_that_is_documented_is_one_that_is_answered()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Repository.PathOf("src/IdentityProvider/Api"), "*.cs")
            .Append(Repository.PathOf("src/AccessTokens/ApiError.cs")).Select(File.ReadAllText));
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs/json-api.md"));
        var documented = Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .SelectMany(call => call.Value.GetProperty("responses").EnumerateObject())
            .Where(response => response.Name[0] is '4' or '5')
            .SelectMany(response => response.Value.GetProperty("description").GetString()!.Split(", ")).Distinct().ToArray();

        documented.Length.ShouldBeGreaterThan(10);
        foreach (var code in documented)
        {
            sources.ShouldContain($"\"{code}\"");
            page.ShouldContain($"`{code}`");
        }

        Code().Matches(sources).Select(match => match.Groups[1].Value).Except(documented).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_demo_calls_every_route_and_every_call_succeeds()
    {
        var requests = DemoRequests();
        var answers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            if (request.Waits)
            {
                Wait();
            }

            var mailsBefore = request.Prompts is null ? 0 : _mails.GetValueOrDefault(request.Prompts) + 1;
            var code = request.Prompts is null ? "" : await Pages.CodeAsync(request.Prompts, mailsBefore);
            using var message = request.Message(Provider.Issuer, text => Fill(text, answers, code));
            using var response = await Provider.Client.SendAsync(message);
            var body = await response.Content.ReadAsStringAsync();
            response.IsSuccessStatusCode.ShouldBeTrue($"{request.Name}: {response.StatusCode} {body}");
            answers[request.Name] = body.Length > 0 ? JsonElement.Parse(body) : default;
            await NoteMailsAsync(request.Name);
        }

        requests.Select(request => request.Route).Where(route => route.Contains("/api/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(Routes().Order(StringComparer.Ordinal));
        requests.Select(request => request.Name).ShouldBeUnique();
    }

    private readonly Dictionary<string, int> _mails = new(StringComparer.Ordinal);

    // A changed password is told by a mail without a code; the next code comes after it.
    private async Task NoteMailsAsync(string name)
    {
        var expected = name switch { "changePassword" => 2, "resetPassword" => 4, _ => 0 };
        for (var i = 0; i < 200 && Pages.Mails(DemoAddress).Count < expected; i++)
        {
            await Task.Delay(25);
        }

        foreach (var address in new[] { DemoAddress, "second." + DemoAddress, "bob@example.com" })
        {
            _mails[address] = name is "signup" or "sendCode" or "otpSend" or "sendRegisterCode" or "grantSend" ? _mails.GetValueOrDefault(address) : Pages.Mails(address).Count;
        }
    }

    private IEnumerable<string> Routes() => Provider.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

    private static string Fill(string text, Dictionary<string, JsonElement> answers, string code) => Variable().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        return name == "code" ? code
            : name.Split('.') is [var request, "response", "body", var member] ? answers[request].GetProperty(member).GetString()!
            : throw new InvalidOperationException($"demo.http names {name}, which nothing gives.");
    });

    private static List<DemoRequest> DemoRequests()
    {
        var text = File.ReadAllText(Repository.PathOf("demo.http"));
        var constants = Constant().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim());
        var filled = Variable().Replace(text, match => match.Groups[1].Value == "host" ? match.Value : constants.GetValueOrDefault(match.Groups[1].Value, match.Value));
        return [.. filled.Split("\n### ").Skip(1).Select(DemoRequest.Parse)];
    }

    private sealed record DemoRequest(string Name, string? Prompts, bool Waits, HttpMethod Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
    {
        public string Route => $"{Method} {Path}";

        public static DemoRequest Parse(string block)
        {
            var lines = block.Split('\n').Skip(1).ToArray();
            var comments = lines.TakeWhile(line => line.StartsWith('#')).ToArray();
            var head = lines.Skip(comments.Length).TakeWhile(line => line.Length > 0).ToArray();
            var body = string.Join('\n', lines.Skip(comments.Length + head.Length)).Trim();
            var start = head[0].Split(' ');
            var prompt = comments.Select(line => line.Split(' ')).FirstOrDefault(words => words[1] == "@prompt");
            return new DemoRequest(
                comments.Select(line => line.Split(' ')).Single(words => words[1] == "@name")[2],
                prompt is null ? null : prompt.ElementAtOrDefault(3) ?? DemoAddress,
                comments.Any(line => line.StartsWith("# @wait", StringComparison.Ordinal)),
                new HttpMethod(start[0]),
                start[1].Replace("{{host}}", "", StringComparison.Ordinal),
                [.. head.Skip(1).Select(line => (line.Split(": ")[0], line.Split(": ")[1]))],
                body.Length > 0 ? body : null);
        }

        public HttpRequestMessage Message(string host, Func<string, string> fill)
        {
            var message = new HttpRequestMessage(Method, host + Path);
            if (Body is not null)
            {
                message.Content = new StringContent(fill(Body), null, Headers.Single(header => header.Name == "Content-Type").Value);
            }

            foreach (var (name, value) in Headers.Where(header => header.Name != "Content-Type"))
            {
                message.Headers.TryAddWithoutValidation(name, fill(value));
            }

            return message;
        }
    }

    [GeneratedRegex(@"\{\{([A-Za-z_.]+)\}\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^@(?<name>\w+) = (?<value>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();

    [GeneratedRegex("#/components/schemas/(\\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex("\"(AUTH_OTP_[A-Z_]+|AUTH_[A-Z]+_REQUIRED|AUTH_ACCOUNT_[A-Z]+|AUTH_PASSWORD_[A-Z_]+|AUTH_REFRESH_INVALID|AUTH_INVALID_CREDENTIALS)\"")]
    private static partial Regex Code();
}
