// What the ABI codec says when bytes or values break its rules: expected, found, where.
namespace EventSourced.Ethereum.Abi;

/// <summary>A violation of the contract ABI, and where it stands.</summary>
public sealed class AbiException(string expected, string found, string where)
    : FormatException($"expected {expected}, found {found}, at {where}")
{
    /// <summary>What was expected.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was found instead.</summary>
    public string Found { get; } = found;

    /// <summary>The path of the value, or the byte.</summary>
    public string Where { get; } = where;
}
