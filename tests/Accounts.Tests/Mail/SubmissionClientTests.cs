using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Accounts.Tests;

public sealed class SubmissionClientTests
{
    private static readonly OutgoingMail Mail =
        new("1@example.com", "alice@example.com", "Subject: x\r\n\r\n.begins with a dot\r\n.\r\nends\r\n"u8.ToArray());

    [Theory]
    [InlineData(SmtpTls.Implicit)]
    [InlineData(SmtpTls.StartTls)]
    public async Task Hands_a_mail_over_under_TLS(SmtpTls tls)
    {
        await using var server = new MailServer { Tls = tls };
        (await SubmitAsync(server)).Verdict.ShouldBe(SubmissionVerdict.Accepted);
        server.Messages.ShouldBe(["Subject: x\r\n\r\n..begins with a dot\r\n..\r\nends\r\n"]);
        server.Heard.Where(line => !line.StartsWith("(clear)", StringComparison.Ordinal)).ShouldBe([
            "EHLO [127.0.0.1]",
            "AUTH PLAIN " + Base64("\0user\0secret"),
            $"MAIL FROM:<no-reply@example.com> SIZE={Mail.Message.Length}",
            "RCPT TO:<alice@example.com>",
            "DATA",
        ]);
    }

    [Fact]
    public async Task Says_nothing_in_the_clear_but_EHLO_and_STARTTLS()
    {
        await using var server = new MailServer { Tls = SmtpTls.StartTls };
        await SubmitAsync(server);
        server.Heard.Where(line => line.StartsWith("(clear)", StringComparison.Ordinal))
            .ShouldBe(["(clear) EHLO [127.0.0.1]", "(clear) STARTTLS"]);
    }

    [Theory]
    [InlineData(465, null, SmtpTls.Implicit)]
    [InlineData(587, null, SmtpTls.StartTls)]
    [InlineData(25, null, SmtpTls.StartTls)]
    [InlineData(5165, SmtpTls.Implicit, SmtpTls.Implicit)]
    public void The_port_tells_how_TLS_begins_unless_a_setting_does(int port, SmtpTls? setting, SmtpTls mode) =>
        new SmtpOptions { Port = port, Tls = setting }.Mode.ShouldBe(mode);

    [Fact]
    public async Task Goes_no_further_when_STARTTLS_is_not_offered()
    {
        await using var server = new MailServer { Tls = SmtpTls.StartTls, OffersInTheClear = ["AUTH PLAIN LOGIN"] };
        await RefusedAsync(server, SubmissionVerdict.Misconfigured, SubmissionStage.Tls);
        server.Heard.ShouldBe(["(clear) EHLO [127.0.0.1]"]);
    }

    [Fact]
    public async Task Goes_no_further_when_STARTTLS_is_refused()
    {
        await using var server = new MailServer { Tls = SmtpTls.StartTls, Replies = { ["STARTTLS"] = "454 4.7.0 not now" } };
        await RefusedAsync(server, SubmissionVerdict.Transient, SubmissionStage.Tls);
    }

