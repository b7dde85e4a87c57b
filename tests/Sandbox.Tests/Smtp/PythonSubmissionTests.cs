using System.Diagnostics;

namespace Sandbox.Tests;

/// <summary>A client and a mail composer that others wrote: Python's standard library.</summary>
public sealed class PythonSubmissionTests
{
    private const string Script = """
        import smtplib, ssl, sys
        from email.message import EmailMessage
        mode, port, ca, password = sys.argv[1:]
        trust = ssl.create_default_context(cafile=ca)
        mail = EmailMessage()
        mail['From'] = '身份 <no-reply@example.com>'
        mail['To'] = 'alice@example.com'
        mail['Subject'] = '您的登录验证码是 482913，五分钟内有效，请不要告诉任何人，也不要转发'
        mail.set_content('您的登录验证码是 482913。\n.以点开头的一行\n' + 'long ' * 300)
        mail.add_alternative('<p>您的登录验证码是 <b>482913</b></p>', subtype='html', cte='base64')
        mail.add_attachment(b'not for reading', maintype='text', subtype='plain', filename='a.txt')
        server = smtplib.SMTP_SSL('127.0.0.1', int(port), context=trust) if mode == 'implicit' else smtplib.SMTP('localhost', int(port))
        with server:
            if mode == 'starttls':
                server.starttls(context=trust)
            server.login('mailer', password)
            server.send_message(mail)
        """;

    [PythonTheory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task Takes_and_reads_a_mail_of_another_author(string mode)
    {
        var authority = Path.GetTempFileName();
        try
        {
            await using var sandbox = await RunningSandbox.StartAsync($"--Smtp:CaFile={authority}");
            var port = mode == "starttls" ? sandbox.Smtp.StartTlsPort : sandbox.Smtp.ImplicitTlsPort;
            await RunAsync(mode, $"{port}", authority, RunningSandbox.Password);

            var mail = sandbox.Mailbox.Messages("alice@example.com").ShouldHaveSingleItem();
            mail.From.ShouldBe("身份 <no-reply@example.com>");
            mail.Content.Subject.ShouldBe("您的登录验证码是 482913，五分钟内有效，请不要告诉任何人，也不要转发");
            mail.Content.Code.ShouldBe("482913");
            mail.Content.Text!.ShouldStartWith("您的登录验证码是 482913。\n.以点开头的一行\nlong long");
            mail.Content.Html!.Trim().ShouldBe("<p>您的登录验证码是 <b>482913</b></p>");
        }
        finally
        {
            File.Delete(authority);
        }
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", ["-c", Script, .. arguments]) { RedirectStandardError = true, UseShellExecute = false };
        using var python = Process.Start(start)!;
        var complaint = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        python.ExitCode.ShouldBe(0, complaint);
    }
}

/// <summary>Skipped, and reported as skipped, where Python is not installed.</summary>
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "python3"))))
        {
            Skip = "python3 is not installed";
        }
    }
}
