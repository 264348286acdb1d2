// Our values as Nethereum's interfaces take them: addresses and bytes as text, numbers as BigInteger.
using System.Numerics;
using EventSourced.Ethereum;

namespace EventSourced.Chain.Encoding;

/// <summary>Values of lib/Ethereum in Nethereum's types.</summary>
public static class Words
{
    /// <summary>An unsigned number.</summary>
    public static BigInteger ToBigInteger(this UInt256 value) =>
        new(value.ToBigEndian(), isUnsigned: true, isBigEndian: true);

    /// <summary>Bytes as 0x and digits.</summary>
    public static string ToHex(ReadOnlySpan<byte> bytes) => $"0x{Convert.ToHexStringLower(bytes)}";

    /// <summary>A word of 32 bytes without its leading zeros, as RLP writes numbers.</summary>
    internal static byte[] Trimmed(Hash32 word) => word.Bytes.TrimStart((byte)0).ToArray();
}
