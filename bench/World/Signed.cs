// EIP-712 as the economy's contracts ask for it: a domain, a struct's hash, a signature in 65 bytes.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>Signs typed data of one contract.</summary>
public sealed class Signed(string name, ulong chainId, Address contract)
{
    private static readonly AbiType[] DomainTypes = Types("bytes32", "bytes32", "bytes32", "uint256", "address");

    private readonly Hash32 _domain = Keccak256.Hash(AbiEncoder.Encode(DomainTypes,
    [
        Keccak256.Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        Keccak256.Hash(name), Keccak256.Hash("1"), chainId, contract,
    ]));

    /// <summary>Signs a struct: its type in words, its members' types and values.</summary>
    public Signature By(SigningKey key, string type, AbiType[] members, params IReadOnlyList<AbiValue> values) =>
        key.Sign(Digest(type, members, values));

    /// <summary>What is signed of a struct.</summary>
    public Hash32 Digest(string type, AbiType[] members, params IReadOnlyList<AbiValue> values)
    {
        var structure = Keccak256.Hash([.. Keccak256.Hash(type).Bytes, .. AbiEncoder.Encode(members, values)]);
        return Keccak256.Hash([0x19, 0x01, .. _domain.Bytes, .. structure.Bytes]);
    }

    /// <summary>Types by name.</summary>
    public static AbiType[] Types(params string[] names) => [.. names.Select(AbiType.Parse)];
}
