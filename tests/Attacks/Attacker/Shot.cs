using System.Text;

namespace Attacks;

/// <summary>One request. It is written as it stands here, escaped or not.</summary>
public sealed record Shot(string Method, string Target)
{
    private const string FormType = "application/x-www-form-urlencoded";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    public static Shot Get(string path, Form? query = null) => new("GET", query is null ? path : $"{path}?{query}");

    public static Shot Post(string path, Form form) => new Shot("POST", path).WithBody(form.ToString());

    public Shot WithBody(string body, string? contentType = FormType)
    {
        var shot = this with { Body = Encoding.UTF8.GetBytes(body) };
        return contentType is null ? shot : shot.With("Content-Type", contentType);
    }

    public Shot With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };

    public Shot WithBasic(string id, string secret) => With("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

    /// <summary>RFC 9112 §3. Host and length are added unless they are there; text is written as Latin-1, so that a character is a byte.</summary>
    public byte[] ToBytes(int port)
    {
        var head = new StringBuilder().Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\n");
        if (!Has("Host"))
        {
            head.Append("Host: localhost:").Append(port).Append("\r\n");
        }

        if (Body is not null && !Has("Content-Length") && !Has("Transfer-Encoding"))
        {
            head.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append("Connection: close\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. Body ?? []];
    }

    public override string ToString() => $"{Method} {Target} {string.Join(' ', Headers)} {(Body is null ? "" : Encoding.UTF8.GetString(Body))}";

    private bool Has(string name) => Headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
