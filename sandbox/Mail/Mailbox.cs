namespace Sandbox;

/// <summary>
/// A mail that arrived: its octets as they were sent, and the envelope's addresses, which count for delivery where the header's do not.
/// </summary>
public sealed record ReceivedMail(string Id, string Sender, IReadOnlyList<string> To, ReadOnlyMemory<byte> Raw, DateTimeOffset ReceivedAt)
{
    /// <summary>What a person reads of it.</summary>
    public MailContent Content { get; } = MailContent.Read(Raw);

    /// <summary>The From header, or the envelope's sender when there is none.</summary>
    public string From => Content.From is { Length: > 0 } from ? from : Sender;
}

/// <summary>All mail of this run, in memory; the oldest goes when there is too much. Safe for use by many connections at once.</summary>
public sealed class Mailbox(TimeProvider time)
{
    public const int MaxMessages = 1000;
    public const int MaxBytes = 64 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly LinkedList<ReceivedMail> newestFirst = [];
    private int bytes;

    public ReceivedMail Deliver(string sender, IReadOnlyList<string> to, byte[] raw)
    {
        var receivedAt = time.GetUtcNow();
        var mail = new ReceivedMail(Guid.CreateVersion7(receivedAt).ToString("N"), sender, [.. to], raw, receivedAt);
        lock (gate)
        {
            newestFirst.AddFirst(mail);
            bytes += raw.Length;
            while (newestFirst.Count > MaxMessages || bytes > MaxBytes)
            {
                bytes -= newestFirst.Last!.Value.Raw.Length;
                newestFirst.RemoveLast();
            }
        }

        return mail;
    }

    /// <summary>Newest first; only those delivered to <paramref name="to"/> when it is given, without regard to case.</summary>
    public IReadOnlyList<ReceivedMail> Messages(string? to)
    {
        lock (gate)
        {
            return [.. newestFirst.Where(mail => string.IsNullOrEmpty(to) || mail.To.Contains(to, StringComparer.OrdinalIgnoreCase))];
        }
    }

    public ReceivedMail? Find(string id)
    {
        lock (gate)
        {
            return newestFirst.FirstOrDefault(mail => mail.Id == id);
        }
    }
}
