namespace Sandbox;

/// <summary>A command line: a verb in upper case and what follows it (RFC 5321 §4.1.1).</summary>
public readonly record struct SmtpCommand(string Verb, string Arguments)
{
    public static SmtpCommand Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0
            ? new SmtpCommand(line.ToUpperInvariant(), "")
            : new SmtpCommand(line[..space].ToUpperInvariant(), line[(space + 1)..].TrimEnd(' '));
    }

    /// <summary>The line without what nobody may read in a record of calls: RFC 4954 §4 carries passwords on the AUTH line.</summary>
    public string WithoutSecrets()
    {
        if (Verb != "AUTH")
        {
            return Arguments.Length == 0 ? Verb : $"{Verb} {Arguments}";
        }

        var mechanism = Arguments.Split(' ', 2);
        return mechanism.Length == 1 ? $"AUTH {mechanism[0]}" : $"AUTH {mechanism[0]} (credentials)";
    }
}

/// <summary>The argument of MAIL and RCPT: <c>FROM:&lt;address&gt; KEY=value …</c> (RFC 5321 §4.1.2).</summary>
public sealed record SmtpPath(string Address, IReadOnlyDictionary<string, string> Parameters)
{
    private const int LongestPath = 256; // RFC 5321 §4.5.3.1.3, brackets included

    public static SmtpPath? Parse(string arguments, string prefix)
    {
        if (!arguments.StartsWith(prefix + "<", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var close = arguments.IndexOf('>', StringComparison.Ordinal);
        if (close < 0 || close + 1 - prefix.Length > LongestPath)
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = arguments[(close + 1)..];
        if (rest.Length > 0 && rest[0] != ' ')
        {
            return null;
        }

        foreach (var parameter in rest.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = parameter.Split('=', 2);
            if (!parameters.TryAdd(parts[0], parts.Length == 2 ? parts[1] : ""))
            {
                return null;
            }
        }

        return new SmtpPath(arguments[(prefix.Length + 1)..close], parameters);
    }

    /// <summary>Good enough for a sink: one mailbox at one domain, nothing that could be taken for structure.</summary>
    public bool IsMailbox =>
        Address.LastIndexOf('@') is > 0 and var at
        && at < Address.Length - 1
        && !Address.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character is '<' or '>' or ',' or ';');

    public bool IsAscii => Address.All(char.IsAscii);
}
