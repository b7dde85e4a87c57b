// RFC 7519 §4 and RFC 9068 §2.2: writing claims without an object per token.
using System.Buffers;
using System.Text.Json;
using Jose;

namespace Oidc;

/// <summary>
/// A buffer and a writer that every thread keeps, so that signing a token allocates the token and nothing else. Claims are escaped only
/// where JSON demands it: a JWT never stands in HTML.
/// </summary>
public static class JwtPayload
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Sign<TState>(SigningKey key, string type, TState state, Action<Utf8JsonWriter, TState> write)
    {
        buffer ??= new ArrayBufferWriter<byte>(1_024);
        writer ??= new Utf8JsonWriter(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer, state);
        writer.Flush();
        return Jwt.Sign(key, type, buffer.WrittenSpan);
    }

    /// <summary>RFC 7519 §2: NumericDate, whole seconds.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time) => writer.WriteNumber(name, time.ToUnixTimeSeconds());

    /// <summary>RFC 7519 §4.1.3: a string when there is one value, an array when there are more.</summary>
    public static void WriteOneOrMany(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count == 1)
        {
            writer.WriteString(name, values[0]);
            return;
        }

        writer.WriteStringArray(name, values);
    }

    public static void WriteStringArray(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        for (var index = 0; index < values.Count; index++)
        {
            writer.WriteStringValue(values[index]);
        }

        writer.WriteEndArray();
    }
}
