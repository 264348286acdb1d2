// Text that PostgreSQL can hold unchanged: no NUL, no half of a surrogate pair. System.Text.Json would replace a lone
// surrogate in silence and PostgreSQL would refuse NUL far from its cause; both are refused here, where they arise.
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace EventSourced.MartenBulk;

/// <summary>
/// The JSON encoder of everything stored: it escapes as JSON demands and refuses text that cannot be stored.
/// </summary>
internal sealed unsafe class StorableText : JavaScriptEncoder
{
    internal static readonly StorableText Encoder = new();

    /// <summary>How everything stored is written.</summary>
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };

    private const string Unescaped =
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly SearchValues<char> Plain = SearchValues.Create(Unescaped);
    private static readonly SearchValues<byte> PlainUtf8 = SearchValues.Create(Encoding.ASCII.GetBytes(Unescaped));

    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <summary>Throws unless the text can be stored as it is.</summary>
    internal static void Check(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExcept(Plain);
        if (start < 0) return;
        for (var index = start; index < text.Length; index++)
        {
            var unit = text[index];
            if (unit == '\0') throw new UnstorableTextException("NUL", index);
            if (!char.IsSurrogate(unit)) continue;
            if (!char.IsHighSurrogate(unit) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                throw new UnstorableTextException($"the lone surrogate U+{(int)unit:X4}", index);
            index++;
        }
    }

    /// <summary>Throws unless the key may name a stream.</summary>
    internal static void CheckStreamKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Check(key);
        if (key.Length * 3 > Limits.StreamKeyBytes
            && Encoding.UTF8.GetByteCount(key) is > Limits.StreamKeyBytes and var bytes)
            throw new ArgumentException(
                $"expected a stream key of at most {Limits.StreamKeyBytes} bytes, found {bytes}");
    }

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        var start = span.IndexOfAnyExcept(Plain);
        if (start < 0) return -1;
        Check(span);
        for (var index = start; index < span.Length; index++)
            if (WillEncode(span[index])) return index;
        return -1;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var start = utf8Text.IndexOfAnyExcept(PlainUtf8);
        if (start < 0) return -1;
        if (!Utf8.IsValid(utf8Text)) throw new UnstorableTextException("bytes that are not UTF-8", start);
        for (var index = start; index < utf8Text.Length; index++)
        {
            if (utf8Text[index] == 0) throw new UnstorableTextException("NUL", index);
            if (WillEncode(utf8Text[index])) return index;
        }

        return -1;
    }

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    public override bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (unicodeScalar == 0) throw new UnstorableTextException("NUL", 0);
        var output = new Span<char>(buffer, bufferLength);
        var escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' => $"\\u{unicodeScalar:x4}",
            _ => new Rune(unicodeScalar).ToString(),
        };
        numberOfCharactersWritten = escaped.TryCopyTo(output) ? escaped.Length : 0;
        return numberOfCharactersWritten > 0;
    }
}
