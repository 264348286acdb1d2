// Domain's one conversion of bytes to text: 0x and two lower-case digits a byte.
using System.Buffers;

namespace EventSourced.Domain.Values;

internal static class Hex
{
    /// <summary>Fills the bytes from 0x and exactly their digits.</summary>
    public static void Read(ReadOnlySpan<char> text, Span<byte> bytes, string what)
    {
        var prefixed = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var read = 0;
        if (!prefixed || text.Length != 2 + 2 * bytes.Length
            || Convert.FromHexString(text[2..], bytes, out _, out read) != OperationStatus.Done || read != bytes.Length)
            throw new FormatException(
                $"expected {what} as 0x and {2 * bytes.Length} hexadecimal digits, found '{text}'");
    }

    public static bool TryWrite(ReadOnlySpan<byte> bytes, Span<char> destination, out int written)
    {
        written = 0;
        if (destination.Length < 2 + 2 * bytes.Length) return false;
        destination[0] = '0';
        destination[1] = 'x';
        Convert.TryToHexStringLower(bytes, destination[2..], out written);
        written += 2;
        return true;
    }

    public static bool TryWrite(ReadOnlySpan<byte> bytes, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < 2 + 2 * bytes.Length) return false;
        destination[0] = (byte)'0';
        destination[1] = (byte)'x';
        Convert.TryToHexStringLower(bytes, destination[2..], out written);
        written += 2;
        return true;
    }
}
