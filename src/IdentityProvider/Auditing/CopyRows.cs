using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Issuances as PostgreSQL's binary COPY format: written by hand, since this is paid for every token that is issued.
/// </summary>
internal sealed class CopyRows : IDisposable
{
    public const string Sql = "copy audit (at, event, person_id, client_id, ip, request_id, details) from stdin (format binary)";

    private const int Columns = 7;

    // From which PostgreSQL counts microseconds.
    private static readonly long EpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    // PGCOPY\n\377\r\n\0, then eight bytes that say: no flags, no extension.
    private static readonly byte[] Signature = Convert.FromHexString("5047434f50590aff0d0a000000000000000000");

    private readonly ArrayBufferWriter<byte> _rows = new(64 * 1_024);
    private readonly ArrayBufferWriter<byte> _json = new(512);
    private readonly Utf8JsonWriter _writer;

    public CopyRows() => _writer = new Utf8JsonWriter(_json);

    public ReadOnlyMemory<byte> Written => _rows.WrittenMemory;

    public void Begin()
    {
        _rows.ResetWrittenCount();
        _rows.Write(Signature);
    }

    public void Add(in Issuance issuance)
    {
        Write((short)Columns);
        Write(sizeof(long));
        Write((issuance.At.UtcTicks - EpochTicks) / TimeSpan.TicksPerMicrosecond);
        Write(issuance.Error is null ? "token.issued"u8 : "token.refused"u8);
        if (issuance.Grant is { } grant)
        {
            Write(16);
            Guid.Parse(grant.Subject).TryWriteBytes(_rows.GetSpan(16), bigEndian: true, out _);
            _rows.Advance(16);
        }
        else
        {
            WriteNull();
        }

        Write(issuance.ClientId);
        Write(issuance.Address);
        Write(issuance.RequestId);
        WriteDetails(issuance);
    }

    public void End() => Write((short)-1);

    public void Dispose() => _writer.Dispose();

    // jsonb's binary form is a version and the text.
    private void WriteDetails(in Issuance issuance)
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        Member("grant_type"u8, issuance.GrantType);
        Member("scope"u8, issuance.Scope);
        Member("error"u8, issuance.Error);
        if (issuance.Grant is { } grant)
        {
            _writer.WriteString("grant"u8, grant.Id);
            _writer.WriteString("session"u8, grant.SessionId);
        }

        _writer.WriteEndObject();
        _writer.Flush();
        Write(1 + _json.WrittenCount);
        _rows.Write((ReadOnlySpan<byte>)[1]);
        _rows.Write(_json.WrittenSpan);
    }

    private void Member(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _writer.WriteString(name, value);
        }
    }

    private void Write(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_rows.GetSpan(sizeof(short)), value);
        _rows.Advance(sizeof(short));
    }

    private void Write(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_rows.GetSpan(sizeof(int)), value);
        _rows.Advance(sizeof(int));
    }

    private void Write(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_rows.GetSpan(sizeof(long)), value);
        _rows.Advance(sizeof(long));
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        Write(text.Length);
        _rows.Write(text);
    }

    private void Write(string text)
    {
        Write(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _rows);
    }

    // Family (2 or 3), length of the mask in bits, 0 for inet, length of the address, the address.
    private void Write(IPAddress? address)
    {
        if (address is null)
        {
            WriteNull();
            return;
        }

        var isFour = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        Span<byte> bytes = stackalloc byte[16];
        (isFour ? address.MapToIPv4() : address).TryWriteBytes(bytes, out var length);
        Write(4 + length);
        _rows.Write((ReadOnlySpan<byte>)[(byte)(isFour ? 2 : 3), (byte)(length * 8), 0, (byte)length]);
        _rows.Write(bytes[..length]);
    }

    private void WriteNull() => Write(-1);
}
