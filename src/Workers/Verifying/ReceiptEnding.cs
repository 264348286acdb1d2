// A receipt text in the court's reading: from its end, without the rest. Enters: bytes that an agent named as its
// receipt. Leaves: the output's hash that they state, or nothing. Always holds: the same answer as
// Receipts.outputHashOf of the contracts, so that a text that we submit as a proof is one.
using EventSourced.Ethereum;
using EventSourced.Workers.Documents;

namespace EventSourced.Workers.Verifying;

/// <summary>Reads the end of a receipt text.</summary>
public static class ReceiptEnding
{
    private const int LongestSeed = 20;
    private const int HashDigits = 64;

    /// <summary>The top-level outputHash; null: the text does not end as a receipt does.</summary>
    public static Hash32? OutputHash(ReadOnlySpan<byte> text)
    {
        if (!Cut(ref text, "\",\"schema\":\"eventsourced-execution-receipt/1\"}"u8)) return null;
        var digits = 0;
        while (!text.IsEmpty && digits <= LongestSeed && text[^1] is >= (byte)'0' and <= (byte)'9')
        {
            text = text[..^1];
            digits++;
        }

        if (digits is 0 or > LongestSeed) return null;
        if (!Cut(ref text, "\",\"randomSeed\":\""u8) || text.Length < HashDigits) return null;
        var hash = text[^HashDigits..];
        text = text[..^HashDigits];
        foreach (var digit in hash)
            if (digit is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'))) return null;
        return Cut(ref text, "\",\"outputHash\":\""u8)
            ? ContentIds.FromDigits(System.Text.Encoding.ASCII.GetString(hash)) : null;
    }

    private static bool Cut(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> ending)
    {
        if (!text.EndsWith(ending)) return false;
        text = text[..^ending.Length];
        return true;
    }
}
