// The words by which contracts name calls: hashes over encoded arguments. Enters: a wish. Leaves: the id under which
// the folded state knows what is called. Always holds: the same bytes that the contract hashes, for the arguments were
// read as the contract's types.
using EventSourced.Chain.Encoding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Catalog;

internal static class Words
{
    private static readonly AbiType[] Call = AbiType.ParseAll("address", "bytes", "bytes32");
    private static readonly AbiType[] Proposal = AbiType.ParseAll("address[]", "uint256[]", "bytes[]", "bytes32");
    private static readonly AbiType[] Operation = AbiType.ParseAll("address", "uint256", "bytes", "bytes32", "bytes32");
    private static readonly AbiType[] Batch = AbiType.ParseAll(
        "address[]", "uint256[]", "bytes[]", "bytes32", "bytes32");

    /// <summary>The council's name of a call.</summary>
    internal static Word CallId(Wish wish) => HashOf(Call, wish);

    /// <summary>The governor's name of a proposal.</summary>
    internal static Word ProposalId(Wish wish) => HashOf(Proposal, wish);

    /// <summary>The timelock's name of an operation of one call.</summary>
    internal static Word OperationId(Wish wish) => HashOf(Operation, wish);

    /// <summary>The timelock's name of an operation of several calls.</summary>
    internal static Word BatchId(Wish wish) => HashOf(Batch, wish);

    private static Word HashOf(AbiType[] types, Wish wish) =>
        Keccak256.Hash(AbiEncoder.Encode(types, wish.Arguments)).ToDomain();
}
