namespace Accounts;

/// <summary>A sender: address and, perhaps, a name to show (RFC 5322 §3.4).</summary>
internal sealed record Mailbox(string Address, string? Name)
{
    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>
    /// Reads <c>name@example.com</c> or <c>Product &lt;name@example.com&gt;</c>; null when it is neither. The case of the address stays.
    /// </summary>
    public static Mailbox? Parse(string text)
    {
        var trimmed = text.Trim();
        var open = trimmed.LastIndexOf('<');
        if (open < 0 || !trimmed.EndsWith('>'))
        {
            return Of(trimmed, name: null);
        }

        var name = trimmed[..open].Trim().Trim('"').Trim();
        return Of(trimmed[(open + 1)..^1], name.Length == 0 ? null : name);
    }

    // Senders are configured, not typed by strangers, so the local part keeps its case; otherwise the same rules hold.
    private static Mailbox? Of(string address, string? name) =>
        address.All(char.IsAscii) && string.Equals(EmailAddress.Canonical(address), address, StringComparison.OrdinalIgnoreCase)
            ? new Mailbox(address, name)
            : null;
}
