// Signed data of EIP-191. Enters: a text or bytes. Leaves: the hash that is signed; 0x19 first, so that no signed
// message can be a transaction.
using System.Globalization;
using System.Text;

namespace EventSourced.Ethereum;

/// <summary>Hashes of messages that people and contracts sign (EIP-191).</summary>
public static class SignedMessage
{
    /// <summary>Version 0x45, "personal_sign": the hash of a text for people.</summary>
    public static Hash32 Hash(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Hash(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Version 0x45, "personal_sign": the hash of bytes.</summary>
    public static Hash32 Hash(ReadOnlySpan<byte> message)
    {
        var head = Encoding.ASCII.GetBytes(
            "\u0019Ethereum Signed Message:\n" + message.Length.ToString(CultureInfo.InvariantCulture));
        return Keccak256.Hash([.. head, .. message]);
    }

    /// <summary>Version 0x00: data for one intended validator (usually a contract).</summary>
    public static Hash32 HashForValidator(Address validator, ReadOnlySpan<byte> data) =>
        Keccak256.Hash([0x19, 0x00, .. validator.Bytes, .. data]);
}
