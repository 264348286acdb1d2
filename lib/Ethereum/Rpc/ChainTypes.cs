// The answers of nodes, as values.
namespace EventSourced.Ethereum.Rpc;

/// <summary>A block's header, as far as anybody here asks.</summary>
public sealed record BlockHeader(
    ulong Number, Hash32 Hash, Hash32 ParentHash, ulong Timestamp, UInt256? BaseFeePerGas = null, ulong GasLimit = 0)
{
    /// <summary>The filter of the block's logs, where the node sends it.</summary>
    public Logs.LogsBloom? Bloom { get; init; }
}

/// <summary>The outcome of a mined transaction.</summary>
public sealed record TransactionReceipt(
    Hash32 TransactionHash,
    Hash32 BlockHash,
    ulong BlockNumber,
    bool Succeeded,
    ulong GasUsed,
    UInt256 EffectiveGasPrice,
    Address From,
    Address? To,
    Address? ContractAddress,
    Logs.LogBatch Logs);

/// <summary>Names a block: a number, or one of the tags.</summary>
public readonly record struct BlockTag
{
    private readonly string? _text;

    private BlockTag(string text) => _text = text;

    /// <summary>The newest block.</summary>
    public static BlockTag Latest => default;

    /// <summary>The newest block that the chain's rules call final.</summary>
    public static BlockTag Finalized => new("finalized");

    /// <summary>The newest block that honest validators attest.</summary>
    public static BlockTag Safe => new("safe");

    /// <summary>The block that is being built.</summary>
    public static BlockTag Pending => new("pending");

    /// <summary>The first block.</summary>
    public static BlockTag Earliest => new("earliest");

    /// <summary>A block by number.</summary>
    public static BlockTag Number(ulong number) => new(Hex.Quantity(number));

    /// <summary>A block by number.</summary>
    public static implicit operator BlockTag(ulong number) => Number(number);

    /// <summary>As JSON-RPC writes it.</summary>
    public override string ToString() => _text ?? "latest";
}

/// <summary>
/// The logs that are wanted: a block range, or one block by hash; contracts; topics by position (null: any).
/// </summary>
public sealed record LogFilter(BlockTag From = default, BlockTag To = default)
{
    /// <summary>The contracts; none means all.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>For each topic position the accepted values; an empty or null list accepts all.</summary>
    public IReadOnlyList<IReadOnlyList<Hash32>?> Topics { get; init; } = [];

    /// <summary>
    /// One block by its hash instead of the range: logs of an orphan are then never mistaken for another's.
    /// </summary>
    public Hash32? BlockHash { get; init; }
}

/// <summary>A call to a contract that changes nothing.</summary>
public sealed record CallRequest(Address To, ReadOnlyMemory<byte> Data)
{
    /// <summary>The caller, as the contract sees it.</summary>
    public Address? From { get; init; }

    /// <summary>The wei that go along.</summary>
    public UInt256 Value { get; init; }

    /// <summary>The most gas, where the node's own limit is not meant.</summary>
    public ulong? Gas { get; init; }
}
