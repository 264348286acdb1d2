// A request of ERC-2771 as it is signed. Enters: the parts that a server proposed and the client checked. Leaves: the
// hash of EIP-712, the typed data as wallets read it, and the body that takes a signature back. Always holds: the
// domain's name and version are ours; value is zero.
using System.Globalization;
using System.Text.Json.Nodes;
using EventSourced.Ethereum;

namespace EventSourced.Client;

/// <summary>A request that a relayer brings on chain.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Forwarder">The contract that checks the signature.</param>
/// <param name="From">The address that asks.</param>
/// <param name="To">The contract that is called.</param>
/// <param name="Gas">How much gas the call may use.</param>
/// <param name="Nonce">The forwarder's next nonce of that address.</param>
/// <param name="Deadline">The last second in which it holds.</param>
/// <param name="Data">The call.</param>
public sealed record ForwardedRequest(
    ulong ChainId, Address Forwarder, Address From, Address To, ulong Gas, ulong Nonce, ulong Deadline,
    ReadOnlyMemory<byte> Data)
{
    private const string DomainName = "EventSourced Forwarder";
    private const string DomainVersion = "1";

    private static readonly (string Name, string Type)[] Domain =
        [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")];

    private static readonly (string Name, string Type)[] Members =
    [
        ("from", "address"), ("to", "address"), ("value", "uint256"), ("gas", "uint256"), ("nonce", "uint256"),
        ("deadline", "uint48"), ("data", "bytes"),
    ];

    /// <summary>The hash to sign.</summary>
    public Hash32 Digest()
    {
        var domain = Struct(
            "EIP712Domain", Domain, Keccak256.Hash(DomainName), Keccak256.Hash(DomainVersion), Word(ChainId),
            Word(Forwarder));
        var message = Struct(
            "ForwardRequest", Members, Word(From), Word(To), Word(0), Word(Gas), Word(Nonce), Word(Deadline),
            Keccak256.Hash(Data.Span));
        return Keccak256.Hash([0x19, 0x01, .. domain.Bytes, .. message.Bytes]);
    }

    /// <summary>The typed data as wallets read it.</summary>
    public string TypedData() => new JsonObject
    {
        ["types"] = new JsonObject { ["EIP712Domain"] = Types(Domain), ["ForwardRequest"] = Types(Members) },
        ["primaryType"] = "ForwardRequest",
        ["domain"] = new JsonObject
        {
            ["name"] = DomainName,
            ["version"] = DomainVersion,
            ["chainId"] = ChainId,
            ["verifyingContract"] = Forwarder.ToString(),
        },
        ["message"] = Message(),
    }.ToJsonString();

    /// <summary>The body that hands it back.</summary>
    internal JsonObject Signed(ReadOnlySpan<byte> signature) => new()
    {
        ["mode"] = "relay",
        ["chainId"] = ChainId,
        ["forwarder"] = Forwarder.ToString(),
        ["request"] = Message(),
        ["signature"] = Hex.ToText(signature),
    };

    private JsonObject Message() => new()
    {
        ["from"] = From.ToString(),
        ["to"] = To.ToString(),
        ["value"] = "0",
        ["gas"] = Gas.ToString(CultureInfo.InvariantCulture),
        ["nonce"] = Nonce.ToString(CultureInfo.InvariantCulture),
        ["deadline"] = Deadline.ToString(CultureInfo.InvariantCulture),
        ["data"] = Hex.ToText(Data.Span),
    };

    private static Hash32 Struct(string name, (string Name, string Type)[] members, params ReadOnlySpan<Hash32> words)
    {
        var type = $"{name}({string.Join(',', members.Select(member => $"{member.Type} {member.Name}"))})";
        var bytes = new byte[Hash32.ByteCount * (words.Length + 1)];
        Keccak256.Hash(type).Bytes.CopyTo(bytes);
        for (var i = 0; i < words.Length; i++) words[i].Bytes.CopyTo(bytes.AsSpan(Hash32.ByteCount * (i + 1)));
        return Keccak256.Hash(bytes);
    }

    private static Hash32 Word(ulong value) => Hash32.FromUInt256(value);

    private static Hash32 Word(Address value)
    {
        Span<byte> word = stackalloc byte[Hash32.ByteCount];
        word.Clear();
        value.Bytes.CopyTo(word[(Hash32.ByteCount - Address.ByteCount)..]);
        return new Hash32(word);
    }

    private static JsonArray Types((string Name, string Type)[] members) =>
        [.. members.Select(member => new JsonObject { ["name"] = member.Name, ["type"] = member.Type })];
}
