// Hex text as JSON-RPC writes it: 0x, then two digits a byte. Enters: UTF-8 or UTF-16. Leaves: bytes, or a false
// answer; never a guess. Quantities may have an odd count of digits, data may not.
using System.Buffers;
using System.Runtime.CompilerServices;

namespace EventSourced.Ethereum;

/// <summary>Reads and writes 0x-prefixed hex text.</summary>
public static class Hex
{
    /// <summary>Writes bytes as 0x and lower-case digits.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes) => string.Concat("0x", Convert.ToHexStringLower(bytes));

    /// <summary>Reads 0x and an even count of digits.</summary>
    public static byte[] ToBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryToBytes(text, out var bytes) ? bytes : throw NotHex(text);
    }

    /// <summary>Reads 0x and an even count of digits.</summary>
    public static bool TryToBytes(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length < 2 || text[0] != '0' || (text[1] | 0x20) != 'x' || text.Length % 2 != 0) return false;
        var result = new byte[text.Length / 2 - 1];
        if (Convert.FromHexString(text[2..], result, out _, out _) != OperationStatus.Done) return false;
        bytes = result;
        return true;
    }

    /// <summary>Reads 0x and exactly as many digits as fill the destination.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadExactly(ReadOnlySpan<byte> utf8Text, Span<byte> destination) =>
        utf8Text.Length == 2 * destination.Length + 2 && utf8Text[0] == '0' && utf8Text[1] == 'x' &&
        Convert.FromHexString(utf8Text[2..], destination, out _, out _) == OperationStatus.Done;

    /// <summary>Reads 0x and exactly as many digits as fill the destination.</summary>
    public static bool TryReadExactly(ReadOnlySpan<char> text, Span<byte> destination) =>
        text.Length == 2 * destination.Length + 2 && text[0] == '0' && (text[1] | 0x20) == 'x' &&
        Convert.FromHexString(text[2..], destination, out _, out _) == OperationStatus.Done;

    /// <summary>Reads a JSON-RPC quantity of at most 64 bits: 0x and 1 to 16 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadQuantity(ReadOnlySpan<byte> utf8Text, out ulong value)
    {
        value = 0;
        if (utf8Text.Length is < 3 or > 18 || utf8Text[0] != '0' || utf8Text[1] != 'x') return false;
        foreach (var character in utf8Text[2..])
        {
            var digit = HexConverterDigit(character);
            if (digit > 15) return false;
            value = (value << 4) | digit;
        }

        return true;
    }

    /// <summary>The quantity's text: 0x and digits without leading zeros.</summary>
    public static string Quantity(ulong value) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0x{value:x}");

    internal static FormatException NotHex(ReadOnlySpan<char> text) =>
        new(
            $"expected 0x and an even count of hex digits, found '{text[..Math.Min(80, text.Length)]}' of length {text.Length}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HexConverterDigit(byte character)
    {
        var digit = (uint)character - '0';
        if (digit <= 9) return digit;
        var letter = ((uint)character | 0x20) - 'a';
        return letter <= 5 ? letter + 10 : uint.MaxValue;
    }
}
