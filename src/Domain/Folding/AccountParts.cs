// An account of the vault, taken apart: `kind (8 bits) || id (248 bits)`, the id in two halves as the contracts pack it.
// Enters: a word of Moved or of a dispute's subject. Leaves: its parts. Always holds: no account of another kind reads as one
// asked for.
using System.Buffers.Binary;

namespace EventSourced.Domain;

/// <summary>The parts of an account's word; the numbers of kinds and pledges are those of the contracts' Accounts.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="High">The upper 120 bits of the id.</param>
/// <param name="Low">The lower 128 bits of the id.</param>
internal readonly record struct AccountParts(byte Kind, UInt128 High, UInt128 Low)
{
    internal const byte Task = 2;
    internal const byte Stake = 4;
    internal const byte Bounty = 8;
    internal const byte Channel = 9;
    internal const byte Lease = 10;
    internal const byte Guild = 11;
    internal const byte Checkpoint = 13;
    internal const byte Reward = 14;

    private const byte AtRisk = 6;
    private const byte SeatPledge = 2;
    private const byte PosterPledge = 6;
    private const int TagShift = 112;

    /// <summary>Takes a word apart.</summary>
    internal static AccountParts Of(Word account)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        account.WriteTo(bytes);
        var high = BinaryPrimitives.ReadUInt128BigEndian(bytes) & ~(UInt128)0 >> 8;
        return new AccountParts(bytes[0], high, BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));
    }

    /// <summary>The number that a word holds, where it is one of a thing: 64 bits.</summary>
    internal static bool TryNumber(Word word, out ulong number)
    {
        var parts = Of(word);
        number = (ulong)parts.Low;
        return parts is { Kind: 0 } && parts.High == 0 && parts.Low <= ulong.MaxValue;
    }

    /// <summary>The id of an account of a kind whose ids are plain numbers.</summary>
    internal bool TryId(byte kind, out ulong id)
    {
        id = (ulong)Low;
        return Kind == kind && High == 0 && Low <= ulong.MaxValue;
    }

    /// <summary>The pledge under a checkpoint's roots (sort 0) or under an era's root (sort 1), in one of its postings.</summary>
    internal bool TryPoster(byte sort, out ulong number, out ushort posting)
    {
        (number, posting) = ((ulong)(Low >> 16), (ushort)Low);
        return Kind == AtRisk && High == ((UInt128)PosterPledge << TagShift | sort) && Low >> 80 == 0;
    }

    /// <summary>The pledge of a seat: its round as `dispute-round-attempt`.</summary>
    internal bool TrySeat(out string round)
    {
        var found = Kind == AtRisk && High == (UInt128)SeatPledge << TagShift;
        round = found ? $"{Low >> 32}-{(byte)(Low >> 24)}-{(byte)(Low >> 16)}" : "";
        return found;
    }
}
