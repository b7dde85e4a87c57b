using System.Diagnostics;
using System.Text.Json;

namespace Sandbox.Tests;

public sealed class SmtpScriptTests : IAsyncLifetime
{
    private const string Message = "Message-ID: <1@example.com>\r\nSubject: hello\r\n\r\nworld\r\n";

    private RunningSandbox sandbox = null!;

    public async Task InitializeAsync() => sandbox = await RunningSandbox.StartAsync();

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    [Theory]
    [InlineData("MAIL", "MAIL FROM:<no-reply@example.com>")]
    [InlineData("NOOP", "NOOP")]
    [InlineData("EHLO", "EHLO again")]
    [InlineData("AUTH", "AUTH PLAIN AA==")]
    public async Task Refuses_as_often_as_scripted_and_then_no_more(string call, string command)
    {
        await using var client = call == "AUTH" ? await OverTlsAsync() : await sandbox.SignInAsync();
        if (call == "AUTH")
        {
            command = $"AUTH PLAIN {SmtpClient.Plain("mailer", RunningSandbox.Password)}";
        }

        await sandbox.ScriptAsync(new { call, status = 451, body = "4.7.1 Greylisted, come back later", times = 2 });

        (await client.SayAsync(command, 451)).ShouldBe(["4.7.1 Greylisted, come back later"]);
        await client.SayAsync(command, 451);
        await client.SayAsync(command, call == "AUTH" ? 235 : 250);
    }

