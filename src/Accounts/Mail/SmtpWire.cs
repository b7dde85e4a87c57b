using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Accounts;

/// <summary>Lines and replies over one stream. What arrived before a TLS handshake dies with the wire it came on.</summary>
internal sealed partial class SmtpWire(Stream stream, TimeSpan timeout)
{
    // RFC 5321 §4.5.3.1.5 says 512; servers greet at more length.
    private const int MaximumLine = 4096, MaximumLines = 128;

    private readonly byte[] _buffer = new byte[MaximumLine];
    private int _start, _end;

    /// <summary>Sends one command and reads its reply. A line break within would smuggle a second command, so it cannot be.</summary>
    public async Task<SmtpReply> CommandAsync(string command, CancellationToken ct)
    {
        if (command.Any(char.IsControl))
        {
            throw new ArgumentException("An SMTP command is one line.", nameof(command));
        }

        await WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), ct);
        return await ReplyAsync(ct);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        using var limit = Limit(ct);
        await stream.WriteAsync(bytes, limit.Token);
        await stream.FlushAsync(limit.Token);
    }

    /// <summary>RFC 5321 §4.2.1: lines <c>250-text</c>, the last <c>250 text</c>.</summary>
    public async Task<SmtpReply> ReplyAsync(CancellationToken ct)
    {
        using var limit = Limit(ct);
        var lines = new List<string>();
        while (lines.Count < MaximumLines)
        {
            var line = await LineAsync(limit.Token);
            if (Code(line) is not { } code)
            {
                throw new InvalidDataException("That is no SMTP reply.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, Enhanced(lines[^1]), lines);
            }

            if (line[3] != '-')
            {
                throw new InvalidDataException("That is no SMTP reply.");
            }
        }
        throw new InvalidDataException("The SMTP reply does not end.");
    }

    private static int? Code(string line) =>
        line.Length >= 3 && int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        && code is >= 200 and <= 599 ? code : null;

    private static string? Enhanced(string text) => EnhancedCode().Match(text) is { Success: true } match ? match.Value : null;

    private async Task<string> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (line.Length < MaximumLine)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line.Append(Encoding.UTF8.GetString(_buffer, _start, newline));
                _start += newline + 1;
                return line.ToString().TrimEnd('\r');
            }
            line.Append(Encoding.UTF8.GetString(_buffer, _start, _end - _start));
            _start = 0;
            _end = await stream.ReadAsync(_buffer, ct);
            if (_end == 0)
            {
                throw new EndOfStreamException("The mail server closed the connection.");
            }
        }
        throw new InvalidDataException("The SMTP reply line does not end.");
    }

    private CancellationTokenSource Limit(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        return limit;
    }

    // RFC 2034 §4
    [GeneratedRegex(@"^[245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EnhancedCode();
}
