using System.Net;

namespace Sandbox.Tests;

public sealed class ControlEndpointTests : IAsyncLifetime
{
    private const string Valid = """{"call":"MAIL","status":451,"times":1}""";

    private RunningSandbox sandbox = null!;

    public async Task InitializeAsync() => sandbox = await RunningSandbox.StartAsync();

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    [Theory]
    [InlineData(Valid)]
    [InlineData("""{"call":"dot"}""")]
    [InlineData("""{"call":"DOT","status":0,"delayMs":100,"times":3,"errcode":"4.3.0","body":"text","unknown":1}""")]
    [InlineData("""{"call":"RCPT","status":550,"errcode":5}""")]
    public async Task Takes_a_script(string body) => (await ScriptAsync(body)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    [Theory]
    [InlineData("", "JSON object")]
    [InlineData("null", "JSON object")]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "JSON object")]
    [InlineData("{}", "call:")]
    [InlineData("""{"call":"","times":1}""", "call:")]
    [InlineData("""{"call":"BDAT","times":1}""", "call:")]
    [InlineData("""{"call":"MAIL","call":"RCPT"}""", "JSON object")]
    [InlineData("""{"call":"MAIL","status":"many"}""", "JSON object")]
    [InlineData("""{"call":"MAIL","status":1}""", "status:")]
    [InlineData("""{"call":"MAIL","status":600}""", "status:")]
    [InlineData("""{"call":"MAIL","errcode":{}}""", "errcode:")]
    [InlineData("""{"call":"MAIL","delayMs":-1}""", "delayMs:")]
    [InlineData("""{"call":"MAIL","delayMs":120001}""", "delayMs:")]
    [InlineData("""{"call":"MAIL","times":0}""", "times:")]
    [InlineData("""{"call":"MAIL","times":10001}""", "times:")]
    public async Task Refuses_a_malformed_script_and_says_why(string body, string sentence)
    {
        using var answer = await ScriptAsync(body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(sentence);
    }

    [Theory]
    [InlineData("POST", "/control/wechat/script")]
    [InlineData("POST", "/control/wechat/reset")]
    [InlineData("GET", "/control/wechat/calls")]
    [InlineData("POST", "/control/SMTP/reset")]
    public async Task Knows_only_the_stand_ins_that_are_there(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(Valid) };
        (await sandbox.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Follows_scripts_of_one_call_in_the_order_they_came()
    {
        await sandbox.ScriptAsync(new { call = "NOOP", status = 450, times = 2 });
        await sandbox.ScriptAsync(new { call = "NOOP", status = 550, times = 1 });
        await using var client = await sandbox.SignInAsync();
        foreach (var code in new[] { 450, 450, 550, 250 })
        {
            await client.SayAsync("NOOP", code);
        }
    }

    [Fact]
    public async Task Forgets_scripts_and_calls_when_reset_and_keeps_the_mail()
    {
        await using var client = await sandbox.SignInAsync();
        await client.SendMessageAsync("Subject: kept\r\n\r\n");
        await sandbox.ScriptAsync(new { call = "NOOP", status = 450, times = 5 });

        (await sandbox.Http.PostAsync("/control/smtp/reset", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await sandbox.Http.GetStringAsync("/control/smtp/calls")).ShouldBe("[]");
        await client.SayAsync("NOOP", 250);
        sandbox.Mailbox.Messages(null).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Takes_a_bounded_number_of_scripts()
    {
        for (var i = 0; i < ScriptedService.MaxScripts; i++)
        {
            (await ScriptAsync(Valid)).EnsureSuccessStatusCode();
        }

        (await ScriptAsync(Valid)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void Remembers_a_bounded_number_of_calls()
    {
        for (var i = 0; i < ScriptedService.MaxCalls + 7; i++)
        {
            sandbox.Smtp.Script.Record(new RecordedCall("NOOP", $"{i}", 250, 1, DateTimeOffset.UnixEpoch));
        }

        var calls = sandbox.Smtp.Script.Calls("NOOP");
        calls.Count.ShouldBe(ScriptedService.MaxCalls);
        calls[0].Body.ShouldBe("7");
    }

    [Theory]
    [InlineData("http://evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.NoContent)]
    public async Task Obeys_no_web_page_of_another_origin(string? origin, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/control/smtp/script") { Content = new StringContent(Valid) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        (await sandbox.Http.SendAsync(request)).StatusCode.ShouldBe(status);
    }

    private Task<HttpResponseMessage> ScriptAsync(string body) => sandbox.Http.PostAsync("/control/smtp/script", new StringContent(body));
}
