using System.Buffers;
using System.Text;
using Codec = System.Buffers.Text.Base64Url;

namespace Jose;

/// <summary>
/// Base64url without padding (RFC 7515 §2). Decoding takes the one canonical spelling only: no padding, no white space, no foreign
/// character, and no bits set behind the last byte, so that two different texts never mean the same bytes (RFC 4648 §3.5).
/// </summary>
public static class Base64Url
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    // A last group of two digits carries 8 of its 12 bits, one of three carries 16 of 18: what a final digit may be when the rest is zero.
    private static readonly SearchValues<byte> LastOfTwo = SearchValues.Create("AQgw"u8);
    private static readonly SearchValues<byte> LastOfThree = SearchValues.Create("AEIMQUYcgkosw048"u8);

    public static string Encode(ReadOnlySpan<byte> bytes) => Codec.EncodeToString(bytes);

    /// <summary>How many digits <paramref name="byteCount"/> bytes take.</summary>
    public static int EncodedLength(int byteCount) => Codec.GetEncodedLength(byteCount);

    /// <summary>Writes the digits as ASCII; the destination holds at least <see cref="EncodedLength"/>.</summary>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> asciiDestination) => Codec.EncodeToUtf8(bytes, asciiDestination);

    /// <summary>The bytes that <paramref name="text"/> spells canonically, or false.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        var ascii = new byte[text.Length];
        return Ascii.FromUtf16(text, ascii, out _) == OperationStatus.Done && TryDecode(ascii, out bytes);
    }

    /// <summary>The bytes that the ASCII <paramref name="text"/> spells canonically, or false.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        bytes = new byte[DecodedLength(text.Length)];
        if (TryDecode(text, bytes, out _))
        {
            return true;
        }

        bytes = [];
        return false;
    }

    /// <summary>As above, into a buffer of the caller's; false also when the buffer is too short.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        return IsCanonical(text) && destination.Length >= DecodedLength(text.Length)
            && Codec.TryDecodeFromUtf8(text, destination, out written);
    }

    private static int DecodedLength(int digits) => digits / 4 * 3 + (digits % 4) switch { 2 => 1, 3 => 2, _ => 0 };

    private static bool IsCanonical(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Digits) && (text.Length % 4) switch
    {
        0 => true,
        2 => LastOfTwo.Contains(text[^1]),
        3 => LastOfThree.Contains(text[^1]),
        _ => false,
    };
}