    [Fact]
    public async Task Believes_nothing_that_was_sent_before_TLS()
    {
        // Were it read after the handshake, it would pass for the answer to the second EHLO.
        const string injected = "250-mail.example.com\r\n250 SIZE 10";
        await using var server = new MailServer { Tls = SmtpTls.StartTls, Injected = injected, Offers = ["AUTH LOGIN"] };
        var result = await SubmitAsync(server);
        result.Verdict.ShouldBe(SubmissionVerdict.Accepted);
        server.Heard.ShouldContain("AUTH LOGIN");
        server.Heard.ShouldNotContain(line => line.Contains("SIZE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trusts_no_unknown_authority()
    {
        await using var server = new MailServer { Certificate = new TestAuthority().Issue() };
        await RefusedAsync(server, SubmissionVerdict.Misconfigured, SubmissionStage.Tls);
    }

    [Fact]
    public async Task Trusts_no_authority_that_is_not_configured()
    {
        await using var server = new MailServer();
        var options = server.Options;
        options.TrustedCa = null;
        var result = await SubmitAsync(options);
        result.Verdict.ShouldBe(SubmissionVerdict.Misconfigured, result.ToString());
    }

    [Fact]
    public async Task Trusts_no_certificate_of_another_name()
    {
        await using var server = new MailServer { Certificate = TestAuthority.Shared.Issue("mail.example.com") };
        await RefusedAsync(server, SubmissionVerdict.Misconfigured, SubmissionStage.Tls);
    }

    [Fact]
    public async Task Trusts_no_expired_certificate()
    {
        await using var server = new MailServer { Certificate = TestAuthority.Shared.Issue(validDays: 0) };
        await RefusedAsync(server, SubmissionVerdict.Misconfigured, SubmissionStage.Tls);
    }

    [Fact]
    public async Task Signs_in_by_LOGIN_when_PLAIN_is_not_offered()
    {
        await using var server = new MailServer { Offers = ["AUTH LOGIN"] };
        (await SubmitAsync(server)).Verdict.ShouldBe(SubmissionVerdict.Accepted);
        server.Heard.ShouldContain(Base64("user"));
        server.Heard.ShouldContain(Base64("secret"));
    }

    [Theory]
    [InlineData("AUTH CRAM-MD5 XOAUTH2")]
    [InlineData("SIZE 1000")]
    public async Task Sends_no_mail_without_AUTH_when_there_are_credentials(string offer)
    {
        await using var server = new MailServer { Offers = [offer] };
        await RefusedAsync(server, SubmissionVerdict.Misconfigured, SubmissionStage.Auth);
        server.Heard.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sends_no_mail_after_a_refused_AUTH()
    {
        await using var server = new MailServer { Replies = { ["AUTH"] = "535 5.7.8 bad credentials" } };
        await RefusedAsync(server, SubmissionVerdict.Misconfigured, SubmissionStage.Auth);
        server.Heard.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sends_without_AUTH_when_there_are_no_credentials()
    {
        await using var server = new MailServer();
        var options = server.Options;
        (options.User, options.Pass) = (null, null);
        (await SubmitAsync(options)).Verdict.ShouldBe(SubmissionVerdict.Accepted);
        server.Heard.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("greeting", "421 4.3.2 closing", "Transient", "Greeting")]
    [InlineData("greeting", "554 5.7.1 no", "Misconfigured", "Greeting")]
    [InlineData("AUTH", "454 4.7.0 later", "Transient", "Auth")]
    [InlineData("MAIL", "553 5.7.1 sender", "Misconfigured", "Sender")]
    [InlineData("RCPT", "450 4.7.1 greylisted", "Transient", "Recipient")]
    [InlineData("RCPT", "550 5.1.1 nobody", "BadAddress", "Recipient")]
    [InlineData("RCPT", "550-5.1.1 nobody\r\n550 5.1.1 really", "BadAddress", "Recipient")]
    [InlineData("RCPT", "552 5.2.2 full", "MailboxFull", "Recipient")]
    [InlineData("DATA", "451 4.3.0 later", "Transient", "Message")]
    [InlineData(".", "554 5.7.1 spam", "Policy", "Message")]
    [InlineData(".", "450 4.2.0 later", "Transient", "Message")]
    [InlineData(".", "550 5.1.1 nobody", "BadAddress", "Message")]
    public async Task Reads_a_refusal_wherever_it_comes(string verb, string reply, string verdict, string stage)
    {
        await using var server = new MailServer { Replies = { [verb] = reply } };
        await RefusedAsync(server, Enum.Parse<SubmissionVerdict>(verdict), Enum.Parse<SubmissionStage>(stage));
    }

    [Theory]
    [InlineData("greeting", "Transient")]
    [InlineData("EHLO", "Transient")]
    [InlineData("RCPT", "Transient")]
    [InlineData("DATA", "Transient")]
    [InlineData(".", "Lost")]
    public async Task Tells_a_broken_connection_from_one_that_broke_after_the_last_line(string verb, string verdict)
    {
        await using var server = new MailServer { Replies = { [verb] = "" } };
        (await SubmitAsync(server)).Verdict.ToString().ShouldBe(verdict);
    }

    [Theory]
    [InlineData("EHLO", "Transient")]
    [InlineData(".", "Lost")]
    public async Task Does_not_wait_for_ever(string verb, string verdict)
    {
        await using var server = new MailServer { Replies = { [verb] = null } };
        var options = server.Options;
        options.Timeout = TimeSpan.FromMilliseconds(400);
        var result = await SubmitAsync(options);
        result.Verdict.ToString().ShouldBe(verdict);
        result.Reason.ShouldBe("no answer in time");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("220")]
    [InlineData("22x hello")]
    [InlineData("220+hello")]
    [InlineData("999 hello")]
    public async Task Survives_what_is_no_mail_server(string greeting)
    {
        await using var server = new MailServer { Replies = { ["greeting"] = greeting, ["EHLO"] = "what?" } };
        (await SubmitAsync(server)).Verdict.ShouldBe(SubmissionVerdict.Transient);
    }

    [Fact]
    public async Task Survives_an_answer_without_end()
    {
        await using var server = new MailServer { Replies = { ["EHLO"] = string.Join("\r\n", Enumerable.Repeat("250-more", 10_000)) } };
        (await SubmitAsync(server)).Verdict.ShouldBe(SubmissionVerdict.Transient);
        await using var endless = new MailServer { Replies = { ["EHLO"] = "250 " + new string('x', 100_000) } };
        (await SubmitAsync(endless)).Verdict.ShouldBe(SubmissionVerdict.Transient);
    }

    [Fact]
    public async Task Nobody_listening_is_transient()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        (await SubmitAsync(new SmtpOptions { Host = "localhost", Port = port })).Stage.ShouldBe(SubmissionStage.Connect);
    }

    [Fact]
    public async Task Withholds_the_last_line_when_told_to()
    {
        await using var server = new MailServer();
        var client = new SubmissionClient(Options.Create(server.Options));
        var result = await client.SubmitAsync(Mail, _ => Task.FromResult(false), CancellationToken.None);
        result.Verdict.ShouldBe(SubmissionVerdict.Withheld);
        server.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_international_address_goes_only_where_it_is_understood()
    {
        var mail = Mail with { Recipient = "用户@example.com" };
        await using var server = new MailServer();
        (await SubmitAsync(server.Options, mail)).Verdict.ShouldBe(SubmissionVerdict.BadAddress);
        await using var international = new MailServer { Offers = ["AUTH PLAIN", "8BITMIME", "SMTPUTF8"] };
        (await SubmitAsync(international.Options, mail)).Verdict.ShouldBe(SubmissionVerdict.Accepted);
        international.Heard.ShouldContain("MAIL FROM:<no-reply@example.com> BODY=8BITMIME SMTPUTF8");
        international.Heard.ShouldContain("RCPT TO:<用户@example.com>");
    }

    [Fact]
    public async Task A_recipient_cannot_smuggle_a_command()
    {
        await using var server = new MailServer();
        var smuggling = Mail with { Recipient = "a@example.com>\r\nRCPT TO:<b@example.com" };
        await Should.ThrowAsync<ArgumentException>(SubmitAsync(server.Options, smuggling));
        server.Heard.ShouldNotContain(line => line.Contains("b@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeps_the_servers_text_out_of_what_is_logged()
    {
        await using var server = new MailServer { Replies = { ["RCPT"] = "550 5.1.1 <alice@example.com> unknown" } };
        (await SubmitAsync(server)).ToString().ShouldBe("BadAddress at Recipient: 550 5.1.1");
    }

    private static async Task RefusedAsync(MailServer server, SubmissionVerdict verdict, SubmissionStage stage)
    {
        var result = await SubmitAsync(server);
        result.Verdict.ShouldBe(verdict, result.ToString());
        result.Stage.ShouldBe(stage);
        // It can be heard up to its last line and still be refused; taken it was not.
        result.AnsweredAfterLastLine.ShouldBe(!server.Messages.IsEmpty);
    }

    private static Task<SubmissionResult> SubmitAsync(MailServer server) => SubmitAsync(server.Options);

    private static Task<SubmissionResult> SubmitAsync(SmtpOptions options, OutgoingMail? mail = null) =>
        new SubmissionClient(Options.Create(options)).SubmitAsync(mail ?? Mail, _ => Task.FromResult(true), CancellationToken.None);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
