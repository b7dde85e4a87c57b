using System.Security.Authentication;

namespace Sandbox.Tests;

public sealed class SmtpSessionTests : IAsyncLifetime
{
    private RunningSandbox sandbox = null!;

    public async Task InitializeAsync() => sandbox = await RunningSandbox.StartAsync();

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    [Fact]
    public async Task Takes_a_message_after_STARTTLS_and_AUTH()
    {
        await using var client = await GreetedInPlainAsync();
        await client.SayAsync("STARTTLS", 220);
        await client.SecureAsync();
        await client.SayAsync("EHLO test", 250);
        await client.SayAsync($"AUTH PLAIN {SmtpClient.Plain("mailer", RunningSandbox.Password)}", 235);

        await client.SendMessageAsync("Subject: hello\r\n\r\nworld\r\n");
        await client.SayAsync("QUIT", 221);

        sandbox.Mailbox.Messages(null).ShouldHaveSingleItem().Content.Subject.ShouldBe("hello");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Takes_a_message_over_implicit_TLS_at_either_name(string host)
    {
        await using var client = await SmtpClient.ConnectAsync(sandbox.Smtp.ImplicitTlsPort, sandbox.AuthorityPem);
        await client.SecureAsync(host);
        await client.ExpectAsync(220);
        await client.SayAsync("EHLO test", 250);
        await client.SayAsync($"AUTH PLAIN {SmtpClient.Plain("mailer", RunningSandbox.Password)}", 235);
        await client.SendMessageAsync("Subject: hello\r\n\r\nworld\r\n");

        sandbox.Mailbox.Messages("alice@example.com").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Is_not_trusted_under_another_name_or_authority()
    {
        await using var wrongName = await SmtpClient.ConnectAsync(sandbox.Smtp.ImplicitTlsPort, sandbox.AuthorityPem);
        await Should.ThrowAsync<AuthenticationException>(() => wrongName.SecureAsync("smtp.example.com"));

        using var other = new SandboxCertificates(TimeProvider.System);
        await using var wrongAuthority = await SmtpClient.ConnectAsync(sandbox.Smtp.ImplicitTlsPort, other.AuthorityPem);
        await Should.ThrowAsync<AuthenticationException>(() => wrongAuthority.SecureAsync());
    }

    [Fact]
    public async Task Offers_STARTTLS_before_TLS_and_AUTH_only_after_it()
    {
        await using var client = await sandbox.ConnectAsync();
        await client.ExpectAsync(220);
        var before = string.Join('\n', await client.SayAsync("EHLO test", 250));
        await client.SayAsync("STARTTLS", 220);
        await client.SecureAsync();
        var after = string.Join('\n', await client.SayAsync("EHLO test", 250));

        before.ShouldContain("STARTTLS");
        before.ShouldNotContain("AUTH");
        after.ShouldContain("AUTH PLAIN LOGIN");
        after.ShouldNotContain("STARTTLS");
    }

    [Theory]
    [InlineData("AUTH PLAIN AG1haWxlcgBwYXNz", 538)]
    [InlineData("AUTH LOGIN", 538)]
    [InlineData("MAIL FROM:<no-reply@example.com>", 530)]
    public async Task Refuses_credentials_and_mail_before_TLS(string command, int code)
    {
        await using var client = await GreetedInPlainAsync();
        await client.SayAsync(command, code);
    }

    [Fact]
    public async Task Forgets_after_STARTTLS_that_the_client_said_EHLO()
    {
        await using var client = await GreetedInPlainAsync();
        await client.SayAsync("STARTTLS", 220);
        await client.SecureAsync();
        await client.SayAsync($"AUTH PLAIN {SmtpClient.Plain("mailer", RunningSandbox.Password)}", 503);
    }

    [Fact]
    public async Task Refuses_plain_text_sent_along_with_STARTTLS()
    {
        await using var client = await GreetedInPlainAsync();
        await client.SendAsync("STARTTLS\r\nRSET\r\n");
        await client.ExpectAsync(554);
        await client.ExpectHangUpAsync();
    }

    [Fact]
    public async Task Takes_AUTH_LOGIN_in_two_steps_and_AUTH_PLAIN_after_a_challenge()
    {
        await using var login = await GreetedOverTlsAsync();
        (await login.SayAsync("AUTH LOGIN", 334)).ShouldBe([SmtpClient.Base64("Username:")]);
        (await login.SayAsync(SmtpClient.Base64("mailer"), 334)).ShouldBe([SmtpClient.Base64("Password:")]);
        await login.SayAsync(SmtpClient.Base64(RunningSandbox.Password), 235);

        await using var plain = await GreetedOverTlsAsync();
        await plain.SayAsync("AUTH PLAIN", 334);
        await plain.SayAsync(SmtpClient.Plain("mailer", RunningSandbox.Password), 235);
    }

    [Theory]
    [InlineData("mailer", "wrong", 535)]
    [InlineData("someone", RunningSandbox.Password, 535)]
    [InlineData("", "", 535)]
    public async Task Refuses_wrong_credentials(string user, string password, int code)
    {
        await using var client = await GreetedOverTlsAsync();
        await client.SayAsync($"AUTH PLAIN {SmtpClient.Plain(user, password)}", code);
        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 530);
    }

    [Theory]
    [InlineData("AUTH PLAIN !!!", 501)]
    [InlineData("AUTH PLAIN bm8gbnVscyBoZXJl", 501)]
    [InlineData("AUTH CRAM-MD5", 504)]
    public async Task Refuses_malformed_authentication(string command, int code)
    {
        await using var client = await GreetedOverTlsAsync();
        await client.SayAsync(command, code);
    }

    [Fact]
    public async Task Lets_the_client_cancel_authentication()
    {
        await using var client = await GreetedOverTlsAsync();
        await client.SayAsync("AUTH LOGIN", 334);
        await client.SayAsync("*", 501);
    }

    [Fact]
    public async Task Keeps_credentials_out_of_the_recorded_calls()
    {
        await using var client = await sandbox.SignInAsync();
        var calls = await sandbox.Http.GetStringAsync("/control/smtp/calls");

        calls.ShouldContain("AUTH PLAIN (credentials)");
        calls.ShouldNotContain(SmtpClient.Plain("mailer", RunningSandbox.Password));
        calls.ShouldNotContain(RunningSandbox.Password);
    }

    [Theory]
    [InlineData("MAIL FROM: <no-reply@example.com>", 501)]
    [InlineData("MAIL FROM:no-reply@example.com", 501)]
    [InlineData("MAIL FROM:<no reply@example.com>", 553)]
    [InlineData("MAIL FROM:<邮箱@example.com>", 553)]
    [InlineData("MAIL FROM:<no-reply@example.com> SIZE=99999999", 552)]
    [InlineData("MAIL FROM:<no-reply@example.com> RET=HDRS", 555)]
    [InlineData("RCPT TO:<alice@example.com>", 503)]
    [InlineData("DATA", 503)]
    [InlineData("AUTH PLAIN AG1haWxlcgBwYXNz", 503)]
    [InlineData("BDAT 5 LAST", 500)]
    public async Task Refuses_what_is_malformed_or_out_of_order(string command, int code)
    {
        await using var client = await sandbox.SignInAsync();
        await client.SayAsync(command, code);
    }

    [Theory]
    [InlineData("RCPT TO:<alice>", 553)]
    [InlineData("RCPT TO:<a@example.com,b@example.com>", 553)]
    [InlineData("RCPT TO:<>", 553)]
    [InlineData("RCPT TO:<alice@example.com> NOTIFY=NEVER", 555)]
    [InlineData("MAIL FROM:<no-reply@example.com>", 503)]
    [InlineData("DATA", 503)]
    public async Task Refuses_a_recipient_it_cannot_understand(string command, int code)
    {
        await using var client = await sandbox.SignInAsync();
        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 250);
        await client.SayAsync(command, code);
    }

