// RFC 8785 (JSON Canonicalization Scheme): one text for one value, so that a hash of it means the value. Enters: any
// UTF-8 JSON. Leaves: no white space, members sorted by UTF-16 code units, shortest escapes, numbers as ECMAScript
// writes them. What I-JSON (RFC 7493) forbids is refused: duplicate names, lone surrogates, integers a double would
// change.
using System.Buffers;
using System.Text.Json;

namespace EventSourced.EventStore.Json;

/// <summary>Writes JSON in its one canonical form.</summary>
public static class CanonicalJson
{
    /// <summary>How deep objects and arrays may nest.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>The canonical form of a JSON text.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> utf8Json)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(16, utf8Json.Length));
        Write(output, utf8Json);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Appends the canonical form of a JSON text.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlyMemory<byte> utf8Json)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var document = JsonDocument.Parse(utf8Json, Options);
        Write(output, document.RootElement);
    }

    /// <summary>Appends the canonical form of a JSON value.</summary>
    public static void Write(IBufferWriter<byte> output, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value);
                break;
            case JsonValueKind.String:
                WriteString(output, Text(value));
                break;
            case JsonValueKind.Number:
                WriteNumber(output, value);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new JsonException($"expected a JSON value, found {value.ValueKind}");
        }
    }

    private static void WriteObject(IBufferWriter<byte> output, JsonElement value)
    {
        var members = value.EnumerateObject().ToArray();
        // Ordinal order of UTF-16 strings is the order that section 3.2.3 asks for.
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        output.Write("{"u8);
        for (var index = 0; index < members.Length; index++)
        {
            var name = members[index].Name;
            if (index > 0)
            {
                if (name == members[index - 1].Name)
                    throw new JsonException($"expected each member once, found '{name}' twice");
                output.Write(","u8);
            }

            WriteString(output, name);
            output.Write(":"u8);
            Write(output, members[index].Value);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(IBufferWriter<byte> output, JsonElement value)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first) output.Write(","u8);
            first = false;
            Write(output, item);
        }

        output.Write("]"u8);
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException cause)
        {
            throw new JsonException($"expected text of whole characters, found {value.GetRawText()}", cause);
        }
    }

    private static void WriteString(IBufferWriter<byte> output, string text)
    {
        var span = output.GetSpan((text.Length * 6) + 2);
        span[0] = (byte)'"';
        var written = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"' or '\\':
                    span[written++] = (byte)'\\';
                    span[written++] = (byte)rune.Value;
                    break;
                case '\b' or '\t' or '\n' or '\f' or '\r':
                    span[written++] = (byte)'\\';
                    span[written++] = "btn_fr"u8[rune.Value - '\b'];
                    break;
                case < ' ':
                    "\\u00"u8.CopyTo(span[written..]);
                    span[written + 4] = "0123456789abcdef"u8[rune.Value >> 4];
                    span[written + 5] = "0123456789abcdef"u8[rune.Value & 15];
                    written += 6;
                    break;
                default:
                    written += rune.EncodeToUtf8(span[written..]);
                    break;
            }
        }

        span[written++] = (byte)'"';
        output.Advance(written);
    }

    private static void WriteNumber(IBufferWriter<byte> output, JsonElement value)
    {
        var literal = value.GetRawText();
        var number = value.GetDouble();
        if (!double.IsFinite(number))
            throw new JsonException($"expected a number within a double's range, found {literal}");
        if (!literal.AsSpan().ContainsAny('.', 'e', 'E') && Math.Abs(number) > EcmaScriptNumber.MaxSafeInteger)
            throw new JsonException($"expected an integer within 2^53, found {literal}; write it as a decimal string");
        var span = output.GetSpan(EcmaScriptNumber.MaxLength);
        output.Advance(EcmaScriptNumber.Write(span, number));
    }
}
