// The writings that CIDs use: base32 (RFC 4648, lower case, without padding), base58 of Bitcoin, unsigned varints of
// multiformats. Enters: bytes or text of strangers. Leaves: the other of the two, or null. Always holds: only the form
// that would be written is read: no padding, no spare bits, no longer form of a number.
using System.Numerics;
using System.Text;

namespace EventSourced.Content;

internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Bits = 5;

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + Bits - 1) / Bits);
        var (buffer, held) = (0, 0);
        foreach (var next in bytes)
        {
            (buffer, held) = ((buffer << 8 | next) & 0xfff, held + 8);
            for (; held >= Bits; held -= Bits) text.Append(Alphabet[buffer >> (held - Bits) & 31]);
        }

        if (held > 0) text.Append(Alphabet[buffer << (Bits - held) & 31]);
        return text.ToString();
    }

    public static byte[]? Bytes(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length * Bits / 8];
        var (buffer, held, at) = (0, 0, 0);
        foreach (var letter in text)
        {
            var value = letter switch
            {
                >= 'a' and <= 'z' => letter - 'a',
                >= '2' and <= '7' => letter - '2' + 26,
                _ => -1,
            };
            if (value < 0) return null;
            (buffer, held) = ((buffer << Bits | value) & 0xfff, held + Bits);
            if (held < 8) continue;
            held -= 8;
            bytes[at++] = (byte)(buffer >> held);
        }

        // A letter that adds no byte, and bits that are left over, would make two texts of one value.
        return held < Bits && (buffer & ((1 << held) - 1)) == 0 ? bytes : null;
    }
}

internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new List<char>();
        for (; !number.IsZero; number /= Alphabet.Length) text.Add(Alphabet[(int)(number % Alphabet.Length)]);
        foreach (var next in bytes)
        {
            if (next != 0) break;
            text.Add(Alphabet[0]);
        }

        text.Reverse();
        return new string([.. text]);
    }

    public static byte[]? Bytes(ReadOnlySpan<char> text)
    {
        var number = BigInteger.Zero;
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0) return null;
            number = number * Alphabet.Length + value;
        }

        var zeros = text.Length - text.TrimStart(Alphabet[0]).Length;
        return [.. new byte[zeros], .. number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true)];
    }
}

internal static class Varint
{
    private const int MostBytes = 9;

    public static ulong? Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var i = 0; i < MostBytes && at < bytes.Length; i++)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next >= 0x80) continue;
            return next == 0 && i > 0 ? null : value;
        }

        return null;
    }
}
