using System.Security.Cryptography;
using System.Text;

namespace Accounts;

/// <summary>SHA-256: what is stored in place of a value that only needs recognising.</summary>
internal static class Digest
{
    public static byte[] Of(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    public static byte[] Of(byte[] bytes) => SHA256.HashData(bytes);
}
