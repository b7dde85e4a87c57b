using System.Buffers.Text;
using System.Text;

namespace Conformance;

/// <summary>OpenID Connect Core §6.1: a request as an unsecured JWT.</summary>
public static class RequestObjects
{
    public static string Unsigned(Form request)
    {
        var claims = request.Names.ToDictionary(name => name, name => request[name], StringComparer.Ordinal);
        return $"{Encode("""{"alg":"none"}""")}.{Encode(JsonSerializer.Serialize(claims))}.";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
