using System.Text;

namespace Sandbox;

/// <summary>The header of a message or part (RFC 5322 §2.2).</summary>
public static class HeaderFields
{
    /// <returns>The fields in order, unfolded (§2.2.3), and the body after the empty line.</returns>
    public static (List<(string Name, string Value)> Fields, ReadOnlyMemory<byte> Body) Read(ReadOnlyMemory<byte> octets)
    {
        var fields = new List<(string, string)>();
        string? name = null;
        var value = new StringBuilder();
        while (octets.Length > 0)
        {
            var lineFeed = octets.Span.IndexOf((byte)'\n');
            var line = Encoding.UTF8.GetString(octets.Span[..(lineFeed < 0 ? octets.Length : lineFeed)]).TrimEnd('\r');
            octets = lineFeed < 0 ? default : octets[(lineFeed + 1)..];
            if (line.Length == 0)
            {
                break;
            }

            if (line[0] is ' ' or '\t')
            {
                value.Append(line);
                continue;
            }

            Finish();
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            name = colon > 0 ? line[..colon].TrimEnd() : null;
            value.Append(line.AsSpan(colon + 1));
        }

        Finish();
        return (fields, octets);

        void Finish()
        {
            if (name is not null)
            {
                fields.Add((name, value.ToString().Trim()));
            }

            value.Clear();
        }
    }
}

/// <summary>A field's value followed by parameters: <c>text/plain; charset="utf-8"</c> (RFC 2045 §5.1).</summary>
public sealed class HeaderParameters
{
    private readonly Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    private HeaderParameters(string value) => Value = value;

    /// <summary>In lower case.</summary>
    public string Value { get; }

    public string? this[string name] => parameters.GetValueOrDefault(name);

    public static HeaderParameters Parse(string field)
    {
        var pieces = SplitOutsideQuotes(field);
        var parsed = new HeaderParameters(pieces[0].Trim().ToLowerInvariant());
        foreach (var piece in pieces.Skip(1))
        {
            if (piece.Split('=', 2) is [var name, var value])
            {
                parsed.parameters.TryAdd(name.Trim(), Unquote(value.Trim()));
            }
        }

        return parsed;
    }

    private static List<string> SplitOutsideQuotes(string field)
    {
        var pieces = new List<string>();
        var from = 0;
        var quoted = false;
        for (var i = 0; i < field.Length; i++)
        {
            if (quoted && field[i] == '\\')
            {
                i++;
            }
            else if (field[i] == '"')
            {
                quoted = !quoted;
            }
            else if (field[i] == ';' && !quoted)
            {
                pieces.Add(field[from..i]);
                from = i + 1;
            }
        }

        pieces.Add(field[from..]);
        return pieces;
    }

    private static string Unquote(string value)
    {
        if (value is not ['"', .., '"'])
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
        {
            text.Append(value[i] == '\\' && i + 1 < value.Length - 1 ? value[++i] : value[i]);
        }

        return text.ToString();
    }
}
