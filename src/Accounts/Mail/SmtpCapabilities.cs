namespace Accounts;

/// <summary>What the server offered in its answer to EHLO (RFC 5321 §4.1.1.1); forgotten at STARTTLS.</summary>
internal sealed class SmtpCapabilities
{
    private readonly Dictionary<string, string> _offered = new(StringComparer.OrdinalIgnoreCase);

    public SmtpCapabilities(SmtpReply ehlo)
    {
        // The first line is the server's name. "AUTH=LOGIN" is how servers before RFC 2554 wrote it.
        foreach (var line in ehlo.Lines.Skip(1))
        {
            var end = line.AsSpan().IndexOfAny(' ', '=');
            var (keyword, parameters) = end < 0 ? (line, "") : (line[..end], line[(end + 1)..]);
            _offered[keyword] = _offered.TryGetValue(keyword, out var before) ? $"{before} {parameters}" : parameters;
        }
    }

    public bool Has(string keyword) => _offered.ContainsKey(keyword);

    public bool HasMechanism(string mechanism) =>
        _offered.TryGetValue("AUTH", out var mechanisms) && mechanisms.Split(' ').Contains(mechanism, StringComparer.OrdinalIgnoreCase);
}
