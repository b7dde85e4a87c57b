using System.Text;

namespace Bench;

/// <summary>HTTP/1.1 requests as bytes.</summary>
internal static class Request
{
    public static byte[] Get(int port, string path, string headers = "") =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: */*\r\n{headers}\r\n");

    public static byte[] Post(int port, string path, string form, string headers = "") =>
        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n{headers}\r\n{form}");
}
