// EIP-712 as the economy's contracts ask for it. Enters: a struct's type in words and our own values. Leaves: the hash
// that is signed. Always holds: the type and the values come from our code, never from outside; Nethereum's reader of
// typed JSON is not used.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using Nethereum.ABI.EIP712;
using SigningDomain = Nethereum.ABI.EIP712.Domain;

namespace EventSourced.Chain.Encoding;

/// <summary>Signs structs for one contract on one chain.</summary>
public sealed class TypedDomain(string name, ulong chainId, Address contract)
{
    private const string Version = "1";

    private static readonly MemberDescription[] DomainMembers =
    [
        new() { Name = "name", Type = "string" },
        new() { Name = "version", Type = "string" },
        new() { Name = "chainId", Type = "uint256" },
        new() { Name = "verifyingContract", Type = "address" },
    ];

    /// <summary>Signs a struct: its type in words, as Solidity writes it, and its members' values.</summary>
    public Signature By(SigningKey key, string type, params IReadOnlyList<AbiValue> values)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Digest(type, values));
    }

    /// <summary>What is signed of a struct without structs in it.</summary>
    public Hash32 Digest(string type, params IReadOnlyList<AbiValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        // A struct's type is written as an error's declaration is.
        var members = AbiError.Parse(type);
        if (members.Inputs.Count != values.Count)
        {
            throw new AbiException(
                $"{members.Inputs.Count} members of {members.Name}", $"{values.Count}", "the list of values");
        }

        var data = new TypedData<SigningDomain>
        {
            PrimaryType = members.Name,
            Domain = new SigningDomain
            {
                Name = name,
                Version = Version,
                ChainId = chainId,
                VerifyingContract = contract.ToString(),
            },
            Types = new Dictionary<string, MemberDescription[]>
            {
                ["EIP712Domain"] = DomainMembers,
                [members.Name] = [.. members.Inputs.Select(
                    input => new MemberDescription { Name = input.Name, Type = input.Type.Name })],
            },
            Message = [.. members.Inputs.Select((input, i) => new MemberValue
            {
                TypeName = input.Type.Name,
                Value = NethereumTypes.ValueOf(input.Type, values[i], $".{input.Name}"),
            })],
        };
        return Keccak256.Hash(Eip712TypedDataEncoder.Current.EncodeTypedData(data));
    }
}
