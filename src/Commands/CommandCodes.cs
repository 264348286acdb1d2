// The names of the reasons for which a command does not happen. Clients see them as codes; stored; never rename.
namespace EventSourced.Commands;

/// <summary>Codes of commands that did not happen.</summary>
public static class CommandCodes
{
    /// <summary>The deadline passed.</summary>
    public const string Expired = "Expired";

    /// <summary>The contract reverted in the block.</summary>
    public const string Reverted = "Reverted";

    /// <summary>The node refuses the transaction whatever its fee and nonce.</summary>
    public const string RefusedByNode = "RefusedByNode";

    /// <summary>Another transaction of the same account used the nonce of a raw transaction.</summary>
    public const string NonceUsed = "NonceUsed";
}
