// RFC 8259: JSON answers, written into a buffer each thread keeps.
using System.Buffers;
using System.Text.Json;

namespace Oidc;

/// <summary>
/// Serialises one answer into this thread's buffer. The bytes are valid until the thread serialises the next one, so they are copied out
/// before anything is awaited.
/// </summary>
public static class JsonBody
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    public static ReadOnlyMemory<byte> Write<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        buffer ??= new ArrayBufferWriter<byte>(4_096);
        writer ??= new Utf8JsonWriter(buffer);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer, state);
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
