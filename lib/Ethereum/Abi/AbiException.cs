// The fault of bytes or values that break the rules of the ABI: expected, found, where.
namespace EventSourced.Ethereum.Abi;

/// <summary>A violation of the contract ABI, and where it stands.</summary>
public sealed class AbiException(string expected, string found, string where)
    : FormatException($"expected {expected}, found {found}, at {where}")
{
    /// <summary>The expected.</summary>
    public string Expected { get; } = expected;

    /// <summary>The found.</summary>
    public string Found { get; } = found;

    /// <summary>The path of the value, or the byte.</summary>
    public string Where { get; } = where;
}
