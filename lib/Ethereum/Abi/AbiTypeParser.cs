// Reads types, parameters and signatures as text. Enters: "(uint256,(bytes,address[2])[]) " and the like, with optional
// parameter names and `indexed`. Leaves: types and parameters, or an error with its position.
using System.Globalization;

namespace EventSourced.Ethereum.Abi;

internal ref struct AbiTypeParser(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private int _depth;

    public static AbiType ParseWhole(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new AbiTypeParser(text);
        var type = parser.ReadType().Type;
        parser.End();
        return type;
    }

    /// <summary>The elementary type of a name without brackets, or null.</summary>
    public static AbiType? Elementary(ReadOnlySpan<char> name) => name switch
    {
        "bool" => new AbiType.Boolean(),
        "address" or "address payable" => new AbiType.AddressType(),
        "string" => new AbiType.Text(),
        "bytes" => new AbiType.Bytes(),
        "function" => new AbiType.FunctionPointer(),
        "uint" => new AbiType.Unsigned(256),
        "int" => new AbiType.Signed(256),
        "fixed" => new AbiType.FixedPoint(true, 128, 18),
        "ufixed" => new AbiType.FixedPoint(false, 128, 18),
        _ when name.StartsWith("uint") && Number(name[4..]) is { } bits =>
            IsWidth(bits) ? new AbiType.Unsigned(bits) : null,
        _ when name.StartsWith("int") && Number(name[3..]) is { } bits =>
            IsWidth(bits) ? new AbiType.Signed(bits) : null,
        _ when name.StartsWith("bytes") && Number(name[5..]) is { } length =>
            length is >= 1 and <= 32 ? new AbiType.FixedBytes(length) : null,
        _ when name.StartsWith("ufixed") => FixedPoint(name[6..], false),
        _ when name.StartsWith("fixed") => FixedPoint(name[5..], true),
        _ => null,
    };

    /// <summary>Applies "[2][]" to a type.</summary>
    public static AbiType Arrays(AbiType element, ReadOnlySpan<char> suffix)
    {
        var parser = new AbiTypeParser(suffix);
        var type = parser.ReadArrays(element);
        parser.End();
        return type;
    }

    /// <summary>Reads "(type name, type indexed name)".</summary>
    public IReadOnlyList<AbiParameter> ReadParameters()
    {
        Expect('(');
        if (++_depth > AbiType.MaxDepth) throw Fault($"types at most {AbiType.MaxDepth} deep", "one more");
        var parameters = new List<AbiParameter>();
        SkipSpace();
        if (!TryTake(')'))
        {
            do
            {
                parameters.Add(ReadParameter());
            }
            while (TryTake(','));
            Expect(')');
        }

        _depth--;
        return parameters;
    }

    public ReadOnlySpan<char> ReadWord()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$')) _at++;
        return _text[start.._at];
    }

    public bool TryTake(char character)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != character) return false;
        _at++;
        return true;
    }

    public void End()
    {
        SkipSpace();
        if (_at != _text.Length) throw Fault("the end", $"'{_text[_at]}'");
    }

    public readonly bool AtEnd => _text[_at..].IsWhiteSpace();

    private AbiParameter ReadParameter()
    {
        var (type, fields) = ReadType();
        var name = ReadWord();
        var indexed = name is "indexed";
        if (indexed) name = ReadWord();
        // Data locations are Solidity's, not the ABI's; people paste them along.
        while (name is "memory" or "calldata" or "storage") name = ReadWord();
        return new AbiParameter(name.ToString(), type, indexed, fields);
    }

    private (AbiType Type, IReadOnlyList<AbiParameter> Fields) ReadType()
    {
        SkipSpace();
        var start = _at;
        var word = ReadWord();
        if ((word.IsEmpty || word is "tuple") && _at < _text.Length && _text[_at] == '(')
        {
            var fields = ReadParameters();
            return (ReadArrays(new AbiType.Tuple([.. fields.Select(field => field.Type)])), fields);
        }

        var type = Elementary(word);
        if (type is null)
        {
            _at = start;
            throw Fault("a type", word.IsEmpty ? AtEnd ? "the end" : $"'{_text[start]}'" : $"'{word}'");
        }

        return (ReadArrays(type), []);
    }

    private AbiType ReadArrays(AbiType type)
    {
        for (var depth = _depth; _at < _text.Length && _text[_at] == '['; depth++)
        {
            if (depth >= AbiType.MaxDepth) throw Fault($"types at most {AbiType.MaxDepth} deep", "one more");
            var start = ++_at;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
            var digits = _text[start.._at];
            Expect(']');
            if (digits.IsEmpty)
            {
                type = new AbiType.DynamicArray(type);
                continue;
            }

            var length = Number(digits);
            if (length is null or > AbiType.MaxFixedLength)
                throw Fault($"an array of at most {AbiType.MaxFixedLength} elements", digits.ToString());
            type = new AbiType.FixedArray(type, length.Value);
        }

        return type;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private void Expect(char character)
    {
        if (!TryTake(character)) throw Fault($"'{character}'", AtEnd ? "the end" : $"'{_text[_at]}'");
    }

    private static bool IsWidth(int bits) => bits is >= 8 and <= 256 && bits % 8 == 0;

    private static int? Number(ReadOnlySpan<char> digits) =>
        digits.Length is > 0 and <= 9 && (digits[0] != '0' || digits.Length == 1) &&
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static AbiType.FixedPoint? FixedPoint(ReadOnlySpan<char> rest, bool signed)
    {
        var x = rest.IndexOf('x');
        return x > 0 && Number(rest[..x]) is { } bits && IsWidth(bits) &&
            Number(rest[(x + 1)..]) is { } decimals and <= 80
            ? new AbiType.FixedPoint(signed, bits, decimals)
            : null;
    }

    private readonly FormatException Fault(string expected, string found) =>
        new(
            $"expected {expected}, found {found}, at character {_at} of '{_text[..Math.Min(200, _text.Length)]}'");
}
