// Names of keys (C2SP signed-note) and the ids that are computed from them.
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace EventSourced.Transparency;

internal static class KeyName
{
    /// <summary>Refuses a name that does not fit a signature line.</summary>
    public static void Check(string name, string where)
    {
        if (name.Length == 0) throw new TransparencyFormatException("a key name", "nothing", where);
        foreach (var character in name)
        {
            if (char.IsWhiteSpace(character) || character < ' ' || character == '+')
            {
                throw new TransparencyFormatException(
                    "a key name without spaces, plus and control characters",
                    string.Create(CultureInfo.InvariantCulture, $"U+{(int)character:X4}"),
                    where);
            }
        }
    }

    /// <summary>The first four bytes of SHA-256(name, newline, type, public key).</summary>
    public static uint Id(string name, SignatureType type, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Strict.Utf8Text.GetBytes(name), (byte)'\n', (byte)type, .. publicKey], hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
