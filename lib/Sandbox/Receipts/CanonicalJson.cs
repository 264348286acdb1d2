// Canonical JSON, RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785): one text for one value, so that a hash of it
// means something. Enters: a JSON value. Leaves: UTF-8 bytes: members sorted by UTF-16 code units, no blanks,
// shortest escapes, numbers as ECMAScript writes them. Always holds: canonical text canonicalizes to itself.
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Sandbox.Receipts;

/// <summary>Writes JSON in its one canonical form.</summary>
public static class CanonicalJson
{
    /// <summary>Arrays and objects that may nest in one another.</summary>
    public const int DepthLimit = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The canonical form of a JSON text; throws <see cref="JsonException"/> where it is not JSON.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthLimit };
        try
        {
            using var document = JsonDocument.Parse(json, options);
            return Of(document.RootElement);
        }
        catch (InvalidOperationException lone)
        {
            throw new JsonException("expected whole characters in names, found half of a surrogate pair", lone);
        }
    }

    /// <summary>The canonical form of a JSON value.</summary>
    public static byte[] Of(JsonNode value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Of(JsonSerializer.SerializeToElement(value));
    }

    /// <summary>The canonical form of a JSON value.</summary>
    public static byte[] Of(JsonElement value)
    {
        var text = new StringBuilder();
        try
        {
            Write(text, value);
            return StrictUtf8.GetBytes(text.ToString());
        }
        catch (Exception lone) when (lone is InvalidOperationException or EncoderFallbackException)
        {
            throw new JsonException("expected whole characters, found half of a surrogate pair", lone);
        }
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!first)
                        text.Append(',');
                    first = false;
                    Write(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetDouble()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonElement value)
    {
        text.Append('{');
        var first = true;
        foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            if (!first)
                text.Append(',');
            first = false;
            WriteString(text, member.Name);
            text.Append(':');
            Write(text, member.Value);
        }

        text.Append('}');
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    // ECMAScript's Number::toString over the shortest digits that round-trip, which .NET finds too.
    private static string Number(double value)
    {
        if (!double.IsFinite(value))
            throw new JsonException("expected a number within the range of double, found one beyond");
        if (value == 0)
            return "0";
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var digits = new string([.. shortest.TakeWhile(c => c != 'E').Where(char.IsAsciiDigit)]).Trim('0');
        var exponent = ExponentOf(shortest);
        var sign = value < 0 ? "-" : "";
        return sign + exponent switch
        {
            >= 0 and < 21 when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0'),
            >= 0 and < 21 => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
            < 0 and >= -6 => $"0.{new string('0', -exponent - 1)}{digits}",
            _ => digits[..1] + (digits.Length > 1 ? "." : "") + digits[1..]
                + (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture),
        };
    }

    // The power of ten of the first digit.
    private static int ExponentOf(string shortest)
    {
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (mark >= 0)
            return int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = shortest.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? shortest : shortest[..point];
        if (whole != "0")
            return whole.Length - 1;
        var zeros = shortest[(point + 1)..].TakeWhile(c => c == '0').Count();
        return -zeros - 1;
    }
}
