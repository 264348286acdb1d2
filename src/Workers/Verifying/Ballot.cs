// A hidden vote and its opening. Enters: a verifier's key and its seat. Leaves: the salt, the commitment, and the
// choice that a commitment on the chain hides. Always holds: the salt follows from the key and the seat alone, so that
// a crash loses nothing and nobody can guess it without the key; the commitment is computed in the same way as by the
// contract.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Workers.Hosted;

namespace EventSourced.Workers.Verifying;

/// <summary>Hides and opens votes.</summary>
public sealed class Ballot(ulong chainId, Address court)
{
    private const string DomainName = "EventSourced vote salt";

    private const string Type = "VoteSalt(uint256 disputeId,uint8 round,uint8 attempt,uint256 verifierId)";

    private static readonly byte[] Choices = [1, 2, 3];

    /// <summary>
    /// The salt: the hash of the key's signature of the seat. Signatures are deterministic (RFC 6979).
    /// </summary>
    public Hash32 Salt(SigningKey key, PanelSeat seat)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(seat);
        var signature = new TypedDomain(DomainName, chainId, court).By(
            key, Type, seat.DisputeId, (ulong)seat.Round, (ulong)seat.Attempt, seat.VerifierId);
        return Keccak256.Hash(signature.ToBytes());
    }

    /// <summary>The commitment to a choice.</summary>
    public Hash32 Commitment(PanelSeat seat, byte choice, Hash32 salt)
    {
        ArgumentNullException.ThrowIfNull(seat);
        var words = new byte[8 * Hash32.ByteCount];
        Number(words, 0, chainId);
        court.Bytes.CopyTo(words.AsSpan(2 * Hash32.ByteCount - Address.ByteCount));
        Number(words, 2, seat.DisputeId);
        Number(words, 3, seat.Round);
        Number(words, 4, seat.Attempt);
        Number(words, 5, seat.VerifierId);
        Number(words, 6, choice);
        salt.Bytes.CopyTo(words.AsSpan(7 * Hash32.ByteCount));
        return Keccak256.Hash(words);
    }

    /// <summary>The choice that a commitment hides; null: the commitment is not ours.</summary>
    public byte? Opened(PanelSeat seat, Hash32 salt, Hash32 commitment)
    {
        var found = Array.FindIndex(Choices, choice => Commitment(seat, choice, salt) == commitment);
        return found < 0 ? null : Choices[found];
    }

    private static void Number(Span<byte> words, int index, ulong value) =>
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(
            words.Slice((index + 1) * Hash32.ByteCount - sizeof(ulong), sizeof(ulong)), value);
}
