// Bytes of a document enter, tokens leave one at a time as positions into those bytes (specification 2.1). Nothing is
// allocated: names and strings become .NET strings only when the parser asks for them. The bytes are valid UTF-8; the
// parser has checked that once for the whole document.
using System.Text;

namespace EventSourced.GraphQL.Language;

/// <summary>Splits the UTF-8 text of a document into tokens without allocating.</summary>
public ref struct Lexer
{
    private readonly ReadOnlySpan<byte> _source;
    private int _next;

    /// <summary>Begins before the first token of <paramref name="source"/>.</summary>
    public Lexer(ReadOnlySpan<byte> source)
    {
        _source = source;
        Kind = TokenKind.StartOfFile;
    }

    /// <summary>The kind of the token under the reader.</summary>
    public TokenKind Kind { get; private set; }

    /// <summary>The offset of its first byte.</summary>
    public int Start { get; private set; }

    /// <summary>The offset after its last byte.</summary>
    public readonly int End => _next;

    /// <summary>The number of tokens read, without the end of the file.</summary>
    public int Count { get; private set; }

    /// <summary>The token's bytes.</summary>
    public readonly ReadOnlySpan<byte> Value => _source[Start.._next];

    /// <summary>The whole document.</summary>
    public readonly ReadOnlySpan<byte> Source => _source;

    /// <summary>Reads the next token; false at the end of the document.</summary>
    public bool Read()
    {
        SkipIgnored();
        Start = _next;
        if (_next == _source.Length)
        {
            Kind = TokenKind.EndOfFile;
            return false;
        }

        Count++;
        var first = _source[_next];
        if (IsNameStart(first))
            ReadName();
        else if (first == '"')
            ReadString();
        else if (first == '-' || char.IsAsciiDigit((char)first))
            ReadNumber();
        else
            ReadPunctuator(first);
        return true;
    }

    internal static bool IsNameStart(byte value) => char.IsAsciiLetter((char)value) || value == '_';

    internal static bool IsNameContinue(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';

    // 2.1.1 to 2.1.5 and 2.1.7: byte order marks, white space, line ends, comments and commas separate tokens only.
    private void SkipIgnored()
    {
        while (_next < _source.Length)
        {
            switch (_source[_next])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)',':
                    _next++;
                    break;
                case (byte)'#':
                    var end = _source[_next..].IndexOfAny((byte)'\n', (byte)'\r');
                    _next = end < 0 ? _source.Length : _next + end;
                    break;
                case 0xEF when _source[_next..].StartsWith("\uFEFF"u8):
                    _next += 3;
                    break;
                default:
                    return;
            }
        }
    }

    private void ReadName()
    {
        var index = _next + 1;
        while (index < _source.Length && IsNameContinue(_source[index]))
            index++;
        _next = index;
        Kind = TokenKind.Name;
    }

    private void ReadPunctuator(byte first)
    {
        Kind = first switch
        {
            (byte)'!' => TokenKind.Bang,
            (byte)'$' => TokenKind.Dollar,
            (byte)'&' => TokenKind.Ampersand,
            (byte)'(' => TokenKind.LeftParenthesis,
            (byte)')' => TokenKind.RightParenthesis,
            (byte)':' => TokenKind.Colon,
            (byte)'=' => TokenKind.Equal,
            (byte)'@' => TokenKind.At,
            (byte)'[' => TokenKind.LeftBracket,
            (byte)']' => TokenKind.RightBracket,
            (byte)'{' => TokenKind.LeftBrace,
            (byte)'|' => TokenKind.Pipe,
            (byte)'}' => TokenKind.RightBrace,
            (byte)'.' when _source[_next..].StartsWith("..."u8) => TokenKind.Spread,
            (byte)'\'' =>
                throw Error("Unexpected single quote character ('), did you mean to use a double quote (\")?"),
            _ => throw Error($"Unexpected character: {Described(_next)}."),
        };
        _next += Kind == TokenKind.Spread ? 3 : 1;
    }

    // 2.9.1 and 2.9.2: no leading zeros, and a number is never followed at once by a name, a digit or a dot.
    private void ReadNumber()
    {
        Kind = TokenKind.Integer;
        if (_source[_next] == '-')
            _next++;
        if (Peek() == '0')
        {
            _next++;
            if (char.IsAsciiDigit((char)Peek()))
                throw Error($"Invalid number, unexpected digit after 0: {Described(_next)}.");
        }
        else
        {
            ReadDigits();
        }

        if (Peek() == '.')
        {
            Kind = TokenKind.Float;
            _next++;
            ReadDigits();
        }

        if (Peek() is (byte)'e' or (byte)'E')
        {
            Kind = TokenKind.Float;
            _next++;
            if (Peek() is (byte)'+' or (byte)'-')
                _next++;
            ReadDigits();
        }

        if (Peek() == '.' || IsNameStart(Peek()))
            throw Error($"Invalid number, expected digit but got: {Described(_next)}.");
    }

    private void ReadDigits()
    {
        if (!char.IsAsciiDigit((char)Peek()))
            throw Error($"Invalid number, expected digit but got: {Described(_next)}.");
        while (char.IsAsciiDigit((char)Peek()))
            _next++;
    }

    private void ReadString()
    {
        if (_source[_next..].StartsWith("\"\"\""u8))
        {
            ReadBlockString();
            return;
        }

        Kind = TokenKind.String;
        _next++;
        while (true)
        {
            var step = _source[_next..].IndexOfAny("\"\\\n\r"u8);
            _next = step < 0 ? _source.Length : _next + step;
            if (_next == _source.Length || _source[_next] is (byte)'\n' or (byte)'\r')
                throw Error("Unterminated string.");
            if (_source[_next] == '"')
            {
                _next++;
                return;
            }

            _next += Escapes.Measure(_source, _next);
        }
    }

    private void ReadBlockString()
    {
        Kind = TokenKind.BlockString;
        _next += 3;
        while (true)
        {
            var step = _source[_next..].IndexOf("\"\"\""u8);
            if (step < 0)
            {
                _next = _source.Length;
                throw Error("Unterminated string.");
            }

            var escaped = step > 0 && _source[_next + step - 1] == '\\';
            _next += step + 3;
            if (!escaped)
                return;
        }
    }

    private readonly byte Peek() => _next < _source.Length ? _source[_next] : (byte)0;

    private readonly string Described(int offset) => DescribedAt(_source, offset);

    private static string DescribedAt(ReadOnlySpan<byte> source, int offset)
    {
        if (offset >= source.Length)
            return "<EOF>";
        Rune.DecodeFromUtf8(source[offset..], out var rune, out _);
        return rune.Value is >= 0x20 and <= 0x7E
            ? rune.Value == '"' ? "'\"'" : $"\"{rune}\""
            : $"U+{rune.Value:X4}";
    }

    private readonly SyntaxException Error(string message) => new(message, _source, _next);
}
