using System.Text.Json;
using System.Text.Unicode;

namespace Jose;

/// <summary>
/// Reads JSON that an attacker wrote: one object, well-formed UTF-8, no member twice at any depth (RFC 7515 §4, RFC 7519 §4), bounded
/// depth.
/// </summary>
internal static class StrictJson
{
    /// <summary>Deep enough for nested actors and addresses; a recursion bomb ends here.</summary>
    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>The object, every string of which can be read without an exception; or false.</summary>
    public static bool TryReadObject(ReadOnlySpan<byte> utf8, out JsonElement value)
    {
        value = default;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            value = JsonElement.Parse(utf8, Options);
            if (utf8.IndexOf("\\u"u8) >= 0)
            {
                ReadEveryString(value);
            }
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            return false;
        }

        return value.ValueKind == JsonValueKind.Object;
    }

    /// <summary>The member's text; null when it is absent; false when it is there and is not a string.</summary>
    public static bool TryGetText(JsonElement value, ReadOnlySpan<byte> name, out string? text)
    {
        text = null;
        if (!value.TryGetProperty(name, out var member))
        {
            return true;
        }

        text = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return text is not null;
    }

    // An escaped half of a surrogate pair passes the parser and throws only when the string is asked for, which must not be later.
    private static void ReadEveryString(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    ReadEveryString(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    ReadEveryString(member.Value);
                }

                break;
        }
    }
}
