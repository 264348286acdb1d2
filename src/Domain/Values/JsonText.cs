// The text of a JSON value, read into the caller's own room: values are short, and no string is made of them.
using System.Text.Json;

namespace EventSourced.Domain.Values;

internal static class JsonText
{
    /// <summary>The room for the longest value: a decimal of 256 bits with its sign.</summary>
    internal const int Room = 80;

    /// <summary>
    /// Copies the text of the value that the reader stands on and returns its length; 0 when the value is none.
    /// </summary>
    internal static int Copy(ref Utf8JsonReader reader, scoped Span<char> room)
    {
        if (reader.TokenType != JsonTokenType.String) return 0;
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        return length <= room.Length
            ? reader.CopyString(room)
            : throw new JsonException($"expected a text of at most {room.Length} bytes, found one of {length}");
    }
}