    [Fact]
    public async Task Delivers_to_the_envelope_also_beyond_ASCII()
    {
        await using var client = await sandbox.SignInAsync();
        await client.SayAsync("MAIL FROM:<> SMTPUTF8 BODY=8BITMIME", 250);
        await client.SayAsync("RCPT TO:<小明@example.com>", 250);
        await client.SayAsync("RCPT TO:<Bob@Example.com>", 250);
        await client.SayAsync("DATA", 354);
        await client.SendAsync("To: nobody@example.com\r\n\r\n你好\r\n");
        await client.SayAsync(".", 250);

        sandbox.Mailbox.Messages("小明@example.com").ShouldHaveSingleItem();
        sandbox.Mailbox.Messages("bob@example.com").ShouldHaveSingleItem().Content.Text.ShouldBe("你好\n");
        sandbox.Mailbox.Messages("nobody@example.com").ShouldBeEmpty();
    }

    [Fact]
    public async Task Starts_over_after_RSET()
    {
        await using var client = await sandbox.SignInAsync();
        await client.SayAsync("MAIL FROM:<no-reply@example.com>", 250);
        await client.SayAsync("RSET", 250);
        await client.SayAsync("RCPT TO:<alice@example.com>", 503);
        await client.SendMessageAsync("Subject: hello\r\n\r\n");
    }