    [Fact]
    public async Task Puts_the_enhanced_status_code_before_every_line()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "rcpt", status = 550, errcode = "5.1.1", body = "No such user\nTry another", times = 1 });

        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 250);
        (await client.SayAsync("RCPT TO:<alice@example.com>", 550)).ShouldBe(["5.1.1 No such user", "5.1.1 Try another"]);
    }

    [Fact]
    public async Task Does_not_carry_out_what_it_refuses()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "DOT", status = 554, errcode = "5.7.1", body = "Looks like spam", times = 1 });

        await client.SendMessageAsync(Message, code: 554);
        sandbox.Mailbox.Messages(null).ShouldBeEmpty();
        await client.SendMessageAsync(Message);
        sandbox.Mailbox.Messages(null).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("STARTTLS")]
    public async Task Drops_the_connection_before_TLS(string call)
    {
        await sandbox.ScriptAsync(new { call, status = 0, times = 1 });
        await using var client = await sandbox.ConnectAsync();
        if (call != "CONNECT")
        {
            await client.ExpectAsync(220);
            await client.SendAsync("EHLO test\r\n");
        }

        if (call == "STARTTLS")
        {
            await client.ExpectAsync(250);
            await client.SendAsync("STARTTLS\r\n");
        }

        await client.ExpectHangUpAsync();
    }

    [Fact]
    public async Task Keeps_the_message_when_it_drops_the_connection_after_the_final_dot()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "DOT", status = 0, times = 1 });
        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 250);
        await client.SayAsync("RCPT TO:<alice@example.com>", 250);
        await client.SayAsync("DATA", 354);
        await client.SendAsync(Message + ".\r\n");

        await client.ExpectHangUpAsync();
        sandbox.Mailbox.Messages(null).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Loses_the_message_when_it_drops_the_connection_at_DATA()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "DATA", status = 0, times = 1 });
        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 250);
        await client.SayAsync("RCPT TO:<alice@example.com>", 250);
        await client.SendAsync("DATA\r\n");

        await client.ExpectHangUpAsync();
        sandbox.Mailbox.Messages(null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_at_the_greeting_and_hangs_up()
    {
        await sandbox.ScriptAsync(new { call = "CONNECT", status = 421, errcode = "4.3.2", body = "Closed for maintenance", times = 1 });
        await using var client = await sandbox.ConnectAsync();
        (await client.ExpectAsync(421)).ShouldBe(["4.3.2 Closed for maintenance"]);
        await client.ExpectHangUpAsync();
    }

    [Fact]
    public async Task Hangs_up_after_a_scripted_421()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "MAIL", status = 421, times = 1 });
        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 421);
        await client.ExpectHangUpAsync();
    }

    [Fact]
    public async Task Holds_the_reply_back_as_long_as_scripted_while_the_message_is_in()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "DOT", delayMs = 300, times = 1 });
        var clock = Stopwatch.StartNew();
        await client.SendMessageAsync(Message);

        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(290);
        sandbox.Mailbox.Messages(null).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("AUTH LOGIN", "AUTH PLAIN AG1haWxlcgBwYXNz", 504, "AUTH LOGIN", 334)]
    [InlineData("AUTH PLAIN", "AUTH LOGIN", 504, "AUTH PLAIN", 334)]
    [InlineData("SIZE 5000", "AUTH PLAIN", 504, "NOOP", 250)]
    public async Task Offers_only_the_capabilities_scripted_for_EHLO(string body, string refused, int code, string taken, int takenCode)
    {
        await using var client = await OverTlsAsync(scriptedCapabilities: body);
        await client.SayAsync(refused, code);
        await client.SayAsync(taken, takenCode);
    }

    [Fact]
    public async Task Refuses_STARTTLS_that_a_scripted_EHLO_does_not_offer()
    {
        await sandbox.ScriptAsync(new { call = "EHLO", body = "8BITMIME\nAUTH PLAIN LOGIN", times = 1 });
        await using var client = await sandbox.ConnectAsync();
        await client.ExpectAsync(220);
        (await client.SayAsync("EHLO test", 250)).ShouldBe(["localhost", "8BITMIME", "AUTH PLAIN LOGIN"]);
        await client.SayAsync("STARTTLS", 502);
        await client.SayAsync("AUTH LOGIN", 538);
    }

    [Fact]
    public async Task Refuses_octets_above_127_when_a_scripted_EHLO_does_not_offer_8BITMIME()
    {
        await sandbox.ScriptAsync(new { call = "EHLO", body = "AUTH PLAIN", times = 1 });
        await using var client = await sandbox.SignInAsync();
        await client.SendMessageAsync("Subject: 你好\r\n\r\n", code: 554);
    }

    [Fact]
    public async Task Records_what_came_and_what_it_answered_in_order()
    {
        await using var client = await sandbox.SignInAsync();
        await sandbox.ScriptAsync(new { call = "DOT", status = 452, times = 1 });
        await client.SendMessageAsync(Message, code: 452);

        var calls = JsonDocument.Parse(await sandbox.Http.GetStringAsync("/control/smtp/calls")).RootElement.EnumerateArray()
            .Select(call => (call.GetProperty("call").GetString(), call.GetProperty("status").GetInt32()));
        calls.ShouldBe([("CONNECT", 220), ("EHLO", 250), ("AUTH", 235), ("MAIL", 250), ("RCPT", 250), ("DATA", 354), ("DOT", 452)]);

        var rcpt = JsonDocument.Parse(await sandbox.Http.GetStringAsync("/control/smtp/calls?call=rcpt")).RootElement.EnumerateArray();
        rcpt.ShouldHaveSingleItem().GetProperty("body").GetString().ShouldBe("RCPT TO:<alice@example.com>");
    }

    private async Task<SmtpClient> OverTlsAsync(string? scriptedCapabilities = null)
    {
        if (scriptedCapabilities is not null)
        {
            await sandbox.ScriptAsync(new { call = "EHLO", body = scriptedCapabilities, times = 1 });
        }

        var client = await SmtpClient.ConnectAsync(sandbox.Smtp.ImplicitTlsPort, sandbox.AuthorityPem);
        await client.SecureAsync();
        await client.ExpectAsync(220);
        await client.SayAsync("EHLO test", 250);
        return client;
    }
}
