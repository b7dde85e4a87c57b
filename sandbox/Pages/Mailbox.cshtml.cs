using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Sandbox;

/// <summary>The mail that arrived, newest first, for people.</summary>
public sealed class MailboxModel(Mailbox mailbox) : PageModel
{
    private const int MostShown = 50;

    /// <summary>The address whose mail is shown, or null for all.</summary>
    public string? To { get; private set; }

    public IReadOnlyList<ReceivedMail> Mails { get; private set; } = [];

    public void OnGet(string? to)
    {
        To = string.IsNullOrWhiteSpace(to) ? null : to.Trim();
        Mails = [.. mailbox.Messages(To).Take(MostShown)];
    }
}
