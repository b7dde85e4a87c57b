namespace Sandbox;

/// <summary>
/// One mail as programs read it. <c>To</c> holds the addresses it was delivered to, separated by a comma and a space; <c>Text</c> and
/// <c>Html</c> are null when the mail has no such part.
/// </summary>
public sealed record MailboxMessage(
    string Id, string From, string To, string Subject, string? Text, string? Html, DateTimeOffset ReceivedAt);

/// <summary>What the mailbox gives out beside its page.</summary>
public static class MailboxEndpoint
{
    // The HTML part brings its own styles and belongs to a stranger: it may be painted, and nothing else.
    private const string PaintOnly = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";

    /// <summary><c>GET /mailbox/messages?to=</c>: newest first.</summary>
    public static IResult Messages(string? to, Mailbox mailbox) => Results.Json<IReadOnlyList<MailboxMessage>>(
        [.. mailbox.Messages(to).Select(mail => new MailboxMessage(
            mail.Id, mail.From, string.Join(", ", mail.To), mail.Content.Subject, mail.Content.Text, mail.Content.Html, mail.ReceivedAt))],
        SandboxJson.Default.IReadOnlyListMailboxMessage);

    /// <summary>The HTML part as a document that can do nothing.</summary>
    public static IResult Html(string id, Mailbox mailbox, HttpResponse response)
    {
        if (mailbox.Find(id)?.Content.Html is not { } html)
        {
            return Results.NotFound();
        }

        response.Headers.ContentSecurityPolicy = PaintOnly;
        return Results.Text(html, "text/html; charset=utf-8");
    }

    /// <summary>The octets as they were sent.</summary>
    public static IResult Raw(string id, Mailbox mailbox) =>
        mailbox.Find(id) is { } mail ? Results.Bytes(mail.Raw, "text/plain; charset=utf-8") : Results.NotFound();
}