    [Fact]
    public async Task Answers_pipelined_commands_in_order()
    {
        await using var client = await sandbox.SignInAsync();
        await client.SendAsync("MAIL FROM:<no-reply@example.com>\r\nRCPT TO:<alice@example.com>\r\nRCPT TO:<alice>\r\nDATA\r\n");
        await client.ExpectAsync(250);
        await client.ExpectAsync(250);
        await client.ExpectAsync(553);
        await client.ExpectAsync(354);
    }

    [Fact]
    public async Task Refuses_lines_that_are_too_long_or_end_with_a_bare_LF()
    {
        await using var client = await sandbox.SignInAsync();
        await client.SendAsync("NOOP\n");
        await client.ExpectAsync(500);
        await client.SayAsync($"NOOP {new string('x', 20_000)}", 500);
        await client.SayAsync("NOOP", 250);
    }

    [Fact]
    public async Task Closes_after_ten_refusals()
    {
        await using var client = await sandbox.SignInAsync();
        for (var i = 0; i < 9; i++)
        {
            await client.SayAsync("NONSENSE", 500);
        }

        await client.SayAsync("NONSENSE", 421);
        await client.ExpectHangUpAsync();
    }

    [Fact]
    public async Task Closes_a_session_that_says_nothing()
    {
        await using var impatient = await RunningSandbox.StartAsync("--Smtp:IdleTimeoutSeconds=1");
        await using var client = await impatient.ConnectAsync();
        await client.ExpectAsync(220);
        await client.ExpectAsync(421);
        await client.ExpectHangUpAsync();
    }

    [Fact]
    public async Task Serves_many_clients_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            await using var client = await sandbox.SignInAsync();
            await client.SendMessageAsync($"Subject: {number}\r\n\r\n\r\n");
        }));

        var subjects = sandbox.Mailbox.Messages(null).Select(mail => mail.Content.Subject);
        subjects.ShouldBe(Enumerable.Range(0, 40).Select(number => $"{number}"), ignoreOrder: true);
    }

    private async Task<SmtpClient> GreetedInPlainAsync()
    {
        var client = await sandbox.ConnectAsync();
        await client.ExpectAsync(220);
        await client.SayAsync("EHLO test", 250);
        return client;
    }

    private async Task<SmtpClient> GreetedOverTlsAsync()
    {
        var client = await GreetedInPlainAsync();
        await client.SayAsync("STARTTLS", 220);
        await client.SecureAsync();
        await client.SayAsync("EHLO test", 250);
        return client;
    }
}
